"""Safety with the action server stopped, and with no mail server to be reached."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from records import safety_queue, workers
from records.database import unit_of_work
from records.tables import Flag, OutboxRow
from tests.conversations.play import invitation
from tests.faults.fake_rasa import FakeRasa
from tests.stack import Stack, free_ports, stack_of, wait_for
from tests.staff import DUTY
from tests.visitor import Visitor, is_answered

pytestmark = pytest.mark.faults


@pytest.mark.stack
def test_without_the_action_server_help_is_shown_and_the_rest_is_answered_later(stack: Stack) -> None:
    visitor = Visitor(stack.address)
    visitor.start()
    visitor.says("i have something to say about my school")
    stack.kill("actions")
    card = visitor.says("my mums boyfriend hit me")
    told = visitor.tell_someone("he is here now")
    held = visitor.says("i like my school")
    assert {"safety", "question"} <= {bubble["kind"] for bubble in card}
    assert told[1]["kind"] == "safety"
    assert not any(bubble.get("held") for bubble in card + told)
    stack.start("actions")
    wait_for(lambda: is_answered(visitor.transcript()), "the late answer")
    mine = [bubble["text"] for bubble in visitor.transcript() if bubble["from"] == "me"]
    print(f"\n4 messages acknowledged, {len(mine)} stored")
    assert len(mine) == 4
    assert held[0]["text"] == "i like my school"


def test_when_mail_cannot_be_reached_the_flag_waits_at_the_desk_and_the_alert_says_why(rasa: FakeRasa) -> None:
    (nobody,) = free_ports(1)
    with stack_of("gateway", "post", rasa_port=rasa.port, smtp_host="127.0.0.1", smtp_port=nobody) as stack:
        visitor = Visitor(stack.address, join=invitation(stack))
        visitor.start()
        card = visitor.says("i want to kill myself")
        assert "safety" in {bubble["kind"] for bubble in card}
        wait_for(lambda: all(row.fault for row in _alerts(stack)), "the post to try")
        alerts = _alerts(stack)
        assert len(alerts) == 2
        assert all(row.fault == "ConnectionRefusedError" and row.next_try_at and not row.delivered_at for row in alerts)
        with stack.records(), unit_of_work(write=False) as work:
            duty = workers.by_email(work, DUTY[0])
            assert duty is not None
            assert [entry.flag.level for entry in safety_queue.open_flags(work, duty)] == ["urgent"]
            assert len(list(work.session.scalars(select(Flag)))) == 1
        print("\n1 message acknowledged, 1 flag stored, 2 alerts waiting")


def _alerts(stack: Stack) -> list[OutboxRow]:
    with stack.records(), unit_of_work(write=False) as work:
        return list(work.session.scalars(select(OutboxRow)))
