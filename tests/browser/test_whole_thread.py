"""The job Sayso is for, done by people in browsers: a young person prepares for their review on a council's page, a worker
reads and answers at the desk, and the young person comes back on another device and sees the answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.conftest import PASSWORD, Town

pytestmark = [pytest.mark.browser, pytest.mark.stack]

AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CODE = re.compile(r"(?<![\w-])[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}(?![\w-])")
OPENING = "my review is on tuesday and i dont want my dad there"
LIVE = ".choice:not([disabled])"
MINE = "#log .from-me"


def faults(page: Page | Frame) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE)
    violations = page.evaluate("async rules => (await axe.run(document, {runOnly: rules})).violations", RULES)
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in violations]


def visitor(chromium: Browser, width: int = 390, height: int = 844) -> BrowserContext:
    """A device of somebody's. Our page lets no script in; the check is one."""
    context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=True)
    context.set_default_timeout(20_000)
    return context


def chat_on_the_councils_page(context: BrowserContext, town: Town) -> Frame:
    """Opens the chat with the keyboard, as anybody could: the button is the first thing after the page's own links."""
    page = context.new_page()
    page.goto(town.council)
    assert faults(page) == []
    with page.expect_event("frameattached") as attached:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.shadowRoot === null && document.activeElement.parentElement === document.body"):
                page.keyboard.press("Enter")
                break
    frame = attached.value
    frame.wait_for_selector("#start-button")
    return frame


def answers(chat: Frame, text: str | None = None, press: str | None = None) -> None:
    """Types or presses, and waits until the question that follows can be answered."""
    before = chat.locator(MINE).count()
    if text is not None:
        chat.fill("#box", text)
        chat.press("#box", "Enter")
    else:
        chat.get_by_role("button", name=press, exact=True).last.click()
    # the answer comes with the message: both are there, or neither
    expect(chat.locator(MINE)).to_have_count(before + 1, timeout=20_000)
    expect(chat.locator("#send")).to_be_enabled()


def to_the_read_back(chat: Frame) -> None:
    """Skips what is left, and says who it is for and who should not see it."""
    for _ in range(40):
        question = chat.locator(".kind-question").last.inner_text()
        if "Is it how you want it?" in question:
            return
        if "Who should read it?" in question:
            chat.get_by_role("button", name="My social worker", exact=True).last.click()
            answers(chat, press="Done")
        elif "Is there anyone who should not see it?" in question:
            chat.get_by_role("button", name="My mum or dad", exact=True).last.click()
            answers(chat, press="Done")
        elif "What do you want to happen?" in question:
            answers(chat, text="please tell my dad i want it to be just me and nan")
        elif "carry on or" in question:
            answers(chat, press="I have said enough")
        else:
            answers(chat, press="Skip")
    pytest.fail("the read-back never came")


def prepares_the_review(chromium: Browser, town: Town) -> str:
    """The young person's part; returns the code to come back."""
    chat = chat_on_the_councils_page(visitor(chromium), town)
    assert faults(chat) == []
    chat.click("#join-fold summary")
    chat.fill("#join", town.join_code)
    chat.click("#start-button")
    chat.wait_for_selector(LIVE)
    answers(chat, text=OPENING)
    answers(chat, press="Yes, let's do that")
    # the day and the wish about dad were said already
    answers(chat, press="Yes")
    answers(chat, press="Worried")
    to_the_read_back(chat)
    expect(chat.locator(".kind-summary").filter(has_text=OPENING).first).to_be_visible()
    assert faults(chat) == []
    answers(chat, press="Yes, that is right")
    answers(chat, press="Send it")
    expect(chat.locator(".kind-notice").filter(has_text="Ash Fernwood").last).to_be_visible()
    code = CODE.search(chat.locator("body").inner_text())
    assert code is not None
    chat.page.context.close()
    return code[0]


def reads_and_answers(chromium: Browser, town: Town) -> None:
    """The worker's part."""
    page = visitor(chromium, 1280, 900).new_page()
    page.goto(town.desk)
    page.get_by_label("E-mail").fill("ash@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{town.desk}/inbox/mine")
    assert faults(page) == []
    page.get_by_role("link", name="Robin Example").click()
    statement = page.get_by_role("main")
    expect(statement).to_contain_text(OPENING)
    expect(statement).to_contain_text("please tell my dad i want it to be just me and nan")
    expect(statement).to_contain_text("My mum or dad")
    assert not CODE.search(page.content()), "the way back is the young person's own"
    assert faults(page) == []
    page.get_by_label("word for word").fill("I will talk to your dad before Tuesday, and I have asked your nan to come.")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("main")).to_contain_text("I have asked your nan to come")
    page.context.close()


def comes_back(chromium: Browser, town: Town, code: str) -> None:
    """The young person on another device, with nothing but the code."""
    page = visitor(chromium, 1280, 900).new_page()
    page.goto(town.stack.address)
    page.click("#resume-fold summary")
    page.fill("#resume", code.lower().replace("-", " "))
    page.press("#resume", "Enter")
    log = page.get_by_role("log")
    expect(log).to_contain_text(OPENING)
    expect(log).to_contain_text("Ash Fernwood read what you sent")
    expect(log).to_contain_text("I have asked your nan to come")
    assert faults(page) == []
    page.get_by_role("button", name="Yes", exact=True).last.click()
    expect(page.locator("#send")).to_be_enabled()
    page.context.close()


def test_from_the_councils_page_to_the_desk_and_back(chromium: Browser, town: Town) -> None:
    code = prepares_the_review(chromium, town)
    reads_and_answers(chromium, town)
    comes_back(chromium, town, code)
    page = visitor(chromium, 1280, 900).new_page()
    page.goto(town.desk)
    page.get_by_label("E-mail").fill("ash@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{town.desk}/inbox/all")
    page.get_by_role("link", name="Robin Example").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("helped", re.IGNORECASE))
    page.context.close()
