"""One walk through everything the page can show, for the checks that hold everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.page.fake_chat import FakeChat

LIVE = ".choice:not([disabled])"


def start(page: Page, address: str, *, easy: bool = False) -> None:
    """Opens the page and starts a chat."""
    page.goto(address)
    if easy:
        page.locator("input[value=easy]").check()
    page.click("#start-button")
    page.wait_for_selector(LIVE)


def send(page: Page, text: str) -> None:
    """Types and sends, and waits until the box is empty again."""
    page.fill("#box", text)
    page.press("#box", "Enter")
    expect(page.locator("#box")).to_have_value("")


def states(page: Page, chat: FakeChat, address: str, *, easy: bool = False) -> Iterator[str]:
    """Shows one state of the page after another; yields the name of each."""
    page.goto(address)
    if easy:
        page.locator("input[value=easy]").check()
    yield "the first screen"
    for fold in ("#join-fold", "#resume-fold"):
        page.click(f"{fold} summary")
    page.fill("#resume", "WRONG")
    page.press("#resume", "Enter")
    page.wait_for_selector("#resume-wrong:not(:empty)")
    yield "a code nobody knows"
    page.click("#start-button")
    page.wait_for_selector(LIVE)
    yield "hello"
    page.locator(LIVE).first.click()
    page.wait_for_selector(".done:not(:empty)")
    page.locator(LIVE).nth(1).click()
    yield "several to pick"
    page.click(".done:not([disabled])")
    page.wait_for_selector("text=2 of 9")
    yield "a question with faces"
    page.locator(LIVE).nth(2).click()
    page.wait_for_selector("text=3 of 9")
    page.click("#controls-more")
    yield "all controls"
    send(page, "I want Mr Pretend to listen.")
    yield "the summary"
    page.locator(LIVE).first.click()
    page.wait_for_selector(".kind-notice >> text=K7MP")
    chat.say("worker")
    page.reload()
    page.wait_for_selector(".from-worker")
    yield "a worker's reply"
    send(page, "i am scared")
    page.wait_for_selector(".kind-safety .help-list")
    yield "the safety card"
    chat.refuse = 503
    page.fill("#box", "this does not send")
    page.click("#send")
    page.wait_for_selector("#unsent:not([hidden])")
    yield "a message that did not send"
    for panel in ("tell", "menu"):
        page.click(f"#{panel}-open")
        yield f"the panel {panel}"
        page.keyboard.press("Escape")
    for panel in ("code", "finish"):
        page.click("#menu-open")
        page.click(f"#{panel}-open")
        page.wait_for_selector(f"#{panel} .code-shown:not(:empty)")
        yield f"the panel {panel}"
        page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("Shift")
    page.wait_for_selector(".presses.is-shown")
    yield "two of three presses"
