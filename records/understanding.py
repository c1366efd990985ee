"""Keeps what was understood of each message, and fetches it."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from records.database import Work
from records.tables import Message, UnderstandingRow
from voice.understanding.understood import Part, Understood, of_several

_OF_MESSAGE = select(UnderstandingRow).where(UnderstandingRow.message_id == bindparam("message"))
"""Made once, as in messages.py."""


def keep(work: Work, message: Message, understood: Understood) -> None:
    """Keeps what was understood of a message that was just added."""
    parts = [part.to_plain() for part in understood.parts]
    row = UnderstandingRow(message_id=message.id, topics=list(understood.topics), stance=understood.stance, parts=parts)
    work.session.add(row)


def of_message(work: Work, message_id: str) -> Understood | None:
    """What was understood of a message; None for a pressed button and for what was kept before Sayso listened."""
    row = work.session.scalar(_OF_MESSAGE, {"message": message_id})
    if row is None:
        return None
    return Understood(tuple(row.topics), row.stance, tuple(Part.from_plain(part) for part in row.parts))  # type: ignore[arg-type]


def of_words(work: Work, message: Message, words: str) -> Understood | None:
    """What was understood of the words of an answer: of the whole message, or of those of its thoughts that the answer holds."""
    understood = of_message(work, message.id)
    if understood is None or words == message.text:
        return understood
    told = words.split("\n")
    parts = tuple(part for part in understood.parts if message.text[part.start : part.end] in told)
    topics, stance = of_several([(part.topics, part.stance) for part in parts])
    return understood if stance is None else Understood(topics, stance, parts)
