"""What holds for every state of the page: WCAG 2.2 AA by axe, targets a thumb can hit, no sideways scrolling, no other origin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.page.conftest import ROOT, VOICE
from tests.page.fake_chat import FakeChat, Running
from tests.page.journey import states

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "light on a phone": {"viewport": {"width": 390, "height": 844}},
    "dark on a desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "easy on a phone": {"viewport": {"width": 390, "height": 844}},
    "easy and dark on a narrow phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "a desktop at 400 %": {"viewport": {"width": 320, "height": 256}},
}

TARGETS = """() => [...document.querySelectorAll("button, a[href], summary, textarea, .code-box, .option")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.matches(".skip"))
  .filter((e) => !document.querySelector("dialog[open]") || e.closest("dialog[open]"))
  .map((e) => [e.id || e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9).map(([name, box]) => `${name} ${box.width}x${box.height}`)"""

OVERFLOW = """() => [document.documentElement, ...document.querySelectorAll("#log, dialog[open]")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.id || e.tagName)"""


def complaints(page: Page) -> list[str]:
    """What axe finds, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}).then(r => r.violations)", RULES
    )
    return [f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:300]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_of_the_page_is_accessible_and_fits(chromium: Browser, running: Running, chat: FakeChat, look: str) -> None:
    context = chromium.new_context(reduced_motion="reduce", **LOOKS[look])
    context.add_init_script(VOICE)
    page = context.new_page()
    wrong: dict[str, Any] = {}
    for state in states(page, chat, running.address, easy=look.startswith("easy")):
        found = {"axe": complaints(page), "too small": page.evaluate(TARGETS), "too wide": page.evaluate(OVERFLOW)}
        wrong |= {f"{state}, {what}": names for what, names in found.items() if names}
    context.close()
    assert not wrong, json.dumps(wrong, indent=1)


def test_nothing_is_asked_of_another_origin_and_nothing_is_refused(
    context: BrowserContext, page: Page, running: Running, chat: FakeChat
) -> None:
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for _ in states(page, chat, running.address):
        pass
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(running.address).netloc}
    refused_on_purpose = [line for line in said if "503" in line or "404" in line]
    assert said == refused_on_purpose


def test_nothing_moves_for_those_who_asked_for_that(page: Page, running: Running, chat: FakeChat) -> None:
    for state in states(page, chat, running.address):
        assert page.evaluate("document.getAnimations().length") == 0, state


def test_the_ways_to_a_person_and_out_never_move(page: Page, running: Running, chat: FakeChat) -> None:
    places = set()
    for state in states(page, chat, running.address):
        if not state.startswith("the panel"):
            places.add(json.dumps([page.locator(name).bounding_box() for name in ("#tell-open", "#leave")]))
    assert len(places) == 1


def test_the_page_of_help_numbers_reads_without_scripts(chromium: Browser, running: Running) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(running.address)
    assert page.locator("#start-heading").is_visible()
    assert page.locator("a[href='tel:08001111']").first.is_visible()
    assert page.locator("a[href='sms:85258?&body=SHOUT']").first.is_visible()
    assert page.locator("#leave").get_attribute("href") == "/dull"
    assert page.locator(".notice.without-script").is_visible()
    assert not page.locator("#start-form").is_visible()
    context.close()


def test_the_two_dark_palettes_are_one() -> None:
    """CSS cannot name a palette once for "the system is dark" and for "dark was chosen here"."""
    sheet = (Path(ROOT) / "bot/page/static/colours.css").read_text(encoding="utf-8")
    system = sheet.split(':root:not([data-colours="light"]) {')[1].split("}")[0].split()
    chosen = sheet.split(':root[data-colours="dark"] {')[1].split("}")[0].split()
    assert system == chosen
