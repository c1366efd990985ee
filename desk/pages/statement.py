"""A statement beside the part of the chat it came from, and what can be done with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from desk.hints import hints_for
from desk.visit import Visit
from records import answering, meanings, young_people
from records.errors import CannotBeGiven, NoReplyYet, NothingWritten, Stale
from records.folders import is_overdue
from records.readable import on_duty
from records.statements import PRIVATE, StatementView, read_statement, who_can_have
from records.tables import Event, Note, Reply

WANTED = "wanted_outcome"
"""Comes first on the page."""

_SHOWN_OTHERWISE = ("replied", "noted")
"""Events that stand in the list as the reply or the note itself."""


@dataclass(frozen=True)
class Moment:
    """One thing in the history of a statement: an event, a note or a reply."""

    at: datetime
    kind: str
    who: str | None
    event: Event | None = None
    note: Note | None = None
    reply: Reply | None = None


def read(visit: Visit) -> Response:
    """The statement, through the gate: the reading is kept before anything is shown."""
    return _show(visit)


def assign(visit: Visit) -> Response:
    """Gives it to somebody."""
    with visit.desk.work() as work:
        try:
            answering.assign(work, visit.worker, _id(visit), visit.written("worker"), visit.now, seen=visit.written("seen"))
        except (CannotBeGiven, Stale) as fault:
            work.session.rollback()
            return _show(visit, 409, fault=fault.code)
        work.commit()
    return visit.go(_path(visit), "assigned")


def note(visit: Visit) -> Response:
    """Keeps a note for colleagues."""
    with visit.desk.work() as work:
        try:
            answering.add_note(work, visit.worker, _id(visit), visit.written("note"), visit.now, token=visit.written("form"))
        except NothingWritten:
            work.session.rollback()
            return _show(visit, 422, fault="note")
        work.commit()
    return visit.go(_path(visit), "noted")


def reply(visit: Visit) -> Response:
    """Answers the young person, or, when asked to check the words first, only shows the hints."""
    text, form = visit.written("reply"), visit.written("form")
    if visit.written("do") == "check":
        return _show(visit, draft=text, form=form, checked=True)
    with visit.desk.work() as work:
        try:
            answering.reply(work, visit.worker, _id(visit), text, visit.now, token=form, seen=visit.written("seen"))
        except (NothingWritten, Stale) as fault:
            work.session.rollback()
            return _show(visit, 409 if isinstance(fault, Stale) else 422, fault="reply_" + fault.code, draft=text)
        work.commit()
    return visit.go(_path(visit), "replied")


def done(visit: Visit) -> Response:
    """Takes it off the list."""
    with visit.desk.work() as work:
        try:
            answering.mark_done(work, visit.worker, _id(visit), visit.now, seen=visit.written("seen"))
        except (NoReplyYet, Stale) as fault:
            work.session.rollback()
            return _show(visit, 409, fault=fault.code)
        work.commit()
    return visit.go(_path(visit), "done")


def reopen(visit: Visit) -> Response:
    """Puts it back on the list."""
    with visit.desk.work() as work:
        try:
            answering.reopen(work, visit.worker, _id(visit), visit.now, seen=visit.written("seen"))
        except Stale as fault:
            work.session.rollback()
            return _show(visit, 409, fault=fault.code)
        work.commit()
    return visit.go(_path(visit), "reopened")


def _show(visit: Visit, status: int = 200, *, fault: str = "", draft: str = "", form: str = "", checked: bool = False) -> Response:
    asked = visit.asked("version")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    with visit.desk.work() as work:
        view = read_statement(work, visit.worker, _id(visit), visit.now, number=number)
        said = meanings.of_version(work, view.version)
        takers = who_can_have(work, view.statement)
        tie = young_people.match_of(work, view.statement.conversation_id)
    return visit.show(
        "statement.html",
        status,
        view=view,
        statement=view.statement,
        meanings=said,
        wanted=next((line for line in view.lines if line.save == WANTED), None),
        private=[line for line in view.lines if line.save in PRIVATE and line.restricts],
        lines=[line for line in view.lines if line.save != WANTED and not (line.save in PRIVATE and line.restricts)],
        sources=_sources(view),
        moments=_moments(view),
        takers=takers,
        overdue=is_overdue(view.statement, visit.now),
        can_match=on_duty(visit.worker) and view.young_person is None,
        undo=tie if tie and on_duty(visit.worker) and young_people.can_undo(tie, visit.now) else None,
        fault=fault,
        draft=draft,
        hints=hints_for(visit.desk.settings.root, draft) if draft else (),
        checked=checked,
        reply_form=form or secrets.token_urlsafe(9),
        note_form=secrets.token_urlsafe(9),
    )


def _sources(view: StatementView) -> dict[int, list[int]]:
    """Bubble → the places in the statement (from 1) of the lines that came from it."""
    sources: dict[int, list[int]] = {}
    for place, line in enumerate(view.lines, start=1):
        if line.n is not None:
            sources.setdefault(line.n, []).append(place)
    return sources


def _moments(view: StatementView) -> list[Moment]:
    def who(worker_id: str | None) -> str | None:
        return view.workers[worker_id].name if worker_id in view.workers else None

    moments = [Moment(row.sent_at, "sent", None) for row in view.versions]
    moments += [Moment(row.at, "event", who(row.worker_id), event=row) for row in view.events if row.what not in _SHOWN_OTHERWISE]
    moments += [Moment(row.at, "note", who(row.worker_id), note=row) for row in view.notes]
    moments += [Moment(row.at, "reply", who(row.worker_id), reply=row) for row in view.replies]
    return sorted(moments, key=lambda moment: moment.at)


def _id(visit: Visit) -> str:
    return visit.part("statement")


def _path(visit: Visit) -> str:
    return f"/statements/{_id(visit)}"
