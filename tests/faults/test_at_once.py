"""The same message several times at once, and many messages at once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from records.database import unit_of_work
from records.tables import Message
from tests.faults.fake_rasa import FakeRasa
from tests.faults.ledger import Ledger
from tests.postgres import PostgresServer
from tests.stack import Stack, stack_of, wait_for
from tests.visitor import Visitor, is_answered, new_id

pytestmark = pytest.mark.faults


@pytest.fixture(
    params=[
        pytest.param("whole", marks=pytest.mark.stack),
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def chat(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """All of Sayso, or only its gateway with a Rasa that answers at once, on either database."""
    if request.param == "whole":
        yield request.getfixturevalue("stack")
        return
    rasa: FakeRasa = request.getfixturevalue("rasa")
    settings: dict[str, Any] = {"rasa_port": rasa.port, "retry_every": 0.2}
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        settings["database_url"] = server.create(server.new_name())
    with stack_of("gateway", **settings) as stack:
        yield stack


def test_the_same_message_five_times_at_once_is_one_row_and_five_equal_answers(chat: Stack) -> None:
    visitor = Visitor(chat.address)
    visitor.start()
    one, answers = new_id(), []
    _at_once([lambda: answers.append(visitor.says("my cat is called Kevin", one))] * 5)
    rows = _mine(chat, visitor)
    print(f"\n{len(answers)} times acknowledged, {len(rows)} stored")
    assert len(answers) == 5
    assert len(rows) == 1
    assert answers == [answers[0]] * 5
    assert [bubble["from"] for bubble in answers[0]][:2] == ["me", "bot"]


def test_fifty_different_messages_at_once_are_all_kept_in_one_order(chat: Stack) -> None:
    visitor = Visitor(chat.address)
    visitor.start()
    ledger = Ledger(visitor)
    bodies = [{"id": new_id(), "text": f"thing {number}"} for number in range(50)]
    _at_once([functools.partial(ledger.send, body) for body in bodies])
    wait_for(lambda: is_answered(visitor.transcript()), "every message to be answered")
    rows = _mine(chat, visitor)
    print(f"\n{ledger.turns} messages acknowledged, {len(rows)} stored, {ledger.tried_again} tries again")
    assert {row.client_id: row.text for row in rows} == ledger.acknowledged
    assert ledger.turns == 50
    assert not ledger.silent
    numbers = [bubble["n"] for bubble in visitor.transcript()]
    assert numbers == list(range(1, len(numbers) + 1))


def _at_once(calls: list[Callable[[], object]]) -> None:
    together = threading.Barrier(len(calls))

    def call(one: Callable[[], object]) -> None:
        together.wait()
        one()

    threads = [threading.Thread(target=call, args=(one,)) for one in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _mine(stack: Stack, visitor: Visitor) -> list[Message]:
    with stack.records(), unit_of_work(write=False) as work:
        query = select(Message).where(Message.conversation_id == visitor.conversation, Message.said_by == "me")
        return list(work.session.scalars(query.order_by(Message.n)))
