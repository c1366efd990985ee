"""Leaving quickly: from the page, by keyboard, and out of a council's page, with nothing left behind."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import OPEN_ROOTS
from tests.page.fake_chat import FakeChat, Running
from tests.page.journey import send, start

pytestmark = pytest.mark.browser

NOTHING = "JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"

BARE_FRAME = """address => {
  const frame = document.createElement("iframe");
  frame.src = address + "/embedded";
  frame.setAttribute("style", "display: block !important");
  document.body.append(frame);
}"""


def gone(page: Page) -> bool:
    """Whether the dull page is shown and the tab remembers nothing."""
    page.wait_for_url("**/dull")
    return bool(page.evaluate(NOTHING) == '[{},{},""]')


def test_the_button_leaves_and_nothing_stays(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    send(page, "a canary sings")
    page.click("#leave")
    assert gone(page)
    assert chat.was_left.wait(5)
    assert chat.left == ["token-of-a-test"]


def test_back_and_forward_show_nothing_of_the_chat(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(f"{running.address}/dull?before")
    start(page, running.address)
    send(page, "a canary sings")
    page.click("#leave")
    assert gone(page)
    page.go_back()
    assert "before" in page.url
    page.go_forward()
    page.wait_for_url("**/dull")
    assert "canary" not in page.content()


def test_the_screen_is_blank_before_anything_else_happens(page: Page, running: Running, chat: FakeChat) -> None:
    # an answer without content leaves the browser where it is
    page.route("**/dull", lambda route: route.fulfill(status=204))
    start(page, running.address)
    send(page, "a canary sings")
    page.click("#leave")
    expect(page.locator("body > .blank")).to_be_visible()
    assert page.locator("body > *").count() == 1
    assert page.locator(".blank").get_attribute("role") == "alert"
    assert page.evaluate("getComputedStyle(document.querySelector('.blank')).position") == "fixed"


def test_shift_three_times_leaves_and_counts_aloud(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.keyboard.press("Shift")
    expect(page.locator("#presses")).to_contain_text("2 more times")
    page.keyboard.press("Shift")
    expect(page.locator("#presses")).to_contain_text("1 more time")
    page.keyboard.press("Shift")
    assert gone(page)


def test_capital_letters_and_slow_presses_do_not_leave(page: Page, running: Running, chat: FakeChat) -> None:
    page.clock.install()
    start(page, running.address)
    page.focus("#box")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    for _ in range(3):
        page.keyboard.press("Shift")
        page.clock.run_for(5100)
    expect(page.locator("#presses")).to_contain_text("still here")
    assert page.input_value("#box") == "ABCD"


def test_a_panel_has_its_own_way_out(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.click("#tell-open")
    page.click("#tell [data-leave]")
    assert gone(page)


def test_shift_works_inside_a_panel(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.click("#menu-open")
    page.keyboard.press("Shift")
    expect(page.locator("#menu #presses")).to_contain_text("2 more times")
    for _ in range(2):
        page.keyboard.press("Shift")
    assert gone(page)


def test_leaving_from_a_councils_page_takes_that_page_away_too(page: Page, running: Running, chat: FakeChat) -> None:
    page.add_init_script(OPEN_ROOTS)
    page.goto(running.host)
    page.get_by_role("button", name="Have your say").click()
    frame = page.frame_locator("iframe")
    frame.locator("#start-button").click()
    frame.locator(".choice").first.wait_for()
    frame.locator("#leave").click()
    page.wait_for_url(f"{running.address}/dull")
    assert chat.was_left.wait(5)
    assert chat.left == ["token-of-a-test"]


def test_a_frame_without_our_script_around_it_still_goes_blank(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(running.host)
    page.evaluate(BARE_FRAME, running.address)
    frame = page.frame_locator("iframe")
    frame.locator("#leave").click()
    # on a busy machine the other page takes its time
    expect(frame.locator("h1")).to_have_text("Weather", timeout=20_000)
