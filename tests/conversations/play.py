"""Plays a conversation file in one style through the running stack, and looks into the records afterwards."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from records import answering, drafts, flags, statements, workers, young_people
from records.database import Work, unit_of_work
from records.tables import Answer, Conversation, Flag, Message, Reply, Statement, StatementVersion
from tests.conversations import golden
from tests.conversations.after_a_flag import Watch, check_flags
from tests.conversations.model import Conversation as Script
from tests.conversations.model import Kept, Step, Typed
from tests.conversations.model import Worker as WorkerDoes
from tests.stack import Stack, wait_for
from tests.staff import DUTY, WORKER, hired
from tests.visitor import Shown, Visitor, is_answered
from voice.pathways.model import ADDED
from voice.wording import Style


class Player:
    """One young person who follows a script in one style. `lines` is the conversation as text."""

    def __init__(self, stack: Stack, script: Script, style: Style) -> None:
        self.lines: list[str] = []
        self.watch = Watch()
        self._stack = stack
        self._script = script
        self._seen = 0
        join = invitation(stack) if script.joined else None
        self._visitor = Visitor(stack.address, style=style.value, mode=script.mode, join=join)
        self._note(self._visitor.start())

    def do(self, step: Step) -> None:
        """One step of the young person or their worker."""
        if step.say is not None:
            words = whole(step.say)
            self._act("says", words, self._visitor.says(words), typed=words)
        elif step.press is not None:
            labels = self._labels((step.press,) if isinstance(step.press, str) else step.press)
            self._act("presses", " + ".join(labels), self._visitor.presses(*labels))
        elif step.tell is not None:
            self._act("tells someone", step.tell, self._visitor.tell_someone(step.tell), typed=step.tell)
        elif step.together:
            self._together(step.together)
        elif step.switch:
            self._act("switches to", step.switch.value, self._visitor.switch(step.switch.value))
        elif step.resume:
            self._come_back()
        elif step.worker:
            self._worker(step.worker)
        else:
            self._look(for_answers=step.look == "answers")

    def kept(self) -> Kept:
        """What the records hold of this chat, in the shape of the script. Checks on the way what must hold for every chat."""
        wait_for(lambda: is_answered(self._visitor.transcript()), "every message to be answered")
        _check_transcript(self._visitor.transcript())
        with self._stack.records(), unit_of_work(write=False) as work:
            check_flags(work, self._visitor.conversation, self.watch.said)
            return records_of(work, self._visitor.conversation)

    def close(self) -> None:
        """Leaves."""
        self._visitor.close()

    def _act(self, how: str, words: str, shown: list[Shown], *, typed: str = "") -> None:
        self.watch.turn(shown, typed)
        self.lines.append(golden.me(how, words))
        self._note(shown)

    def _note(self, shown: list[Shown]) -> None:
        self.lines += golden.bubbles(shown)
        self._seen = max([self._seen, *(bubble["n"] for bubble in shown)])

    def _look(self, *, for_answers: bool) -> None:
        if for_answers:
            wait_for(lambda: is_answered(self._visitor.transcript()), "late answers")
        news = self._visitor.transcript(self._seen)
        self.watch.late(news)
        self.lines.append(golden.me("looks", ""))
        self._note(news)

    def _come_back(self) -> None:
        code = self._visitor.code()
        self._visitor.leave()
        self._visitor.close()
        self._visitor = Visitor(self._stack.address)
        whole_chat = self._visitor.resume(code)
        self._act("comes back with the code", "", [bubble for bubble in whole_chat if bubble["n"] > self._seen])
        self.lines.append(f"  (the whole chat is there: {[bubble['n'] for bubble in whole_chat] == list(range(1, self._seen + 1))})")

    def _together(self, texts: tuple[str, ...]) -> None:
        """Rasa is made to pause, so that each message is kept before the one before it has its answer."""
        senders = [threading.Thread(target=self._visitor.says, args=(text,)) for text in texts]
        self._stack.pause("rasa")
        for count, sender in enumerate(senders, start=1):
            sender.start()
            wait_for(lambda count=count: self._unanswered() == count, "a message to be kept")  # type: ignore[misc]
        self._stack.wake("rasa")
        for sender in senders:
            sender.join()
        self.watch.said += texts
        self.lines.append(golden.me("says at once", " | ".join(texts)))
        self._note(self._visitor.transcript(self._seen))

    def _unanswered(self) -> int:
        return sum(bool(bubble.get("held")) for bubble in self._visitor.transcript())

    def _labels(self, meant: tuple[str, ...]) -> tuple[str, ...]:
        """The labels of the live buttons that mean this."""
        with self._stack.records(), unit_of_work(write=False) as work:
            rows = work.session.scalars(
                select(Message).where(Message.conversation_id == self._visitor.conversation, Message.open.is_(True))
            ).all()
            buttons = [button for row in rows for part in ("choices", "controls") for button in (row.extras or {}).get(part, ())]
        return tuple(_one_label(buttons, one) for one in meant)

    def _worker(self, does: WorkerDoes) -> None:
        now = datetime.now(timezone.utc)
        with self._stack.records(), unit_of_work() as work:
            worker = workers.by_email(work, WORKER[0])
            statement = drafts.latest_sent(work, self._visitor.conversation)
            assert worker is not None
            assert statement is not None
            if does.reads:
                statements.read_statement(work, worker, statement.id, now)
            if does.replies is not None:
                answering.reply(work, worker, statement.id, does.replies, now, token=uuid.uuid4().hex)
            work.commit()
        self.lines.append(f"WORKER {'reads' if does.reads else 'replies'}")
        self._note(self._visitor.transcript(self._seen))


def whole(words: Typed | str) -> str:
    """What is typed."""
    return words.whole if isinstance(words, Typed) else words


def invitation(stack: Stack) -> str:
    """A joining code of a new young person, who has a worker."""
    now = datetime.now(timezone.utc)
    with stack.records(), unit_of_work() as work:
        worker, _ = (hired(work, who, now) for who in (WORKER, DUTY))
        person = young_people.add(
            work, worker, name="Sam Sample", identifier=uuid.uuid4().hex, social_worker_id=worker.id, reviewing_officer_id=None, now=now
        )
        code = young_people.invite(work, person.id, worker, now)
        work.commit()
        return code


def records_of(work: Work, conversation_id: str) -> Kept:
    """All statements and flags of a chat as a script would write them."""
    rows = work.session.scalars(select(Statement).where(Statement.conversation_id == conversation_id).order_by(Statement.created_at))
    raised = work.session.scalars(select(Flag).where(Flag.conversation_id == conversation_id).order_by(Flag.raised_at))
    helped = work.session.scalar(
        select(Reply.helped).join(Statement, Statement.id == Reply.statement_id).where(Statement.conversation_id == conversation_id)
    )
    conversation = work.session.get_one(Conversation, conversation_id)
    assert conversation.lease is None
    return Kept.model_validate(
        {
            "statements": [_statement(work, row) for row in rows],
            "flags": [
                {
                    "level": flag.level,
                    "source": flag.source,
                    "category": flag.categories[0] if flag.categories else None,
                    "hidden": flags.is_withheld(work, flag),
                }
                for flag in raised
            ],
            "helped": helped,
        }
    )


def _statement(work: Work, row: Statement) -> dict[str, Any]:
    standing = drafts.answers(work, row)
    versions = list(
        work.session.scalars(select(StatementVersion).where(StatementVersion.statement_id == row.id).order_by(StatementVersion.number))
    )
    if versions and row.status in drafts.SENT and not row.active:
        by_question = {(part["question"], part["round"]): part["verbatim"] for part in versions[-1].body}
        # an answer that a later change made moot stays kept, and is not sent
        assert by_question.items() <= {(answer.question, answer.round): answer.verbatim for answer in standing}.items()
    return {
        "pathway": row.pathway,
        "status": row.status,
        "versions": len(versions),
        "recipients": row.recipients,
        "hide_from": row.hide_from,
        "owned": row.owner_id is not None,
        "answers": _answers(standing),
    }


def _answers(standing: list[Answer]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    added = 0
    for row in standing:
        name = f"{row.question}/{row.round}" if row.round else row.question
        if row.question == ADDED:
            added += 1
            name = f"{row.question}/{added}"
        assert name not in answers
        words = None if row.verbatim is None else {"text": _escaped(row.verbatim), "escaped": True}
        answers[name] = {"words": words, "picked": [choice["value"] for choice in row.choices], "how": row.how}
    return answers


def _escaped(text: str) -> str:
    """As the escapes of JSON: pydantic takes no lone surrogates."""
    return "".join(letter if letter.isprintable() and letter not in '"\\' else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return "".join(f"\\u{unit:04x}" for unit in memoryview(letter.encode("utf-16-le", "surrogatepass")).cast("H"))


def _one_label(buttons: list[dict[str, Any]], meant: str) -> str:
    found = [button["label"] for button in buttons if _means(button["payload"].split(":"), meant.split(":"))]
    if len(found) != 1:
        raise LookupError(f"{len(found)} live buttons mean {meant}; there are {[button['payload'] for button in buttons]}")
    return str(found[0])


def _means(payload: list[str], meant: list[str]) -> bool:
    """Whether all parts of `meant` are in the payload in this order: ids in between are left out."""
    rest = iter(payload)
    return payload[0] == meant[0] and all(part in rest for part in meant)


def _check_transcript(transcript: list[Shown]) -> None:
    numbers = [bubble["n"] for bubble in transcript]
    assert numbers == sorted(set(numbers))
    said = [bubble["text"] for bubble in transcript if bubble["from"] == "bot" and bubble["kind"] != "summary"]
    assert not [text for text in said if "{" in text or not text.strip()]
    for bubble in transcript:
        labels = [button["label"] for part in ("choices", "controls") for button in bubble.get(part, ())]
        assert len(labels) == len(set(labels)), f"two buttons under one question are called the same: {labels}"
