"""Slowing down whoever guesses at codes and passwords, without locking anybody else out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from records.codes import token_hash
from records.database import Work
from records.errors import SlowDown
from records.tables import Attempt

FREE_TRIES = 5
WINDOW = timedelta(minutes=15)


def check_tries(work: Work, key: str, now: datetime) -> None:
    """Raises SlowDown when `key` has failed too often lately: after 5 failures in 15 minutes each further one doubles the wait.

    `key` names what is being tried from where ("code 127.0.0.1"); only its keyed hash is kept.
    """
    hashed = token_hash(key)
    failures, last = work.session.execute(
        select(func.count(), func.max(Attempt.at)).where(Attempt.key == hashed, Attempt.at > now - WINDOW)
    ).one()
    if failures < FREE_TRIES:
        return
    wait = timedelta(seconds=min(2 ** (failures - FREE_TRIES + 1), 900))
    ready = last + wait
    if now < ready:
        raise SlowDown(max(1, int((ready - now).total_seconds())))


def note_failure(work: Work, key: str, now: datetime) -> None:
    """Remembers one failed try and forgets those older than the window."""
    work.session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
    work.session.add(Attempt(key=token_hash(key), at=now))


def forget_failures(work: Work, key: str) -> None:
    """A success wipes the slate."""
    work.session.execute(delete(Attempt).where(Attempt.key == token_hash(key)))
