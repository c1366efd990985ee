"""The post: alerts go out, faults are noted and tried again, and what is due is deleted."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from ops.post import NoMailServer, by_mail, one_round
from records import conversations, messages, outbox
from records.database import unit_of_work
from records.settings import Settings
from records.tables import Conversation, Dialogue, Message, OutboxRow
from tests.conftest import NOW
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


def test_a_flagged_chat_is_never_deleted_by_date(installation: Engine) -> None:
    conversation_id = start_chat(NOW)
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, conversation_id)
        messages.receive(work, conversation, client_id="client-2", text="x", picked=(), screen=finds(Level.urgent), now=NOW)
        work.commit()
    one_round(lambda _row: None, NOW + timedelta(days=400))
    assert counted() == [1, 2, 1]
