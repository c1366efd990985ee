"""Keeps what was understood of each message, and fetches it."""

from __future__ import annotations

from records.database import Work
from records.tables import Message, UnderstandingRow
from voice.understanding.understood import Part, Understood


def keep(work: Work, message: Message, understood: Understood) -> None:
    """Keeps what was understood of a message that was just added."""
    parts = [part.to_plain() for part in understood.parts]
    row = UnderstandingRow(message_id=message.id, topics=list(understood.topics), stance=understood.stance, parts=parts)
    work.session.add(row)


def of_message(work: Work, message_id: str) -> Understood | None:
    """What was understood of a message; None for a pressed button and for what was kept before Sayso listened."""
    row = work.session.get(UnderstandingRow, message_id)
    if row is None:
        return None
    return Understood(tuple(row.topics), row.stance, tuple(Part.from_plain(part) for part in row.parts))  # type: ignore[arg-type]
