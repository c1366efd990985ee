"""The flags a worker looks at. A flag that names a worker does not exist for them, and only a person closes one, with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from records import conversations, escalation, flags, messages, routing
from records.database import Work
from records.errors import NotFound, NothingDone, NothingWritten, Stale
from records.readable import flags_for, statements_for
from records.routing import note_event
from records.tables import (
    Access,
    Conversation,
    Event,
    Flag,
    FlagAction,
    FlagNames,
    Message,
    OutboxRow,
    Reading,
    Statement,
    Worker,
    YoungPerson,
)

ACTIONS = (
    "spoke_to_child",
    "tried_to_reach",
    "placement_checked",
    "police",
    "medical_help",
    "mental_health",
    "strategy_discussion",
    "allegations_officer",
    "exploitation_team",
    "out_of_hours",
    "other",
    "none_needed",
)
"""What can be done about a flag (safety research, section 2.4). The last two mean nothing without words."""
IN_WORDS = ("other", "none_needed")

ENDINGS = ("safe", "plan_in_place", "passed_on", "false_alarm", "other")
"""How a flag ends. All but a false alarm need something that was done."""

_FORMS = uuid.UUID("0d3c52f6-9a31-4f0e-8f0a-3a1f6a1f6b52")

BEFORE, AFTER = 3, 4
"""How many of the young person's messages around the flagged one are shown (design: a flagged message with the few around it)."""


@dataclass(frozen=True)
class FlagEntry:
    """A flag in the queue: no words, only whose it is."""

    flag: Flag
    young_person: YoungPerson | None


@dataclass(frozen=True)
class FlagView:
    """A flag with the flagged bubble and the few around it, and what became of its alerts."""

    flag: Flag
    young_person: YoungPerson | None
    flagged: Message
    messages: Sequence[Message]
    alerts: Sequence[OutboxRow]
    """In the order of the chain."""
    actions: Sequence[FlagAction]
    named: Sequence[FlagNames]
    events: Sequence[Event]
    readings: Sequence[Reading]
    workers: dict[str, Worker]
    """Everybody who is mentioned, by id."""


def open_flags(work: Work, worker: Worker) -> list[FlagEntry]:
    """Flags nobody has closed, in the order of their clocks.

    Those nobody has taken on come first. Urgent ones go before the others: a low mood that is late must not stand above a
    danger that has three minutes left.
    """
    entries = _entries(work, select(Flag).where(Flag.closed_at.is_(None), flags_for(worker)).order_by(Flag.due_at, Flag.raised_at))
    return sorted(entries, key=lambda entry: (entry.flag.acknowledged_at is not None, entry.flag.level != "urgent"))


def closed_flags(work: Work, worker: Worker, limit: int = 50) -> list[FlagEntry]:
    """Flags that were closed, the last one first."""
    query = select(Flag).where(Flag.closed_at.is_not(None), flags_for(worker)).order_by(Flag.closed_at.desc()).limit(limit)
    return _entries(work, query)


def count_open(work: Work, worker: Worker) -> int:
    """How many open flags this worker may know of."""
    return work.session.scalar(select(func.count()).select_from(Flag).where(Flag.closed_at.is_(None), flags_for(worker))) or 0


def read_flag(work: Work, worker: Worker, flag_id: str, now: datetime) -> FlagView:
    """Opens a flag. The reading is committed before a word is fetched. Raises NotFound, also for a flag that names the worker."""
    flag = _found(work, worker, flag_id)
    work.session.add(Reading(worker_id=worker.id, about="flag", about_id=flag.id, conversation_id=flag.conversation_id, at=now))
    work.commit()
    flagged = work.session.get_one(Message, flag.message_id)
    return FlagView(
        flag=flag,
        young_person=_young_person(work, flag),
        flagged=flagged,
        messages=_around(work, worker, flagged),
        alerts=list(
            work.session.scalars(
                select(OutboxRow).where(OutboxRow.about_id == flag.id).order_by(OutboxRow.step, OutboxRow.created_at, OutboxRow.address)
            )
        ),
        actions=_actions(work, flag),
        named=list(work.session.scalars(select(FlagNames).where(FlagNames.flag_id == flag.id))),
        events=list(work.session.scalars(select(Event).where(Event.about == "flag", Event.about_id == flag.id).order_by(Event.id))),
        readings=list(
            work.session.scalars(select(Reading).where(Reading.about == "flag", Reading.about_id == flag.id).order_by(Reading.id))
        ),
        workers={one.id: one for one in work.session.scalars(select(Worker))},
    )


def acknowledge(work: Work, worker: Worker, flag_id: str, now: datetime) -> Flag:
    """Somebody says "I am looking at this": the clock stops. The first name stays. Raises NotFound, Stale for a closed flag."""
    flag = _found(work, worker, flag_id, lock=True)
    if flag.closed_at is not None:
        raise Stale
    if flag.acknowledged_at is None:
        _take_on(work, worker, flag, now)
        note_event(work, "flag", flag.id, "acknowledged", worker.id, now)
    work.session.flush()
    return flag


def act(work: Work, worker: Worker, flag_id: str, kind: str, words: str, now: datetime, *, token: str) -> FlagAction:
    """Writes down something that was done about a flag, now or after it was closed. The same form sent twice makes one.

    Raises NotFound, NothingWritten for a kind that is none ("kind") or one that needs words ("words").
    """
    flag = _found(work, worker, flag_id, lock=True)
    action_id = str(uuid.uuid5(_FORMS, f"{worker.id} {flag.id} {token}"))
    known = work.session.get(FlagAction, action_id)
    if known:
        return known
    if kind not in ACTIONS:
        raise NothingWritten("kind")
    if kind in IN_WORDS and not words.strip():
        raise NothingWritten("words")
    if flag.acknowledged_at is None:
        _take_on(work, worker, flag, now)
    action = FlagAction(id=action_id, flag_id=flag.id, worker_id=worker.id, kind=kind, words=words if words.strip() else None, at=now)
    work.session.add(action)
    note_event(work, "flag", flag.id, "acted", worker.id, now)
    work.session.flush()
    return action


def close(work: Work, worker: Worker, flag_id: str, outcome: str, now: datetime, *, ended: str) -> Flag:
    """Closes a flag with how it ended and in words. A false alarm changes nothing else: message, screening and flag stay.

    Raises NotFound, NothingWritten ("ended" or "outcome"), NothingDone, Stale when a colleague closed it before.
    """
    flag = _found(work, worker, flag_id, lock=True)
    if ended not in ENDINGS:
        raise NothingWritten("ended")
    if not outcome.strip():
        raise NothingWritten("outcome")
    if flag.closed_at is not None:
        if flag.closed_by == worker.id and flag.outcome == outcome and flag.ended == ended:
            return flag
        raise Stale
    if ended != "false_alarm" and not _actions(work, flag):
        raise NothingDone
    if flag.acknowledged_at is None:
        _take_on(work, worker, flag, now)
    flag.closed_by, flag.closed_at, flag.ended, flag.outcome = worker.id, now, ended, outcome
    note_event(work, "flag", flag.id, "closed", worker.id, now)
    work.session.flush()
    return flag


def _take_on(work: Work, worker: Worker, flag: Flag, now: datetime) -> None:
    flag.acknowledged_by, flag.acknowledged_at = worker.id, now
    escalation.stand_down(work, flag)


def name_worker(work: Work, worker: Worker, flag_id: str, named_id: str, now: datetime) -> None:
    """A colleague saw that the words mean somebody: from now on the flag, and the statements of its chat, are hidden from them.

    Raises NotFound for the flag or the worker.
    """
    conversations.held(work, _found(work, worker, flag_id).conversation_id)
    flag = _found(work, worker, flag_id, lock=True)
    if work.session.get(Worker, named_id) is None:
        raise NotFound
    if work.session.get(FlagNames, (flag.id, named_id)) is None:
        work.session.add(FlagNames(flag_id=flag.id, worker_id=named_id, reason="worker"))
        note_event(work, "flag", flag.id, "named", worker.id, now, detail=named_id)
        work.session.flush()
        flags.withdraw_alerts(work, flag.conversation_id)
        routing.decide_access_of_chat(work, flag.conversation_id)


def _found(work: Work, worker: Worker, flag_id: str, *, lock: bool = False) -> Flag:
    query = select(Flag).where(Flag.id == flag_id, flags_for(worker))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    flag = work.session.scalar(query)
    if flag is None:
        raise NotFound
    return flag


def _actions(work: Work, flag: Flag) -> list[FlagAction]:
    return list(work.session.scalars(select(FlagAction).where(FlagAction.flag_id == flag.id).order_by(FlagAction.at, FlagAction.id)))


def _young_person(work: Work, flag: Flag) -> YoungPerson | None:
    conversation = work.session.get_one(Conversation, flag.conversation_id)
    return work.session.get(YoungPerson, conversation.young_person_id) if conversation.young_person_id else None


def _entries(work: Work, query: object) -> list[FlagEntry]:
    return [FlagEntry(flag, _young_person(work, flag)) for flag in work.session.scalars(query)]  # type: ignore[call-overload]


def _few_around(work: Work, flagged: Message) -> tuple[int, int]:
    """The numbers of the first and the last bubble to show: from what the young person said just before it to what they said
    just after it. Answers given in "I need help now" come after the flag, so looking back alone would miss them."""
    theirs = select(Message.n).where(Message.conversation_id == flagged.conversation_id, Message.said_by == "me")
    before = list(work.session.scalars(theirs.where(Message.n < flagged.n).order_by(Message.n.desc()).limit(BEFORE)))
    after = list(work.session.scalars(theirs.where(Message.n > flagged.n).order_by(Message.n).limit(AFTER)))
    return min([flagged.n, *before]), max([flagged.n, *after])


def _around(work: Work, worker: Worker, flagged: Message) -> list[Message]:
    """The flagged bubble with those around it. Of the young person's drafts and kept statements, and of statements this
    worker may not read, nothing is shown but the one the flagged bubble itself belongs to."""
    first, last = _few_around(work, flagged)
    rows = messages.transcript(work, flagged.conversation_id, after=first - 1, upto=last)
    readable = {
        None,
        *work.session.scalars(select(Statement.id).where(Statement.conversation_id == flagged.conversation_id, statements_for(worker))),
    }
    withheld = exists().where(Access.statement_id == flagged.statement_id, Access.worker_id == worker.id, Access.granted.is_(False))
    if flagged.statement_id and not work.session.scalar(select(withheld)):
        readable.add(flagged.statement_id)
    return [row for row in rows if row.id == flagged.id or row.statement_id in readable]
