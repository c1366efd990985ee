"""Who a statement goes to, and who may not see it. The young person's word and a flag both go before any role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from records import outbox
from records.conversations import Circle, circle_of
from records.database import Work
from records.tables import Access, Conversation, Event, Flag, FlagNames, Statement, Worker

_ROLE_OF = {"social_worker": "social_worker", "not_sure": "social_worker", "reviewing_officer": "reviewing_officer"}
"""Which worker of the young person a recipient choice means; every other choice means "somebody must decide": unassigned."""


def route(work: Work, statement: Statement, now: datetime) -> None:
    """Gives a statement its owner and its readers, and tells the owner by mail that something is waiting.

    Without anybody who may have it, it goes to the unassigned folder, which duty workers empty.
    """
    circle = _circle(work, statement)
    withheld = _withheld(work, statement, circle)
    owner = _owner_so_far(work, statement, withheld) or next(
        (worker for worker in _readers(circle, statement) if worker.id not in withheld), None
    )
    statement.owner_id = owner.id if owner else None
    decide_access(work, statement)
    if owner is None:
        for address in outbox.duty_addresses(work, withheld):
            outbox.put(work, kind="statement_sent", about_id=statement.id, address=address, now=now, again=True)
    else:
        outbox.put(work, kind="statement_sent", about_id=statement.id, address=owner.email, now=now, again=True)
        note_event(work, "statement", statement.id, "given", None, now, detail=owner.id)


def decide_access(work: Work, statement: Statement) -> None:
    """Writes anew which workers may read a statement and which may not. An owner who may not have it loses it."""
    circle = _circle(work, statement)
    withheld = _withheld(work, statement, circle)
    granted: dict[str, str] = {}
    for worker in _readers(circle, statement):
        granted[worker.id] = "recipient"
    if statement.owner_id in withheld:
        statement.owner_id = None
    if statement.owner_id:
        granted[statement.owner_id] = "owner"
    work.session.execute(delete(Access).where(Access.statement_id == statement.id))
    rows = {worker: Access(statement_id=statement.id, worker_id=worker, granted=True, reason=why) for worker, why in granted.items()}
    rows |= {worker: Access(statement_id=statement.id, worker_id=worker, granted=False, reason=why) for worker, why in withheld.items()}
    work.session.add_all(rows.values())
    work.session.flush()


def decide_access_of_chat(work: Work, conversation_id: str) -> None:
    """Decides anew for every statement of a chat: after a flag, a match or its undoing."""
    for statement in work.session.scalars(select(Statement).where(Statement.conversation_id == conversation_id)):
        decide_access(work, statement)


def note_event(work: Work, about: str, about_id: str, what: str, worker_id: str | None, now: datetime, detail: str | None = None) -> None:
    """Adds one line to the history of a statement, flag, chat or young person."""
    work.session.add(Event(about=about, about_id=about_id, worker_id=worker_id, what=what, detail=detail, at=now))


def _withheld(work: Work, statement: Statement, circle: Circle) -> dict[str, str]:
    withheld: dict[str, str] = {}
    # "someone else" is a name in the young person's own words: until a person has read it, it may be any of theirs
    anybody = "someone_else" in statement.hide_from
    for role, worker in (("social_worker", circle.social_worker), ("reviewing_officer", circle.reviewing_officer)):
        if worker and role in statement.hide_from:
            withheld[worker.id] = "hidden"
        elif worker and anybody and worker.id != statement.owner_id:
            withheld[worker.id] = "unclear"
    named = select(FlagNames.worker_id).join(Flag, Flag.id == FlagNames.flag_id).where(Flag.conversation_id == statement.conversation_id)
    withheld |= dict.fromkeys(work.session.scalars(named), "named")
    return withheld


def _readers(circle: Circle, statement: Statement) -> list[Worker]:
    """The workers the young person picked. Without any pick: their social worker."""
    found = (_worker_for(circle, recipient) for recipient in statement.recipients or ["not_sure"])
    return [worker for worker in found if worker]


def _owner_so_far(work: Work, statement: Statement, withheld: dict[str, str]) -> Worker | None:
    """Who has it already, if a colleague gave it to them: a new version does not take it away."""
    owner = work.session.get(Worker, statement.owner_id) if statement.owner_id else None
    return owner if owner and owner.active and owner.id not in withheld else None


def _worker_for(circle: Circle, recipient: str) -> Worker | None:
    role = _ROLE_OF.get(recipient)
    if role == "social_worker":
        return circle.social_worker
    return circle.reviewing_officer if role == "reviewing_officer" else None


def _circle(work: Work, statement: Statement) -> Circle:
    return circle_of(work, work.session.get_one(Conversation, statement.conversation_id))
