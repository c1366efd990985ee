"""Statements at the desk. `read_statement` is the one gate through which a worker gets to a young person's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from records import conversations, messages
from records.database import Work
from records.errors import NotFound
from records.readable import flags_for, statements_for
from records.routing import note_event
from records.tables import (
    Access,
    Conversation,
    Event,
    Flag,
    Message,
    Note,
    Reading,
    Reply,
    Statement,
    StatementVersion,
    Worker,
    YoungPerson,
)
from records.telling import tell_of_reading

PRIVATE = ("not_in_front_of", "do_not_discuss", "private_from", "private_parts", "not_invite")
"""Who should not see or hear what (the names under which the pathways save it)."""


@dataclass(frozen=True)
class Line:
    """One answer of a statement as it was sent. `n` is the bubble it came from, if it was said in the chat."""

    question: str
    save: str
    question_shown: str
    verbatim: str | None
    values: tuple[str, ...]
    labels: tuple[str, ...]
    how: str
    n: int | None

    @property
    def said(self) -> bool:
        """Whether there is an answer to show."""
        return self.how == "answered" and bool(self.verbatim or self.labels)

    @property
    def restricts(self) -> bool:
        """Of a question about who should not see or hear something: whether it says more than "nobody"."""
        return self.said and (self.verbatim is not None or self.values != ("nobody",))


@dataclass(frozen=True)
class StatementView:
    """A statement with everything this worker may see around it. `version` is the one shown, the latest unless asked otherwise."""

    statement: Statement
    versions: Sequence[StatementVersion]
    version: StatementVersion
    lines: Sequence[Line]
    transcript: Sequence[Message]
    young_person: YoungPerson | None
    notes: Sequence[Note]
    replies: Sequence[Reply]
    events: Sequence[Event]
    readings: Sequence[Reading]
    flags: Sequence[Flag]
    workers: dict[str, Worker]
    """Everybody who is mentioned, by id."""
    seen: str
    """Stands in every form of the page, so that a change made on an old page is noticed (promise P42)."""


def read_statement(work: Work, worker: Worker, statement_id: str, now: datetime, *, number: int | None = None) -> StatementView:
    """Opens a statement for a worker. `number` picks an earlier version.

    The reading is committed before a word is fetched, so no fault later can hide that it was opened. The first reading by
    its owner or a recipient makes it "read" and says so in the chat. Raises NotFound, also for what the worker may not
    know of, and for drafts, which are the young person's own.
    """
    statement = _found(work, worker, statement_id)
    work.session.add(
        Reading(worker_id=worker.id, about="statement", about_id=statement.id, conversation_id=statement.conversation_id, at=now)
    )
    if statement.status == "sent" and _is_for(work, statement, worker):
        _note_first_reading(work, worker, statement, now)
    work.commit()
    return _view(work, worker, statement, number)


def stamp(work: Work, statement: Statement) -> str:
    """Which version and which last change of a statement somebody saw.

    Readings, notes and whether a reply helped change nothing that another worker's page could contradict.
    """
    version = work.session.scalar(select(func.max(StatementVersion.number)).where(StatementVersion.statement_id == statement.id))
    event = work.session.scalar(
        select(func.max(Event.id)).where(
            Event.about == "statement", Event.about_id == statement.id, Event.what.in_(("given", "assigned", "replied", "done", "reopened"))
        )
    )
    return f"{version or 0}.{event or 0}"


def open_for_change(work: Work, worker: Worker, statement_id: str) -> tuple[Statement, Conversation]:
    """A statement this worker may see, with its chat, both locked until the unit of work ends. Raises NotFound."""
    conversation_id = _found(work, worker, statement_id).conversation_id
    conversation = conversations.held(work, conversation_id)
    statement = work.session.scalar(
        select(Statement)
        .where(Statement.id == statement_id, statements_for(worker))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if statement is None:
        raise NotFound
    return statement, conversation


def who_can_have(work: Work, statement: Statement) -> list[Worker]:
    """Active workers the statement may be given to: everybody who is not kept from it for certain."""
    withheld = exists().where(
        Access.statement_id == statement.id, Access.worker_id == Worker.id, Access.granted.is_(False), Access.reason != "unclear"
    )
    return list(work.session.scalars(select(Worker).where(Worker.active.is_(True), ~withheld).order_by(Worker.name)))


def _found(work: Work, worker: Worker, statement_id: str) -> Statement:
    statement = work.session.scalar(select(Statement).where(Statement.id == statement_id, statements_for(worker)))
    if statement is None:
        raise NotFound
    return statement


def _is_for(work: Work, statement: Statement, worker: Worker) -> bool:
    row = work.session.get(Access, (statement.id, worker.id))
    return row is not None and row.granted


def _note_first_reading(work: Work, worker: Worker, statement: Statement, now: datetime) -> None:
    conversation = conversations.held(work, statement.conversation_id)
    # another reader may have been first while we waited for the chat
    work.session.refresh(statement, with_for_update=True)
    if statement.status != "sent":
        return
    statement.status, statement.read_at = "read", now
    note_event(work, "statement", statement.id, "read", worker.id, now)
    tell_of_reading(work, conversation, statement.id, worker, now)


def _view(work: Work, worker: Worker, statement: Statement, number: int | None) -> StatementView:
    def rows(table: Any) -> list[Any]:
        return list(work.session.scalars(select(table).where(table.statement_id == statement.id).order_by(table.at)))

    versions = list(
        work.session.scalars(
            select(StatementVersion).where(StatementVersion.statement_id == statement.id).order_by(StatementVersion.number)
        )
    )
    version = next((one for one in versions if one.number == number), None) if number else versions[-1]
    if version is None:
        raise NotFound
    events = list(work.session.scalars(select(Event).where(Event.about == "statement", Event.about_id == statement.id).order_by(Event.id)))
    readings = list(
        work.session.scalars(select(Reading).where(Reading.about == "statement", Reading.about_id == statement.id).order_by(Reading.id))
    )
    flags = work.session.scalars(
        select(Flag).where(Flag.conversation_id == statement.conversation_id, flags_for(worker)).order_by(Flag.raised_at)
    )
    return StatementView(
        statement=statement,
        versions=versions,
        version=version,
        lines=tuple(line_of(part) for part in version.body),
        transcript=messages.of_statement(work, statement.id, version.to_n),
        young_person=work.session.get(YoungPerson, statement.young_person_id) if statement.young_person_id else None,
        notes=rows(Note),
        replies=rows(Reply),
        events=events,
        readings=readings,
        flags=list(flags),
        workers={one.id: one for one in work.session.scalars(select(Worker))},
        seen=stamp(work, statement),
    )


def line_of(part: Mapping[str, Any]) -> Line:
    """A part of a version's body as a line."""
    return Line(
        question=part["question"],
        save=part["save"],
        question_shown=part["question_shown"],
        verbatim=part["verbatim"],
        values=tuple(choice["value"] for choice in part["choices"]),
        labels=tuple(choice["label"] for choice in part["choices"]),
        how=part["how"],
        n=part["n"],
    )
