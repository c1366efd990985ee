"""What was acknowledged, held against what is stored."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from records.database import Work, unit_of_work
from records.drafts import ADDED
from records.library import load_pathways
from records.tables import Answer, Message, Statement
from tests.stack import ROOT, Stack, wait_for
from tests.visitor import Refused, Shown, Visitor, is_answered, new_id
from voice.wording import Style

_A_MOMENT = 0.2
_NOT_AGAIN = 409


@dataclass
class Ledger:
    """One visitor who, as the page does, sends the same id again until it is acknowledged."""

    visitor: Visitor
    random: random.Random = field(default_factory=lambda: random.Random(1))
    acknowledged: dict[str, str | None] = field(default_factory=dict)
    """Client id → the words, or None when a button was pressed."""
    silent: list[str] = field(default_factory=list)
    """Client ids that were acknowledged without a word of answer."""
    tried_again: int = 0
    bubbles: dict[int, Shown] = field(default_factory=dict)

    @property
    def turns(self) -> int:
        """Messages acknowledged so far."""
        return len(self.acknowledged)

    def talk(self, turns: int) -> None:
        """Says and presses whatever comes, until so many messages are acknowledged."""
        self._start()
        while self.turns < turns:
            body = self._something()
            answer = self.send(body)
            if answer and any(one.get("held") for one in answer) and self.random.random() < 0.8:
                wait_for(lambda: is_answered(self._patiently("GET", "/chat/messages")["messages"]), "a late answer")

    def send(self, body: dict[str, Any]) -> list[Shown] | None:
        """Sends one message until it is acknowledged. None: the button was old, so that it is not kept."""
        try:
            answer: list[Shown] = self._patiently("POST", "/chat/messages", body)["messages"]
        except Refused as refused:
            if refused.status == _NOT_AGAIN:
                return None
            raise
        self.acknowledged[body["id"]] = body.get("text")
        if not any(one["from"] == "bot" for one in answer):
            self.silent.append(body["id"])
        return answer

    def _start(self) -> None:
        while not self.visitor.token:
            try:
                self.visitor.start()
            except (httpx.TransportError, Refused):
                threading.Event().wait(_A_MOMENT)

    def _patiently(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        while True:
            try:
                return self.visitor.call(method, path, body)
            except httpx.TransportError:
                self.tried_again += 1
            except Refused as refused:
                if refused.status != 503:
                    raise
                self.tried_again += 1
            threading.Event().wait(_A_MOMENT)

    def _something(self) -> dict[str, Any]:
        """Words, or a button of the last question; never "delete", which takes acknowledged words away on purpose."""
        seen = max(self.bubbles, default=0)
        for bubble in self._patiently("GET", f"/chat/messages?after={seen}")["messages"]:
            self.bubbles[bubble["n"]] = bubble
        asked = [bubble for bubble in self.bubbles.values() if bubble.get("choices") or bubble.get("controls")]
        choices = [button for button in asked[-1].get("choices", ()) if button["label"] not in _deletes()]
        chance = self.random.random()
        if choices and chance < 0.6:
            picked = self.random.sample(choices, min(len(choices), self.random.randint(1, 3) if asked[-1].get("many") else 1))
            return {"id": new_id(), "choices": [button["id"] for button in picked]}
        if asked[-1].get("controls") and chance < 0.7:
            return {"id": new_id(), "choice": self.random.choice(asked[-1]["controls"])["id"]}
        return {"id": new_id(), "text": f"this is thing {self.turns} that i say today"}


def talk_all(ledgers: list[Ledger], turns: int) -> list[threading.Thread]:
    """All visitors at once, each in a thread of its own."""
    talkers = [threading.Thread(target=ledger.talk, args=(turns,), daemon=True) for ledger in ledgers]
    for talker in talkers:
        talker.start()
    return talkers


def check(stack: Stack, ledgers: list[Ledger]) -> tuple[int, int]:
    """Waits for the last answers, then holds the ledgers against the records. Returns (acknowledged, stored)."""
    for ledger in ledgers:
        wait_for(lambda ledger=ledger: is_answered(ledger.visitor.transcript()), "every message to be answered")  # type: ignore[misc]
    acknowledged = stored = 0
    with stack.records(), unit_of_work(write=False) as work:
        for ledger in ledgers:
            rows = _rows(work, ledger.visitor.conversation)
            mine = {row.client_id: row for row in rows if row.said_by == "me"}
            acknowledged += ledger.turns
            stored += len(ledger.acknowledged.keys() & mine.keys())
            assert not ledger.acknowledged.keys() - mine.keys()
            assert not [one for one, words in ledger.acknowledged.items() if words is not None and mine[one].text != words]
            _check_chat(rows)
            _check_statements(work, ledger.visitor.conversation)
    print(f"\n{acknowledged} messages acknowledged, {stored} of them stored, {sum(one.tried_again for one in ledgers)} tries again")
    assert acknowledged == stored
    return acknowledged, stored


def _check_chat(rows: list[Message]) -> None:
    """In order without holes, nothing twice, everything answered once."""
    assert [row.n for row in rows] == list(range(1, len(rows) + 1))
    mine = [row for row in rows if row.said_by == "me"]
    assert len({row.client_id for row in mine}) == len(mine)
    assert {row.state for row in mine} <= {"done"}
    for row in mine:
        answers = [one for one in rows if one.answers_id == row.id]
        assert answers, f"message {row.n} was left in silence"
        assert max(Counter((one.kind, one.text) for one in answers).values()) == 1, f"message {row.n} was answered twice"
        assert sum(one.kind == "question" and not one.stays_open for one in answers) <= 1, f"message {row.n} brought two questions"
    assert sum(row.open and not row.stays_open for row in rows) <= 1


def _check_statements(work: Work, conversation_id: str) -> None:
    """No question has two answers that stand, and no message answered a question twice."""
    for statement in work.session.scalars(select(Statement).where(Statement.conversation_id == conversation_id)):
        answers = list(work.session.scalars(select(Answer).where(Answer.statement_id == statement.id)))
        standing = Counter((row.question, row.round) for row in answers if row.replaced_by is None)
        assert max(standing.values(), default=1) == 1
        assert max(Counter((row.message_id, row.question, row.round) for row in answers if row.message_id).values(), default=1) == 1
        assert len({row.position for row in answers if row.replaced_by is None}) == sum(standing.values())
        # what was added may be skipped or unknown when it is changed at the read-back, but a press is nothing that was added
        assert not [row for row in answers if row.question == ADDED and row.verbatim is None and row.how == "answered"]


def _rows(work: Work, conversation_id: str) -> list[Message]:
    return list(work.session.scalars(select(Message).where(Message.conversation_id == conversation_id).order_by(Message.n)))


def _deletes() -> set[str]:
    send = load_pathways(ROOT).ending.send
    return {choice.label.in_style(style) for choice in send.choices if choice.value == "delete" for style in Style}
