"""What the door lets be said after a flag, in every category and both styles: nothing cheerful, nothing that did not listen,
and the truth about alerts, also later."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from bot.gateway import app as gateway_app
from bot.gateway.app import create_app
from bot.gateway.calm import TURNS
from records import drafts, outbox, unreached
from records.database import unit_of_work
from records.safety_data import load_help
from records.settings import Settings, settings
from records.tables import Conversation, Event, Flag, OutboxRow
from records.wording import load_wording
from tests.bot.gateway.test_gateway import FakeRasa, Visitor
from voice.messages import Bubble, Button
from voice.pathways.walk import Asked, Place
from voice.plain_language import bare, has_emoji
from voice.safeguarding.model import Severity
from voice.safeguarding.screen import CATEGORIES, Attended, Level, Screening
from voice.wording import Style

HELP = load_help(Settings().root)
WORDS = load_wording(Settings().root)
STYLES = pytest.mark.parametrize("style", Style)
Answer = Callable[[dict[str, Any]], httpx.Response]


class FakeScreen:
    """Finds what it is told to find in the words "trouble", and nothing in any others."""

    listens = False

    def __init__(self) -> None:
        self.found = Screening(Level.none, None, (), (), (), softened=False, unscreened=None)

    def finds(self, category: str, severity: Severity) -> None:
        self.found = Screening(severity.level, severity, (category,), (), (), softened=False, unscreened=None)

    def screen(self, text: str, **_: object) -> Screening:
        return self.found if text == "trouble" else replace(self.found, level=Level.none, severity=None, categories=())

    def attend(self, text: str, **_: object) -> Attended:
        return Attended(self.screen(text), None)

    def understand(self, *_: object) -> None:
        return None


def answers(*bubbles: Bubble) -> Answer:
    return lambda _asked: httpx.Response(200, json={"messages": [{"text": one.text, "sayso": one.to_plain()} for one in bubbles]})


MENU = Bubble("What would you like to do?", kind="question", choices=(Button("open:review", "My review"),))
FIVE = tuple(Button(f"answer:score_{number}", str(number)) for number in range(5, 0, -1))
SCORE = Bubble("How is home, from 1 to 5?", kind="question", choices=FIVE, progress=(1, 3))
CHEER = Bubble("We love to hear good things, big or small.")


def not_understood(style: Style) -> list[Bubble]:
    return [Bubble(text) for text in WORDS.bubbles("utter_not_understood", style)]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    fake = FakeScreen()
    monkeypatch.setattr(gateway_app, "load_listening_screen", lambda _root: fake)
    return fake


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def door(installation: Engine, screen: FakeScreen, rasa: FakeRasa) -> Iterator[TestClient]:
    with TestClient(create_app(settings(), rasa.client()), raise_server_exceptions=False) as client:
        yield client


def said(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages if message["from"] == "bot"]


def is_calm(messages: list[dict[str, Any]]) -> bool:
    spoken = [f" {bare(text)} " for text in said(messages)]
    scores = [button for message in messages for button in message.get("choices", ()) if button["label"].strip().isdigit()]
    cheerful = any(f" {phrase} " in text for text in spoken for phrase in HELP.replies.cheerful)
    return not cheerful and not scores and not any(has_emoji(text) for text in said(messages))


@STYLES
def test_in_every_category_nothing_cheerful_and_no_score_follows_the_card(
    door: TestClient, screen: FakeScreen, rasa: FakeRasa, style: Style
) -> None:
    rasa.answer = answers(CHEER, *not_understood(style), SCORE)
    for category in CATEGORIES:
        for severity in Severity:
            screen.finds(category, severity)
            visitor = Visitor(door, style=style.value)
            shown = visitor.says("trouble").json()["messages"]
            assert shown[1]["kind"] == "safety", (category, severity)
            assert is_calm(shown), (category, severity)
            assert not set(said(shown)) & {bubble.text for bubble in not_understood(style)}
            if severity.level is Level.urgent:
                after = visitor.presses(shown[-1]["choices"][0]["id"]).json()["messages"]
                assert is_calm(after), (category, severity)
                assert not rasa.asked
            rasa.asked.clear()


@STYLES
@pytest.mark.parametrize("severity", [Severity.S2, Severity.S3])
def test_for_three_turns_it_is_not_said_that_sayso_did_not_understand(
    door: TestClient, screen: FakeScreen, rasa: FakeRasa, style: Style, severity: Severity
) -> None:
    rasa.answer = answers(*not_understood(style), MENU)
    screen.finds("neglect", severity)
    visitor = Visitor(door, style=style.value)
    shown = visitor.says("trouble").json()["messages"]
    if severity is Severity.S2:
        after = visitor.presses(shown[-1]["choices"][0]["id"]).json()["messages"]
        visitor.presses(after[-1]["choices"][1]["id"])
    turns = [said(visitor.says(f"mumble {turn}").json()["messages"]) for turn in range(TURNS + 1)]
    fallback = not_understood(style)[0].text
    # the yes and the wish to keep talking are turns too
    quiet = TURNS - 2 if severity is Severity.S2 else TURNS
    assert not any(fallback in texts for texts in turns[:quiet])
    assert fallback in turns[quiet]
    assert all(texts for texts in turns)
    # what was dropped is not passed over in silence
    assert turns[quiet - 1][0] == HELP.replies.kept.in_style(style)


def test_a_score_that_would_come_right_after_a_worry_comes_when_it_is_wanted(door: TestClient, screen: FakeScreen, rasa: FakeRasa) -> None:
    rasa.answer = answers(SCORE)
    screen.finds("bullying", Severity.S3)
    visitor = Visitor(door)
    shown = visitor.says("trouble").json()["messages"]
    assert shown[-1]["text"] == HELP.replies.what_now.standard
    asked = visitor.presses(shown[-1]["choices"][0]["id"]).json()["messages"]
    assert rasa.asked[-1]["text"] == '/choose{"choice": "after:on"}'
    assert asked[-1]["text"] == SCORE.text


def test_without_a_flag_an_answer_stays_as_it_is(door: TestClient, rasa: FakeRasa) -> None:
    rasa.answer = answers(CHEER, *not_understood(Style.standard), SCORE)
    shown = Visitor(door).says("my nan is great").json()["messages"]
    assert said(shown) == [CHEER.text, *(bubble.text for bubble in not_understood(Style.standard)), SCORE.text]


def test_a_late_answer_to_something_cheerful_is_calm_when_a_worry_has_come_since(
    door: TestClient, screen: FakeScreen, rasa: FakeRasa
) -> None:
    screen.finds("neglect", Severity.S3)
    rasa.answer = lambda _asked: httpx.Response(503)
    visitor = Visitor(door)
    visitor.says("i won a prize")
    rasa.answer = answers(CHEER, MENU)
    visitor.says("trouble")
    assert CHEER.text not in said(visitor.transcript())


@STYLES
@pytest.mark.parametrize("place", [1, 2])
def test_no_and_not_sure_make_both_flags_danger_now(door: TestClient, screen: FakeScreen, style: Style, place: int) -> None:
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door, style=style.value)
    question = visitor.says("trouble").json()["messages"][-1]
    visitor.presses(question["choices"][place]["id"])
    with unit_of_work(write=False) as work:
        assert [flag.severity for flag in work.session.scalars(select(Flag))] == ["S1", "S1"]


def test_a_typed_no_is_a_no_and_a_typed_yes_a_yes(door: TestClient, screen: FakeScreen) -> None:
    screen.finds("neglect", Severity.S2)
    for typed, severities in (("yes", ["S2"]), ("no", ["S1", "S1"])):
        visitor = Visitor(door)
        visitor.says("trouble")
        visitor.says(typed)
        with unit_of_work(write=False) as work:
            flags = work.session.scalars(select(Flag).where(Flag.conversation_id == visitor.first["conversation"]))
            assert [flag.severity for flag in flags] == severities


@STYLES
def test_whoever_fears_their_family_is_not_sent_to_somebody_they_trust_after_no(door: TestClient, screen: FakeScreen, style: Style) -> None:
    screen.finds("forced_marriage_fgm", Severity.S2)
    visitor = Visitor(door, style=style.value)
    question = visitor.says("trouble").json()["messages"][-1]
    texts = said(visitor.presses(question["choices"][1]["id"]).json()["messages"])
    assert HELP.replies.after_no_not_home.in_style(style) in texts


@STYLES
def test_a_no_in_the_pathway_for_help_gets_999_and_the_whole_list_and_the_pathway_goes_on(
    door: TestClient, rasa: FakeRasa, style: Style
) -> None:
    visitor = Visitor(door, style=style.value)
    pressed = next(button for button in visitor.first["messages"][-1]["choices"] if "help now" in button["label"])
    words = [
        Button("answer:yes", "Yes"),
        Button("answer:no", "No", raises="urgent"),
        Button("answer:not_sure", "I am not sure", raises="urgent"),
    ]
    rasa.answer = answers(Bubble(HELP.replies.question.in_style(style), kind="question", choices=tuple(words)))
    asked = visitor.presses(pressed["id"]).json()["messages"]
    rasa.answer = answers(MENU)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, visitor.first["conversation"])
        place = Place("question", Asked("safe_now"))
        drafts.open_draft(work, conversation, pathway="help_now", version=1, place=place, from_n=1, now=conversation.started_at)
        work.commit()
    after = visitor.presses(asked[-1]["choices"][1]["id"]).json()["messages"]
    assert said(after)[0] == HELP.replies.after_no.in_style(style)
    assert after[1]["help"][0]["call"] == "999"
    assert said(after)[-1] == MENU.text
    with unit_of_work(write=False) as work:
        assert {flag.severity for flag in work.session.scalars(select(Flag))} == {"S1"}


def mail_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server is set and the post is alive, so the card expects the alert to go out."""
    monkeypatch.setenv("SAYSO_SMTP_HOST", "mail.invalid")
    monkeypatch.setenv("SAYSO_DUTY_MAIL", "duty@example.org")
    settings.cache_clear()
    with unit_of_work() as work:
        outbox.beat(work, "post", datetime.now(timezone.utc))
        work.commit()


def minutes_pass(minutes: int) -> None:
    with unit_of_work() as work:
        for flag in work.session.scalars(select(Flag)):
            flag.raised_at -= timedelta(minutes=minutes)
        for row in work.session.scalars(select(OutboxRow)):
            row.created_at -= timedelta(minutes=minutes)
        work.commit()


def admitted(visitor: Visitor, style: Style = Style.standard) -> int:
    return said(visitor.transcript()).count(HELP.replies.still_not_reached.in_style(style))


@STYLES
def test_an_alert_that_has_failed_for_ten_minutes_is_admitted_once_the_next_time_the_chat_shows_something(
    door: TestClient, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch, style: Style
) -> None:
    mail_works(monkeypatch)
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door, style=style.value)
    shown = visitor.says("trouble").json()["messages"]
    assert HELP.replies.not_reachable.in_style(style) not in said(shown)
    assert admitted(visitor, style) == 0
    minutes_pass(11)
    last = visitor.transcript(after=shown[-1]["n"])
    assert said(last) == [HELP.replies.still_not_reached.in_style(style)]
    assert last[0]["kind"] == "safety"
    assert last[0]["help"][0]["call"] == "999"
    minutes_pass(30)
    visitor.says("are you there")
    assert admitted(visitor, style) == 1
    # the safe question is still open
    assert any(message["open"] and message["text"] == HELP.replies.question.in_style(style) for message in shown)


def test_it_comes_with_the_answer_to_the_next_message_too(
    door: TestClient, screen: FakeScreen, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_works(monkeypatch)
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door)
    visitor.presses(visitor.says("trouble").json()["messages"][-1]["choices"][0]["id"])
    minutes_pass(11)
    assert said(visitor.says("hello").json()["messages"])[0] == HELP.replies.still_not_reached.standard


def test_coming_back_with_the_code_shows_it_too(door: TestClient, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_works(monkeypatch)
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door)
    visitor.says("trouble")
    code = door.get("/chat/code", headers=visitor.headers).json()["code"]
    minutes_pass(11)
    assert said(door.post("/chat/resume", json={"code": code}).json()["messages"])[-1] == HELP.replies.still_not_reached.standard


@pytest.mark.parametrize("meanwhile", ["delivered", "acknowledged", "closed"])
def test_it_is_not_said_when_somebody_was_reached(
    door: TestClient, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    mail_works(monkeypatch)
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door)
    visitor.says("trouble")
    minutes_pass(11)
    with unit_of_work() as work:
        flag = work.session.scalars(select(Flag)).one()
        row = work.session.scalars(select(OutboxRow)).first()
        assert row
        if meanwhile == "delivered":
            outbox.delivered(row, row.created_at)
        elif meanwhile == "acknowledged":
            flag.acknowledged_at = flag.raised_at
        else:
            flag.closed_at = flag.raised_at
        work.commit()
    assert admitted(visitor) == 0


def test_where_the_card_has_said_it_already_it_is_not_said_again(door: TestClient, screen: FakeScreen) -> None:
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door)
    assert HELP.replies.not_reachable.standard in said(visitor.says("trouble").json()["messages"])
    minutes_pass(11)
    assert admitted(visitor) == 0
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Event.what)).all().count(unreached.TOLD) == 1


def test_a_worry_that_comes_while_alerts_fail_is_told_by_its_own_card(
    door: TestClient, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_works(monkeypatch)
    screen.finds("neglect", Severity.S2)
    visitor = Visitor(door)
    visitor.says("trouble")
    minutes_pass(11)
    again = visitor.post("/chat/messages", {"id": str(uuid.uuid4()), "text": "trouble"}).json()["messages"]
    assert again[1]["kind"] == "safety"
    assert HELP.replies.not_reachable.standard in said(again)
    assert admitted(visitor) == 0
