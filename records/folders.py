"""The folders of the inbox: one class each, with one query. No folder shows or counts what the gate would refuse."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, func, or_, select

from records import meanings, safety_queue
from records.database import Work
from records.readable import on_duty, statements_for
from records.tables import Statement, Worker, YoungPerson
from voice.promises.clocks import ASSIGN_WITHIN

PAGE = 30


@dataclass(frozen=True)
class Entry:
    """A statement in a list: whose it is and where it stands, none of its words."""

    statement: Statement
    young_person: YoungPerson | None
    owner: Worker | None
    overdue: bool


class Folder(ABC):
    """A part of what one worker may see, at one moment."""

    name: ClassVar[str]
    title: ClassVar[str]
    duty_only: ClassVar[bool] = False

    def __init__(self, worker: Worker, now: datetime) -> None:
        self.worker = worker
        self.now = now

    @abstractmethod
    def holds(self) -> ColumnElement[bool]:
        """Which statements lie in it, of those the worker may see."""

    def first(self) -> Sequence[Any]:
        """The order: what is due first comes first."""
        return func.coalesce(Statement.reply_by, Statement.sent_at), Statement.id


class NeedsAttention(Folder):
    """Statements whose time is over. The open flags are shown and counted with it."""

    name = "attention"
    title = "Needs attention now"

    def holds(self) -> ColumnElement[bool]:
        """Not given to anybody, not read, or not answered, by the time that was promised."""
        return or_(overdue(self.now), and_(Statement.owner_id.is_(None), Statement.sent_at < self.now - ASSIGN_WITHIN))


class Mine(Folder):
    """What this worker owns and has not finished."""

    name = "mine"
    title = "Mine"

    def holds(self) -> ColumnElement[bool]:
        """Owned, not done."""
        return and_(Statement.owner_id == self.worker.id, Statement.status != "done")


class Unassigned(Folder):
    """What belongs to nobody yet. Only workers on duty have it."""

    name = "unassigned"
    title = "Unassigned"
    duty_only = True

    def holds(self) -> ColumnElement[bool]:
        """No owner, or a chat that is not tied to a young person, and not done."""
        return and_(or_(Statement.owner_id.is_(None), Statement.young_person_id.is_(None)), Statement.status != "done")


class All(Folder):
    """Everything the worker may see that is not finished."""

    name = "all"
    title = "All"

    def holds(self) -> ColumnElement[bool]:
        """Not done."""
        return Statement.status != "done"


class Done(Folder):
    """What is finished."""

    name = "done"
    title = "Done"

    def holds(self) -> ColumnElement[bool]:
        """Done."""
        return Statement.status == "done"

    def first(self) -> Sequence[Any]:
        """What was finished last comes first."""
        return Statement.done_at.desc(), Statement.id


FOLDERS: tuple[type[Folder], ...] = (NeedsAttention, Mine, Unassigned, All, Done)


def overdue(now: datetime) -> ColumnElement[bool]:
    """Statements not read, or not answered, by the time the young person was told."""
    return or_(
        and_(Statement.status == "sent", Statement.read_by < now),
        and_(Statement.status.in_(("sent", "read")), Statement.reply_by < now),
    )


def is_overdue(statement: Statement, now: datetime) -> bool:
    """The same of one statement."""
    unread = statement.status == "sent" and statement.read_by is not None and statement.read_by < now
    unanswered = statement.status in ("sent", "read") and statement.reply_by is not None and statement.reply_by < now
    return unread or unanswered


def folders_of(worker: Worker, now: datetime) -> tuple[Folder, ...]:
    """The folders this worker has."""
    return tuple(folder(worker, now) for folder in FOLDERS if worker.active and (on_duty(worker) or not folder.duty_only))


def counts(work: Work, worker: Worker, now: datetime) -> dict[str, int]:
    """Name of each folder → how much is in it, the open flags counted with what needs attention."""
    sizes = {folder.name: _size(work, folder) for folder in folders_of(worker, now)}
    if NeedsAttention.name in sizes:
        sizes[NeedsAttention.name] += safety_queue.count_open(work, worker)
    return sizes


def contents(
    work: Work, folder: Folder, *, page: int = 1, name: str = "", topic: str | None = None, stance: str | None = None
) -> tuple[Sequence[Entry], int]:
    """One page (from 1) of a folder, and how many statements there are on all pages.

    `name` narrows it to young people whose name has these letters, `topic` and `stance` to statements in which something
    is about this topic, in this spirit; what workers put right counts.
    """
    query = select(Statement).where(statements_for(folder.worker), folder.holds()).order_by(*folder.first())
    if name.strip() or topic or stance:
        # names and answers are sealed, so they are compared here; only those of statements the worker may see are opened
        rows = list(work.session.scalars(query))
        if topic or stance:
            said = meanings.of_latest(work, query.with_only_columns(Statement.id).order_by(None))
            rows = [row for row in rows if row.id in said and said[row.id].holds(topic, stance)]
        entries = _entries(work, rows, folder.now)
        if name.strip():
            entries = [entry for entry in entries if _is_called(entry, name)]
        return entries[(page - 1) * PAGE : page * PAGE], len(entries)
    rows = list(work.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))
    return _entries(work, rows, folder.now), _size(work, folder)


def of_young_person(work: Work, worker: Worker, young_person_id: str, now: datetime) -> Sequence[Entry]:
    """The statements of one young person that this worker may see, the last one first."""
    query = select(Statement).where(statements_for(worker), Statement.young_person_id == young_person_id)
    return _entries(work, list(work.session.scalars(query.order_by(Statement.sent_at.desc()))), now)


def _size(work: Work, folder: Folder) -> int:
    query = select(func.count()).select_from(Statement).where(statements_for(folder.worker), folder.holds())
    return work.session.scalar(query) or 0


def _entries(work: Work, rows: Sequence[Statement], now: datetime) -> list[Entry]:
    people = {row.young_person_id for row in rows if row.young_person_id}
    owners = {row.owner_id for row in rows if row.owner_id}
    persons = {one.id: one for one in work.session.scalars(select(YoungPerson).where(YoungPerson.id.in_(people)))}
    workers = {one.id: one for one in work.session.scalars(select(Worker).where(Worker.id.in_(owners)))}
    return [Entry(row, persons.get(row.young_person_id or ""), workers.get(row.owner_id or ""), is_overdue(row, now)) for row in rows]


def _is_called(entry: Entry, name: str) -> bool:
    return entry.young_person is not None and name.strip().casefold() in entry.young_person.name.casefold()
