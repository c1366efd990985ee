"""Sign-ins at the desk: made anew at every sign-in, ended by silence, by the end of the day or by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from records import codes
from records.database import Work
from records.errors import NotSignedIn
from records.tables import DeskSession, Worker

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)

_SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last visit is kept. Each page would write otherwise."""


def start(work: Work, worker: Worker, now: datetime, *, instead_of: str | None = None) -> str:
    """Signs a worker in; returns the token for their cookie. `instead_of`, the cookie they came with, is ended."""
    if instead_of:
        end(work, instead_of, now)
    token = codes.new_token()
    work.session.add(DeskSession(token_hash=codes.token_hash(token), worker_id=worker.id, created_at=now, seen_at=now))
    work.session.flush()
    return token


def worker_of(work: Work, token: str, now: datetime) -> Worker:
    """Who is signed in with this token. Notes the visit.

    Raises NotSignedIn for a token that is unknown, ended, silent for 60 minutes or 12 hours old, and for a closed account.
    """
    session = work.session.get(DeskSession, codes.token_hash(token))
    if session is None or session.ended_at is not None or now - session.seen_at >= IDLE or now - session.created_at >= LONGEST:
        raise NotSignedIn
    worker = work.session.get_one(Worker, session.worker_id)
    if not worker.active:
        raise NotSignedIn
    if now - session.seen_at >= _SEEN_EVERY:
        session.seen_at = now
    return worker


def end(work: Work, token: str, now: datetime) -> None:
    """Signs out. An unknown token is left alone: signing out always works."""
    session = work.session.get(DeskSession, codes.token_hash(token))
    if session and session.ended_at is None:
        session.ended_at = now


def end_all(work: Work, worker_id: str, now: datetime, *, but: str | None = None) -> None:
    """Ends every sign-in of a worker, except the one of token `but`."""
    spared = codes.token_hash(but) if but else ""
    work.session.execute(
        update(DeskSession)
        .where(DeskSession.worker_id == worker_id, DeskSession.ended_at.is_(None), DeskSession.token_hash != spared)
        .values(ended_at=now)
    )
