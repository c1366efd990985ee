"""The desk in a real browser: accessible on every page, on a phone too, and by keyboard alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from desk.app import create_app
from ops.demo import fill_with
from records import database
from records.database import unit_of_work
from records.migrating import prepare
from records.settings import settings
from tests.conftest import NOW, forget

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"desktop": (1280, 900), "phone": (390, 844), "narrowest": (320, 640)}
PAGES = ["/", "/inbox/mine", "/inbox/unassigned", "/inbox/all", "/inbox/done", "/flags", "/young-people", "/young-people/new"]
PAGES += ["/sample", "/screening", "/history", "/workers", "/me/password", "/nothing-here"]


@dataclass(frozen=True)
class Served:
    """A desk that listens, with the demo in it."""

    address: str
    password: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real desk on a free port."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYSO_DATA_DIR", str(tmp_path_factory.mktemp("desk")))
        forget()
        prepare()
        with unit_of_work() as work:
            filled = fill_with(work, NOW, settings().root)
            work.commit()
        server = uvicorn.Server(uvicorn.Config(create_app(settings(), clock=lambda: NOW), port=0, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(f"http://127.0.0.1:{port}", filled.password)
        server.should_exit = True
        thread.join(10)
        database.engine().dispose()
        forget()


def signed_in(chromium: Browser, served: Served, who: str = "max", *, size: str = "desktop", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    # the page's policy lets no script in, ours for the check included
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    )
    page = context.new_page()
    page.goto(served.address)
    page.get_by_label("E-mail").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill(served.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    return page


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules})).violations"
        ".map(fault => fault.id + ' ' + fault.nodes.map(node => node.target).join(' | '))",
        RULES,
    )
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than the screen")
    return [f"{page.url}: {fault}" for fault in found]


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark"), ("narrowest", "light")])
def test_axe_finds_nothing_on_any_page(chromium: Browser, served: Served, size: str, scheme: str) -> None:
    page = signed_in(chromium, served, size=size, scheme=scheme)
    found = []
    for path in PAGES:
        page.goto(served.address + path)
        found += faults(page)
    for listing in ("/inbox/all", "/flags", "/sample", "/young-people"):
        page.goto(served.address + listing)
        links = page.locator(".row-link").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        for link in links[:4] if listing == "/young-people" else links:
            page.goto(served.address + link)
            found += faults(page)
    page.get_by_role("button", name="join code").click()
    page.locator(".join-code").wait_for()
    found += faults(page)
    page.context.clear_cookies()
    page.goto(served.address)
    found += faults(page)
    page.context.close()
    assert found == []


def test_axe_finds_nothing_on_the_steps_of_a_match(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served, "dee")
    page.goto(served.address + "/inbox/unassigned")
    page.get_by_role("link", name="Not matched yet").first.click()
    page.get_by_role("link", name="Match it by two identifiers").click()
    found = faults(page)
    for identifier in ("nobody has this", "DEMO-0001"):
        page.locator("#name").fill("Robin Example (demo)")
        page.locator("#identifier").fill(identifier)
        page.locator("#identifier").press("Enter")
        page.wait_for_load_state("load")
        page.locator(".fault" if identifier == "nobody has this" else "button:has-text('Yes, match it')").wait_for()
        found += faults(page)
    page.context.close()
    assert found == []


def test_a_statement_is_opened_answered_and_left_by_keyboard_alone(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served, "priya")
    page.goto(served.address + "/inbox/mine")
    link = page.get_by_role("link", name="Wren Placeholder")
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What I want to happen")).to_be_visible()
    box = page.get_by_label("The young person reads this")
    for _ in range(60):
        page.keyboard.press("Tab")
        if box.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.type("Thank you, Wren. From now on it is every Tuesday at 4.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your reply is in the young person’s chat")).to_be_visible()
    expect(page.locator("li.is-reply")).to_contain_text("every Tuesday at 4")
    page.context.close()


def test_a_flag_is_taken_on_acted_on_and_closed_on_a_phone(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served, "dee", size="phone")
    page.goto(served.address + "/flags")
    # a danger that is running out of time stands above everything that is not
    expect(page.locator(".row.is-flag").first).to_contain_text("Danger now")
    page.get_by_role("link", name="Finch Makebelieve").click()
    message, take_on = page.locator(".bubble.is-flagged"), page.get_by_role("button", name="I am looking at this")
    assert message.evaluate("one => one.getBoundingClientRect().bottom") < take_on.evaluate("one => one.getBoundingClientRect().top")
    take_on.click()
    expect(page.get_by_text("The clock has stopped.")).to_be_visible()
    page.get_by_label("What did you do?").select_option(label="Spoke to the child")
    page.get_by_label("In a few words").fill("Finch is at a friend's house and goes home with the carer.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("li.is-act")).to_contain_text("Spoke to the child Dee Brightwater")
    page.get_by_label("How did it end?").select_option(label="They are safe")
    page.get_by_label("In your words").fill("Home at 8. Mo rings in the morning.")
    page.get_by_role("button", name="Close the flag").click()
    expect(page.locator(".outcome")).to_contain_text("Home at 8")
    assert faults(page) == []
    page.context.close()


def test_a_message_of_the_sample_is_judged_and_the_next_one_waits(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served, "dee")
    page.goto(served.address + "/sample")
    waiting = page.locator(".row-link")
    before = waiting.count()
    waiting.first.click()
    expect(page.locator(".bubble.is-flagged")).to_contain_text("This one")
    page.get_by_role("button", name="Fine, nothing to flag").click()
    expect(page.get_by_text("It counts as read, with nothing missed.")).to_be_visible()
    assert waiting.count() == before - 1
    page.context.close()


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    pytest.fail("not reached by keyboard")


@pytest.mark.parametrize("size", ["desktop", "narrowest"])
def test_what_an_answer_is_about_is_put_right_by_keyboard_alone(chromium: Browser, served: Served, size: str) -> None:
    page = signed_in(chromium, served, "priya", size=size)
    page.goto(served.address + "/inbox/mine")
    page.get_by_role("link", name="Wren Placeholder").click()
    line = page.locator(".lines > div").filter(has_text="Why").first
    tab_to(page, line.get_by_role("link", name="Put right"))
    page.keyboard.press("Enter")
    topic = page.get_by_label("Being listened to")
    expect(topic).to_be_visible()
    found = faults(page)
    tab_to(page, topic)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Keep this"))
    page.keyboard.press("Enter")
    expect(line.locator(".meaning")).to_contain_text("Priya Larkspur")
    expect(line).to_be_in_viewport()
    found += faults(page)
    page.goto(page.url.replace("#", "").split("?")[0] + "/meaning")
    found += faults(page)
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page)
    page.goto(served.address + "/inbox/all?topic=my_worker&stance=wish")
    expect(page.get_by_text("found")).to_be_visible()
    found += faults(page)
    page.context.close()
    assert found == []


def test_a_line_of_the_statement_leads_to_its_bubble_and_back(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served)
    page.goto(served.address + "/inbox/all")
    page.get_by_role("link", name="Robin Example").click()
    page.locator(".lines .from").nth(3).click()
    bubble = page.locator(".bubble:target")
    expect(bubble).to_be_in_viewport()
    bubble.get_by_role("link", name="In the statement").click()
    expect(page.locator(".lines > div:target")).to_be_in_viewport()
    page.context.close()


def test_going_back_after_signing_out_shows_nothing(chromium: Browser, served: Served) -> None:
    page = signed_in(chromium, served)
    page.goto(served.address + "/young-people")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sayso desk")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Robin Example")).to_have_count(0)
    page.context.close()
