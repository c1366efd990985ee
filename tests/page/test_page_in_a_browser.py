"""The chat as a young person uses it: by thumb, by keyboard, on a bad line, and coming back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.page.fake_chat import CODE, FakeChat, Running
from tests.page.journey import LIVE, send, start

pytestmark = pytest.mark.browser

NASTY = [
    '<img src=x onerror="document.title=1">',
    "<script>document.title=1</script>",
    "</script><b>bold</b>",
    "\u202eright to left",
    '"><svg onload=document.title=1>',
]


def focused(page: Page) -> Any:
    """The id of what has the focus, or its class."""
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def test_a_join_link_fills_in_its_code_and_leaves_no_trace_in_the_address(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(f"{running.address}/#join=K7MP-4QTX")
    expect(page.locator("#join")).to_have_value("K7MP-4QTX")
    expect(page.locator("#join")).to_be_visible()
    assert "join" not in page.url


def test_the_whole_review_by_keyboard_alone(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(running.address)
    while focused(page) != "start-button":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(LIVE)
    assert focused(page) == "box"
    page.locator(LIVE).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 of 9")
    assert focused(page) == "choices"
    for key in ("Tab", "Space", "Tab", "Space"):
        page.keyboard.press(key)
    page.locator(".done:not([disabled])").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 of 9")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=3 of 9")
    assert focused(page) == "box"
    page.keyboard.type("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kind-summary")
    assert focused(page) == "box"
    assert [set(body) - {"id"} for body in chat.arrived] == [{"choice"}, {"choices"}, {"choice"}, {"text"}]
    assert len(chat.arrived[1]["choices"]) == 2
    assert chat.arrived[3]["text"] == "first line\nsecond line"


def test_a_double_click_sends_once(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.locator(LIVE).first.dblclick()
    page.wait_for_selector("text=1 of 9")
    page.fill("#box", "only once")
    page.locator("#send").dblclick()
    expect(page.locator("#box")).to_have_value("")
    assert len(chat.arrived) == 2


def test_words_that_did_not_send_stay_and_go_again_under_the_same_id(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.hang_up = True
    page.fill("#box", "please keep this")
    page.press("#box", "Enter")
    page.wait_for_selector("#unsent:not([hidden])")
    assert page.input_value("#box") == "please keep this"
    assert focused(page) == "box"
    page.click("#again")
    expect(page.locator("#box")).to_have_value("")
    assert page.locator("#unsent").is_hidden()
    first, second = chat.arrived
    assert first == second
    assert page.locator(".from-me").count() == 1


def test_changed_words_are_a_new_message(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.hang_up = True
    page.fill("#box", "please keep this")
    page.press("#box", "Enter")
    page.wait_for_selector("#unsent:not([hidden])")
    send(page, "please keep this too")
    first, second = chat.arrived
    assert first["id"] != second["id"]


def test_a_choice_that_did_not_send_can_be_sent_again(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.refuse = 503
    page.locator(LIVE).first.click()
    page.click("#again")
    page.wait_for_selector("text=1 of 9")
    assert page.locator(".choice.is-picked").count() == 1


def test_the_box_says_that_it_thinks_in_words(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.wait = 1
    page.fill("#box", "hello")
    page.press("#box", "Enter")
    expect(page.locator("#status")).to_have_text("Thinking…")
    assert page.locator("#send").is_disabled()
    expect(page.locator("#status")).to_have_text("")
    assert page.locator("#send").is_enabled()


def test_old_choices_close_and_a_stale_one_is_explained(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.transcript[-1]["choices"] = []
    page.locator(LIVE).first.click()
    expect(page.locator("#unsent-words")).to_have_text("That button is from before.")
    assert page.locator("#again").is_hidden()
    assert page.locator(LIVE).count() == 0


def test_after_a_reload_the_server_says_what_can_still_be_pressed(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.say("worker")
    chat.say("score")
    page.reload()
    page.wait_for_selector("text=2 of 9")
    assert page.locator(".from-worker .choice:not([disabled])").count() == 3
    assert page.locator(LIVE).count() == 3 + 5
    for message in chat.transcript:
        message["open"] = False
    page.reload()
    page.wait_for_selector("text=2 of 9")
    assert page.locator(LIVE).count() == 0
    assert page.locator("#controls").is_hidden()


def test_telling_someone_works_when_the_chat_here_has_ended(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.token = None
    page.click("#tell-open")
    page.fill("#tell-box", "please come")
    page.click("#tell-send")
    page.wait_for_selector("#log .kind-safety")
    assert [body["text"] for body in chat.arrived] == ["please come"]


def test_when_telling_fails_it_says_so_and_the_numbers_are_there(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.route("**/chat/tell-someone", lambda route: route.abort())
    page.click("#tell-open")
    page.click("#tell-send")
    expect(page.locator("#tell-wrong")).not_to_have_text("")
    assert page.locator("#tell a[href='tel:08001111']").first.is_visible()


def test_words_are_shown_as_words_whatever_they_are(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    for words in NASTY:
        send(page, words)
        assert page.locator(".from-me .words").last.text_content() == words
    chat.say("worker")
    chat.transcript[-1]["text"] = NASTY[0]
    page.reload()
    page.wait_for_selector(".from-worker")
    assert page.locator(".from-worker .words").text_content() == NASTY[0]
    assert page.title() == "Chat"
    assert page.locator("#log script, #log b, #log svg[onload], #log img:not(.picture)").count() == 0


def test_a_late_answer_comes_by_itself_and_leaves_the_focus_alone(page: Page, running: Running, chat: FakeChat) -> None:
    page.clock.install()
    start(page, running.address)
    chat.hold = True
    send(page, "is anyone there")
    assert page.locator(".held").count() == 1
    chat.hold = False
    chat.say("words")
    page.fill("#box", "half a thou")
    page.clock.run_for(16_000)
    page.wait_for_selector("text=3 of 9")
    assert page.locator(".held").count() == 0
    assert focused(page) == "box"
    assert page.input_value("#box") == "half a thou"


def test_only_danger_interrupts_and_only_when_it_is_new(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    log = page.locator("#log")
    assert log.get_attribute("role") == "log"
    assert page.locator("#log [role=alert]").count() == 0
    send(page, "i am scared")
    page.wait_for_selector("#log [role=alert] .help-list")
    page.reload()
    page.wait_for_selector("#log .help-list")
    assert page.locator("#log [role=alert]").count() == 0


def test_telling_someone_needs_no_chat_first_and_no_words(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(running.address)
    page.click("#tell-open")
    page.click("#tell-send")
    page.wait_for_selector("#log .kind-safety")
    assert [set(body) for body in chat.arrived] == [{"id"}]
    assert page.locator("#tell").is_hidden()


def test_a_code_brings_the_chat_back_and_a_wrong_one_says_so(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    send(page, "remember me")
    page.click("#menu-open")
    page.click("#finish-open")
    page.click("#finish-button")
    expect(page.locator("#start-notice")).not_to_have_text("")
    assert page.locator("#log").text_content() == ""
    assert page.evaluate("sessionStorage.length") == 0
    page.click("#resume-fold summary")
    page.fill("#resume", "NOPE")
    page.press("#resume", "Enter")
    expect(page.locator("#resume-wrong")).to_contain_text("I don't know that code")
    assert focused(page) == "resume"
    page.fill("#resume", CODE.lower())
    page.press("#resume", "Enter")
    expect(page.locator(".from-me .words")).to_have_text("remember me")


def test_a_wrong_joining_code_is_said_where_it_is_typed(page: Page, running: Running, chat: FakeChat) -> None:
    page.goto(running.address)
    page.click("#join-fold summary")
    page.fill("#join", "WRONG")
    page.click("#start-button")
    expect(page.locator("#join-wrong")).to_contain_text("I don't know that code")
    assert focused(page) == "join"


def test_a_closed_chat_keeps_the_words_that_were_not_sent(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    chat.token = None
    page.fill("#box", "not sent yet")
    page.press("#box", "Enter")
    page.wait_for_selector("#start-notice:not([hidden])")
    assert page.input_value("#box") == "not sent yet"


def test_only_a_token_is_kept_on_the_device(context: BrowserContext, page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    send(page, "a canary sings")
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert kept == '[{"chat":"token-of-a-test"},{},""]'
    assert context.cookies() == []


def test_reading_aloud_uses_a_voice_of_the_device_and_stops(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    button = page.locator(".read").first
    button.click()
    assert page.evaluate("speechSynthesis.said[0][0]") == "here"
    expect(button).to_have_text("Stop reading")
    button.click()
    expect(button).to_have_text("Read aloud")
    assert page.evaluate("speechSynthesis.said.length") == 1


def test_the_style_can_change_in_the_middle(page: Page, running: Running, chat: FakeChat) -> None:
    start(page, running.address)
    page.click("#menu-open")
    page.click("#style-switch")
    page.wait_for_selector("html[data-style=easy] .choice:not([disabled])")
    assert chat.style == "easy"
    page.reload()
    page.wait_for_selector("html[data-style=easy] .choice:not([disabled])")
