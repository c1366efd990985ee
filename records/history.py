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
    """One line: who did what, when, to what, and whose it is. `worker` None: Sayso itself, or the young person.

    `other` is the worker it was done to, for what is given to somebody or hidden from them.
    """

    at: datetime
    worker: Worker | None
    what: str
    about: str
    about_id: str
    other: Worker | None
    young_person: YoungPerson | None


def recent(work: Work, worker: Worker, *, limit: int = 100) -> Sequence[Step]:
    """The last changes and readings, newest first. What is about something the worker may not know of is left out."""
    workers = {one.id: one for one in work.session.scalars(select(Worker))}
    # an alert that goes out every five minutes would push everything else from the page; the flag itself shows each
    shown = select(Event).where(_known(Event, worker), Event.what != "alert_again")
    events = list(work.session.scalars(shown.order_by(Event.id.desc()).limit(limit)))
    readings = list(work.session.scalars(select(Reading).where(_known(Reading, worker)).order_by(Reading.id.desc()).limit(limit)))
    owners = _whose(work, [row.about_id for row in events] + [row.about_id for row in readings])
    steps = [
        Step(
            row.at,
            workers.get(row.worker_id or ""),
            row.what,
            row.about,
            row.about_id,
            workers.get(row.detail or ""),
            owners.get(row.about_id),
        )
        for row in events
    ]
    steps += [
        Step(row.at, workers.get(row.worker_id), "opened", row.about, row.about_id, None, owners.get(row.about_id)) for row in readings
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


def _whose(work: Work, ids: Sequence[str]) -> dict[str, YoungPerson]:
    """Whose each statement, flag, chat or entry is, by its id, as far as that is known."""
    ties = (
        select(Statement.id, Statement.young_person_id).where(Statement.id.in_(ids)),
        select(Conversation.id, Conversation.young_person_id).where(Conversation.id.in_(ids)),
        select(Flag.id, Conversation.young_person_id).join(Conversation, Conversation.id == Flag.conversation_id).where(Flag.id.in_(ids)),
        select(YoungPerson.id, YoungPerson.id).where(YoungPerson.id.in_(ids)),
    )
    pairs = [pair for query in ties for pair in work.session.execute(query).tuples()]
    people = {one.id: one for one in work.session.scalars(select(YoungPerson).where(YoungPerson.id.in_({owner for _, owner in pairs})))}
    return {about: people[owner] for about, owner in pairs if owner in people}
