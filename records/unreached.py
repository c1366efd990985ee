"""An alert that was expected to go out and has not: the young person is told so, once, the next time their chat shows something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select

from records.database import Work
from records.outbox import STUCK_AFTER
from records.routing import note_event
from records.tables import Event, Flag, OutboxRow

TOLD = "told_not_reached"
"""The event: the chat has said that nobody could be alerted."""
_LONGEST = timedelta(days=1)
"""A bubble about something from longer ago would be about another day."""


_DUE = select(Flag).where(
    Flag.conversation_id == bindparam("chat"),
    Flag.level == "urgent",
    Flag.raised_at <= bindparam("before"),
    Flag.raised_at > bindparam("after"),
    Flag.acknowledged_at.is_(None),
    Flag.closed_at.is_(None),
    ~exists().where(Event.about == "flag", Event.about_id == Flag.id, Event.what == TOLD),
    ~exists().where(OutboxRow.about_id == Flag.id, OutboxRow.delivered_at.is_not(None)),
)
"""Made once, as in messages.py."""


def due(work: Work, conversation_id: str, now: datetime) -> list[Flag]:
    """Urgent flags of a chat of which no alert has gone out for ten minutes, that nobody looks at, and of which the chat has
    not said so. Writes nothing."""
    with work.session.no_autoflush:
        # flags this old are not among what waits to be written
        return list(work.session.scalars(_DUE, {"chat": conversation_id, "before": now - STUCK_AFTER, "after": now - _LONGEST}))


def note_told(work: Work, told: Sequence[Flag], now: datetime) -> None:
    """Keeps that the chat has said of these flags that nobody could be alerted."""
    for flag in told:
        note_event(work, "flag", flag.id, TOLD, None, now)
    work.session.flush()
