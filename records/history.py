"""What was done and opened at the desk, as far as a worker may know of what it was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from records.database import Work
from records.readable import around, flags_for, on_duty, statements_for
from records.tables import Conversation, Event, Flag, Reading, Statement, Worker, YoungPerson


@dataclass(frozen=True)
class Step:
    """One line: who did what, when, to what. `worker` None: Sayso itself, or the young person."""

    at: datetime
    worker: Worker | None
    what: str
    about: str
    about_id: str
    detail: str | None


def recent(work: Work, worker: Worker, *, limit: int = 100) -> Sequence[Step]:
    """The last changes and readings, newest first. What is about something the worker may not know of is left out."""
    names = {one.id: one for one in work.session.scalars(select(Worker))}
    events = work.session.scalars(select(Event).where(_known(Event, worker)).order_by(Event.id.desc()).limit(limit))
    readings = work.session.scalars(select(Reading).where(_known(Reading, worker)).order_by(Reading.id.desc()).limit(limit))
    steps = [Step(row.at, names.get(row.worker_id or ""), row.what, row.about, row.about_id, row.detail) for row in events] + [
        Step(row.at, names.get(row.worker_id), "opened", row.about, row.about_id, None) for row in readings
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)[:limit]


def of_young_person(work: Work, young_person_id: str) -> Sequence[Event]:
    """What was done with a young person's entry. The caller has checked that the worker may know them."""
    return list(
        work.session.scalars(
            select(Event).where(Event.about == "young_person", Event.about_id == young_person_id).order_by(Event.id.desc())
        )
    )


def _known(table: type[Event] | type[Reading], worker: Worker) -> ColumnElement[bool]:
    person = exists().where(YoungPerson.id == table.about_id)
    if not on_duty(worker):
        person = person.where(around(worker))
    chat = or_(
        exists().where(Statement.conversation_id == Conversation.id, statements_for(worker)),
        exists().where(Flag.conversation_id == Conversation.id, flags_for(worker)),
    )
    return or_(
        and_(table.about == "statement", exists().where(Statement.id == table.about_id, statements_for(worker))),
        and_(table.about == "flag", exists().where(Flag.id == table.about_id, flags_for(worker))),
        and_(table.about == "conversation", exists().where(Conversation.id == table.about_id, chat)),
        and_(table.about == "young_person", person),
    )
