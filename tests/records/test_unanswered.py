"""No, not sure, or five minutes of silence: danger now. A yes is noted and lowers nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from ops.post import by_mail, one_round
from records import messages, unanswered
from records.database import Work, unit_of_work
from records.safety_data import load_help
from records.settings import Settings
from records.tables import Conversation, Event, Flag, OutboxRow
from tests.conftest import NOW
from tests.desk import people
from voice.messages import Bubble
from voice.safeguarding.card import safe_choices
from voice.wording import Style

HELP = load_help(Settings().root)
ASKED = HELP.replies.question
FIVE = timedelta(minutes=5)


def asks(work: Work, conversation: Conversation, style: Style = Style.standard, now: datetime = NOW) -> None:
    question = Bubble(ASKED.in_style(style), kind="question", choices=safe_choices(style, HELP))
    messages.say(work, conversation, [question], now)


def disclosed(style: Style = Style.standard, *, asked: bool = True) -> str:
    """A flag whose safe question is open. Returns its id."""
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin, style)
        flag = people.flagged(work, conversation, now=NOW)
        if asked:
            asks(work, conversation, style)
        work.commit()
        return flag.id


def rounds(*minutes: float) -> None:
    for minute in minutes:
        one_round(lambda _row: None, NOW + timedelta(minutes=minute))


def flag_now(flag_id: str) -> tuple[str | None, list[str], int]:
    """Its severity, what became of its safe question, and how many second alerts there are. The chain's own steps are left out."""
    with unit_of_work(write=False) as work:
        flag = work.session.get_one(Flag, flag_id)
        asked = select(Event.what).where(Event.about_id == flag_id, Event.what.startswith("safe_"))
        events = list(work.session.scalars(asked.order_by(Event.id)))
        again = work.session.scalar(select(func.count()).where(OutboxRow.about_id == flag_id, OutboxRow.kind == unanswered.ALERT))
        return flag.severity, events, again or 0


def answer(flag_id: str, payload: str, now: datetime = NOW) -> None:
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, work.session.get_one(Flag, flag_id).conversation_id)
        unanswered.heard(work, conversation, payload, now)
        work.commit()


@pytest.mark.parametrize("style", Style)
def test_five_minutes_without_an_answer_are_danger_now_and_everybody_is_alerted_again(installation: Engine, style: Style) -> None:
    flag_id = disclosed(style)
    rounds(1, 4.9)
    assert flag_now(flag_id) == ("S2", [], 0)
    rounds(5)
    assert flag_now(flag_id) == ("S1", ["safe_no_answer"], 2)


def test_the_clock_becomes_that_of_danger_now(installation: Engine) -> None:
    flag_id = disclosed()
    rounds(5)
    with unit_of_work(write=False) as work:
        assert work.session.get_one(Flag, flag_id).due_at <= NOW + FIVE + FIVE


def test_it_happens_once_however_many_rounds_and_posts_there_are(installation: Engine) -> None:
    flag_id = disclosed()
    rounds(5, 5, 6, 30)
    with unit_of_work() as work:
        assert not unanswered.raise_to_danger(work, flag_id, ASKED, NOW + FIVE)
        work.commit()
    assert flag_now(flag_id) == ("S1", ["safe_no_answer"], 2)


def test_the_second_alert_is_urgent_and_leads_to_the_flag(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    flag_id = disclosed()
    rounds(5)
    sent: list[str] = []

    class FakeServer:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> FakeServer:
            return self

        def __exit__(self, *_: object) -> None: ...
        def send_message(self, mail: object) -> None:
            sent.append(str(mail))

    monkeypatch.setattr("smtplib.SMTP", FakeServer)
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(OutboxRow).where(OutboxRow.kind == unanswered.ALERT)).all()
    for row in rows:
        by_mail(Settings(smtp_host="mail.invalid"))(row)
    assert len(sent) == 2
    assert all("something needs you now" in mail and f"/flags/{flag_id}" in mail for mail in sent)


@pytest.mark.parametrize(("payload", "event"), [("safe:no", "safe_no"), ("safe:not_sure", "safe_not_sure"), ("answer:no", "safe_no")])
def test_no_and_not_sure_are_danger_now_at_once(installation: Engine, payload: str, event: str) -> None:
    flag_id = disclosed()
    answer(flag_id, payload)
    rounds(6)
    assert flag_now(flag_id) == ("S1", [event], 0)


def test_a_yes_in_time_is_noted_and_nothing_is_raised(installation: Engine) -> None:
    flag_id = disclosed()
    answer(flag_id, "safe:yes")
    rounds(6)
    assert flag_now(flag_id) == ("S2", ["safe_yes"], 0)


def test_a_yes_that_comes_late_does_not_lower_what_was_raised(installation: Engine) -> None:
    flag_id = disclosed()
    rounds(5)
    answer(flag_id, "safe:yes", NOW + FIVE)
    assert flag_now(flag_id)[0] == "S1"


def test_something_else_typed_under_the_question_is_no_answer(installation: Engine) -> None:
    flag_id = disclosed()
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, work.session.get_one(Flag, flag_id).conversation_id)
        people.says(work, conversation, "i dont know what to say", now=NOW)
        messages.say(work, conversation, [Bubble("What now?", kind="question")], NOW)
        work.commit()
    rounds(5)
    assert flag_now(flag_id)[0] == "S1"


def test_a_flag_that_was_asked_nothing_waits_for_nothing(installation: Engine) -> None:
    flag_id = disclosed(asked=False)
    rounds(5, 60)
    assert flag_now(flag_id) == ("S2", [], 0)


def test_the_five_minutes_count_from_the_question(installation: Engine) -> None:
    flag_id = disclosed(asked=False)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, work.session.get_one(Flag, flag_id).conversation_id)
        asks(work, conversation, now=NOW + timedelta(minutes=3))
        work.commit()
    rounds(6)
    assert flag_now(flag_id)[0] == "S2"
    rounds(8)
    assert flag_now(flag_id)[0] == "S1"


def test_a_closed_flag_is_left_alone(installation: Engine) -> None:
    flag_id = disclosed()
    with unit_of_work() as work:
        work.session.get_one(Flag, flag_id).closed_at = NOW
        work.commit()
    rounds(6)
    assert flag_now(flag_id) == ("S2", [], 0)


def test_a_question_of_another_day_is_left_alone(installation: Engine) -> None:
    flag_id = disclosed()
    rounds(24 * 60 + 1)
    assert flag_now(flag_id) == ("S2", [], 0)


def test_who_is_named_is_not_alerted_again_either(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        flag = people.flagged(work, conversation, "ash hit me", now=NOW)
        asks(work, conversation)
        work.commit()
    rounds(5)
    with unit_of_work(write=False) as work:
        again = set(work.session.scalars(select(OutboxRow.address).where(OutboxRow.kind == unanswered.ALERT)))
    assert again == {"dee@example.org"}
    assert flag_now(flag.id)[0] == "S1"
