"""What workers do with a statement: give it to somebody, note, reply, done. Each goes through the gate and leaves a line in its history."""

from __future__ import annotations

import uuid
from datetime import datetime

from records import outbox, routing
from records.database import Work
from records.errors import CannotBeGiven, NoReplyYet, NothingWritten, Stale
from records.routing import note_event
from records.statements import open_for_change, stamp, who_can_have
from records.tables import Note, Reply, Statement, Worker
from records.telling import tell_of_reply

_FORMS = uuid.UUID("6e7d3a0e-3a43-4a0e-9f53-5d1d0c6d1b7a")


def assign(work: Work, worker: Worker, statement_id: str, to_worker_id: str, now: datetime, *, seen: str | None = None) -> Statement:
    """Gives a statement to another worker, who is told by mail that something is waiting.

    Raises NotFound, Stale, CannotBeGiven for somebody who left or whom the young person or a flag keeps from it.
    """
    statement, _ = open_for_change(work, worker, statement_id)
    _check_fresh(work, statement, seen)
    chosen = next((one for one in who_can_have(work, statement) if one.id == to_worker_id), None)
    if chosen is None:
        raise CannotBeGiven
    if statement.owner_id != chosen.id:
        statement.owner_id = chosen.id
        routing.decide_access(work, statement)
        note_event(work, "statement", statement.id, "assigned", worker.id, now, detail=chosen.id)
        outbox.put(work, kind="statement_sent", about_id=statement.id, address=chosen.email, now=now, again=True)
    work.session.flush()
    return statement


def add_note(work: Work, worker: Worker, statement_id: str, text: str, now: datetime, *, token: str) -> Note:
    """Adds a note for colleagues. The same form sent twice makes one note. Raises NotFound, NothingWritten."""
    statement, _ = open_for_change(work, worker, statement_id)
    note_id = _id_of_form(worker, statement, "note", token)
    known = work.session.get(Note, note_id)
    if known:
        return known
    note = Note(id=note_id, statement_id=statement.id, worker_id=worker.id, text=_written(text, "note"), at=now)
    work.session.add(note)
    note_event(work, "statement", statement.id, "noted", worker.id, now)
    work.session.flush()
    return note


def reply(work: Work, worker: Worker, statement_id: str, text: str, now: datetime, *, token: str, seen: str | None = None) -> Reply:
    """Answers the young person: kept as a reply, shown in their chat word for word, with the question whether it helped.

    `token` names the form: the same one sent twice makes one reply. `seen` is the stamp of the page it was written on.
    Raises NotFound, NothingWritten, Stale when somebody else changed the statement since.
    """
    statement, conversation = open_for_change(work, worker, statement_id)
    reply_id = _id_of_form(worker, statement, "reply", token)
    known = work.session.get(Reply, reply_id)
    if known:
        return known
    words = _written(text, "reply")
    _check_fresh(work, statement, seen)
    answer = Reply(id=reply_id, statement_id=statement.id, worker_id=worker.id, text=words, at=now)
    work.session.add(answer)
    work.session.flush()
    answer.message_id = tell_of_reply(work, conversation, answer, worker, now).id
    statement.status, statement.replied_at = "replied", now
    statement.read_at = statement.read_at or now
    note_event(work, "statement", statement.id, "replied", worker.id, now)
    work.session.flush()
    return answer


def mark_done(work: Work, worker: Worker, statement_id: str, now: datetime, *, seen: str | None = None) -> Statement:
    """Takes a statement off the list. Raises NotFound, Stale, NoReplyYet: every statement gets an answer the child can see."""
    statement, _ = open_for_change(work, worker, statement_id)
    if statement.status == "done":
        return statement
    _check_fresh(work, statement, seen)
    if statement.replied_at is None:
        raise NoReplyYet
    statement.status, statement.done_at = "done", now
    note_event(work, "statement", statement.id, "done", worker.id, now)
    work.session.flush()
    return statement


def reopen(work: Work, worker: Worker, statement_id: str, now: datetime, *, seen: str | None = None) -> Statement:
    """Puts a statement that was done back on the list. Raises NotFound, Stale."""
    statement, _ = open_for_change(work, worker, statement_id)
    if statement.status != "done":
        return statement
    _check_fresh(work, statement, seen)
    statement.status, statement.done_at = "replied", None
    note_event(work, "statement", statement.id, "reopened", worker.id, now)
    work.session.flush()
    return statement


def _check_fresh(work: Work, statement: Statement, seen: str | None) -> None:
    if seen is not None and seen != stamp(work, statement):
        raise Stale


def _id_of_form(worker: Worker, statement: Statement, kind: str, token: str) -> str:
    """The id of what a form makes. It follows from the form, so sending it twice finds what the first time made."""
    return str(uuid.uuid5(_FORMS, f"{kind} {worker.id} {statement.id} {token}"))


def _written(text: str, what: str) -> str:
    if not text.strip():
        raise NothingWritten(what)
    return text
