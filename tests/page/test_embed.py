"""The chat on a council's page: one tag, and not a word for that page's own scripts."""

from __future__ import annotations

import urllib.parse

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.page.conftest import OPEN_ROOTS
from tests.page.fake_chat import FakeChat, Running
from tests.page.test_page_for_everyone import complaints

pytestmark = pytest.mark.browser

FRAME = "document.body.lastElementChild.shadowRoot.querySelector('iframe')"


def council(page: Page, running: Running, options: str = "") -> None:
    """Opens the council's page with these attributes on the tag."""
    page.add_init_script(OPEN_ROOTS)
    page.goto(f"{running.host}/?{urllib.parse.urlencode({'options': options})}")


def opened(page: Page) -> FrameLocator:
    """Opens the chat and starts it."""
    page.get_by_role("button", name="Have your say").click()
    frame = page.frame_locator("iframe")
    frame.locator("#start-button").click()
    frame.locator(".choice").first.wait_for()
    return frame


def test_the_councils_scripts_cannot_read_a_word(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(running.host)
    page.evaluate("window.heard = []; addEventListener('message', e => void heard.push(JSON.stringify(e.data)))")
    for key in ("Tab", "Tab"):
        page.keyboard.press(key)
    with page.expect_event("frameattached") as attached:
        page.keyboard.press("Enter")
    frame = attached.value
    frame.click("#start-button")
    frame.wait_for_selector(".choice")
    frame.fill("#box", "a canary sings")
    frame.press("#box", "Enter")
    frame.wait_for_selector(".from-me")
    assert page.evaluate("document.querySelector('iframe')") is None
    assert page.evaluate("[...document.body.children].map(e => e.shadowRoot).filter(Boolean).length") == 0
    assert page.evaluate("window.length") == 0
    assert page.evaluate("heard") == []
    assert "canary" not in page.content()


def test_even_a_script_that_gets_at_the_frame_cannot_look_inside(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    opened(page)
    assert page.evaluate(f"{FRAME}.contentDocument") is None
    assert (
        page.evaluate(f"(() => {{ try {{ return {FRAME}.contentWindow.document }} catch (e) {{ return e.name }} }})()") == "SecurityError"
    )


def test_the_frame_may_do_little(context: BrowserContext, page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    opened(page)
    frame = next(frame for frame in page.frames if frame.parent_frame)
    element = frame.frame_element()
    assert element.get_attribute("sandbox") == "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
    assert element.get_attribute("allow") == ""
    assert element.get_attribute("referrerpolicy") == "no-referrer"
    assert frame.url == f"{running.address}/embedded"


def test_escape_and_close_give_the_focus_back(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    frame = opened(page)
    frame.locator("#box").press("Escape")
    launcher = page.get_by_role("button", name="Have your say")
    expect(launcher).to_be_focused()
    assert launcher.get_attribute("aria-expanded") == "false"
    launcher.click()
    frame.locator("#frame-close").click()
    expect(launcher).to_be_focused()
    assert frame.locator(".choice").count() > 0


def test_it_fills_a_phone_and_is_a_panel_on_a_desktop(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    opened(page)
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.set_viewport_size({"width": 1280, "height": 900})
    council(page, running)
    page.get_by_role("button", name="Have your say").click()
    page.frame_locator("iframe").locator(".choice").first.wait_for()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] < 450
    assert box["x"] > 800
    assert box["y"] > 80


def test_the_councils_styles_do_not_leak_in(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    launcher = page.get_by_role("button", name="Have your say")
    assert launcher.evaluate("e => getComputedStyle(e).fontSize") == "17px"
    opened(page)
    assert page.locator("iframe").is_visible()


def test_words_from_another_window_are_ignored(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    opened(page)
    page.evaluate("window.postMessage({sayso: 'leave', to: 'https://elsewhere.example/'}, '*')")
    page.evaluate(f"{FRAME}.contentWindow.postMessage({{sayso: 'leave'}}, '*')")
    assert page.locator("iframe").is_visible()
    assert page.url.startswith(running.host)


def test_a_council_picks_words_colour_side_and_its_own_link(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running, 'data-label="Talk to us" data-colour="#ffee00" data-position="left"')
    launcher = page.get_by_role("button", name="Talk to us")
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100
    assert launcher.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]") == [
        "rgb(255, 238, 0)",
        "rgb(16, 49, 47)",
    ]
    council(page, running, 'data-open-from="#own"')
    assert page.get_by_role("button", name="Have your say").count() == 0
    page.click("#own")
    assert page.locator("iframe").is_visible()
    page.frame_locator("iframe").locator("#frame-close").click()
    expect(page.locator("#own")).to_be_focused()


def test_a_colour_nobody_can_read_on_is_not_used(page: Page, running: Running, chat: FakeChat) -> None:
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    for colour in ("#777f80", "red", "#123"):
        council(page, running, f'data-colour="{colour}"')
        launcher = page.get_by_role("button", name="Have your say")
        assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(13, 92, 99)"
    assert len(warned) == 3


def test_the_councils_page_stays_accessible(page: Page, running: Running, chat: FakeChat) -> None:
    council(page, running)
    assert complaints(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    opened(page)
    assert complaints(page) == []
