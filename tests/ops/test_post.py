"""The post: alerts go out, faults are noted and tried again, and what is due is deleted."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import ClassVar

import pytest
from sqlalchemy import Engine, delete, func, select

from ops.post import NoMailServer, by_mail, one_round
from records import conversations, messages, outbox, retention
from records.database import unit_of_work
from records.settings import Settings
from records.tables import Conversation, Dialogue, Message, OutboxRow, SampleItem, SampleWeek
from tests.conftest import NOW
from tests.desk import people
from tests.records.test_messages import CALM, finds
from voice.safeguarding.screen import Level
from voice.wording import Style


def put_alert() -> None:
    with unit_of_work() as work:
        outbox.put(work, kind="flag_raised", about_id="flag-1", address="duty@example.org", now=NOW)
        work.commit()


def alert() -> OutboxRow:
    with unit_of_work(write=False) as work:
        return work.session.scalars(select(OutboxRow)).one()


def test_an_alert_that_was_delivered_is_not_delivered_again(installation: Engine) -> None:
    put_alert()
    sent: list[str] = []
    for minutes in (0, 1, 60):
        one_round(lambda row: sent.append(row.address), NOW + timedelta(minutes=minutes))
    assert sent == ["duty@example.org"]
    assert alert().delivered_at == NOW


@pytest.mark.parametrize("fault", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_a_mail_server_that_is_away_leaves_the_alert_waiting_with_the_reason(installation: Engine, fault: Exception) -> None:
    put_alert()

    def broken(_row: OutboxRow) -> None:
        raise fault

    one_round(broken, NOW)
    waiting = alert()
    assert waiting.delivered_at is None
    assert waiting.fault == type(fault).__name__
    assert waiting.next_try_at == NOW + timedelta(seconds=30)


def test_without_a_mail_server_the_desk_can_say_why_nothing_was_sent(installation: Engine) -> None:
    put_alert()
    one_round(by_mail(Settings(smtp_host="")), NOW)
    assert alert().fault == NoMailServer.__name__


class Letterbox:
    """Stands in for a mail server: takes the letters and keeps them."""

    letters: ClassVar[list[EmailMessage]] = []

    def __init__(self, *_: object, **__: object) -> None:
        """No server is asked."""

    def __enter__(self) -> Letterbox:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""

    def send_message(self, letter: EmailMessage) -> None:
        """Takes a letter."""
        self.letters.append(letter)


@pytest.mark.parametrize(
    ("kind", "subject", "page"),
    [
        ("flag_raised", "something needs you now", "/flags/about-1"),
        ("flag_overdue", "something needs you now", "/flags/about-1"),
        ("flag_waiting", "something new is waiting", "/flags/about-1"),
        ("statement_sent", "something new is waiting", "/statements/about-1"),
        ("sample_drawn", "something new is waiting", "/sample"),
    ],
)
def test_a_mail_says_where_something_waits_and_nothing_else(monkeypatch: pytest.MonkeyPatch, kind: str, subject: str, page: str) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Letterbox)
    Letterbox.letters.clear()
    row = OutboxRow(kind=kind, about_id="about-1", address="duty@example.org", step=3, created_at=NOW)
    by_mail(Settings(smtp_host="mail.example", desk_url="https://desk.example"))(row)
    (letter,) = Letterbox.letters
    assert letter["Subject"] == f"Sayso: {subject}"
    assert letter.get_content() == f"Please sign in and look at it:\nhttps://desk.example{page}\n"


def test_an_alert_that_is_withdrawn_while_it_is_on_its_way_stops_no_round(installation: Engine) -> None:
    put_alert()

    def withdrawn(row: OutboxRow) -> None:
        with unit_of_work() as work:
            work.session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
            work.commit()

    one_round(withdrawn, NOW)
    with unit_of_work(write=False) as work:
        assert list(work.session.scalars(select(OutboxRow))) == []


def test_an_alert_that_is_stood_down_while_it_is_on_its_way_is_not_tried_again(installation: Engine) -> None:
    put_alert()

    def stood_down(row: OutboxRow) -> None:
        with unit_of_work() as work:
            outbox.stand_down(work, row.about_id, [row.kind])
            work.commit()
        raise ConnectionRefusedError

    one_round(stood_down, NOW)
    given_up = alert()
    assert (given_up.next_try_at, given_up.delivered_at, given_up.fault) == (None, None, "ConnectionRefusedError")


def test_the_first_round_of_a_week_draws_the_sample_of_the_last(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        people.sent(work, people.chat(work, team.robin), now=NOW - timedelta(days=6))
        work.commit()
    for minutes in (0, 1, 60 * 24):
        one_round(lambda _row: None, NOW + timedelta(minutes=minutes))
    with unit_of_work(write=False) as work:
        (week,) = work.session.scalars(select(SampleWeek))
        assert (week.drawn_at, week.among) == (NOW, 2)
        assert len(list(work.session.scalars(select(SampleItem)))) == 2


def test_a_round_is_a_sign_of_life(installation: Engine) -> None:
    one_round(lambda _row: None, NOW)
    with unit_of_work(write=False) as work:
        assert outbox.post_is_alive(work, NOW)


def start_chat(now: datetime) -> str:
    with unit_of_work() as work:
        conversation = conversations.add(work, style=Style.easy, mode="alone", young_person_id=None, now=now)
        messages.receive(work, conversation, client_id="client-1", text="just mine", picked=(), screen=CALM, now=now)
        work.session.add(Dialogue(sender=conversation.sender, state=b"x", version=1, updated_at=now))
        work.commit()
        return conversation.id


def counted() -> list[int | None]:
    with unit_of_work(write=False) as work:
        return [work.session.scalar(select(func.count()).select_from(table)) for table in (Conversation, Message, Dialogue)]


def test_a_chat_that_was_not_sent_goes_on_its_date_with_everything_in_it(installation: Engine) -> None:
    start_chat(NOW)
    one_round(lambda _row: None, NOW + timedelta(days=89))
    assert counted() == [1, 1, 1]
    one_round(lambda _row: None, NOW + timedelta(days=90))
    assert counted() == [0, 0, 0]


def test_in_a_flagged_chat_only_what_was_flagged_stays_after_the_date(installation: Engine) -> None:
    conversation_id = start_chat(NOW)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, conversation_id)
        for message in messages.unanswered(work, conversation_id):
            message.state = "done"
        messages.receive(work, conversation, client_id="client-2", text="flagged words", picked=(), screen=finds(Level.urgent), now=NOW)
        work.commit()
    one_round(lambda _row: None, NOW + timedelta(days=90))
    with unit_of_work(write=False) as work:
        assert [message.text for message in work.session.scalars(select(Message))] == ["flagged words"]


def test_whoever_comes_back_while_chats_are_cleared_keeps_theirs(installation: Engine) -> None:
    conversation_id = start_chat(NOW)
    due = NOW + timedelta(days=90)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, conversation_id)
        for message in messages.unanswered(work, conversation_id):
            message.state = "done"
        messages.receive(work, conversation, client_id="client-2", text="flagged words", picked=(), screen=finds(Level.urgent), now=NOW)
        assert retention.due_for_clearing(work, due) == [conversation_id]
        messages.receive(work, conversation, client_id="client-3", text="me again", picked=(), screen=CALM, now=due)
        retention.clear_chat(work, conversation_id, due)
        assert [message.text for message in messages.transcript(work, conversation_id)] == ["just mine", "flagged words", "me again"]


def test_a_flagged_chat_is_never_deleted_by_date(installation: Engine) -> None:
    conversation_id = start_chat(NOW)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, conversation_id)
        messages.receive(work, conversation, client_id="client-2", text="x", picked=(), screen=finds(Level.urgent), now=NOW)
        work.commit()
    one_round(lambda _row: None, NOW + timedelta(days=400))
    assert counted() == [1, 2, 1]
