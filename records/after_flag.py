"""How long ago, in turns, something was flagged in a chat: for some turns nothing is said as if nothing had happened."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from records.database import Work
from records.tables import Flag, Message

_LAST_FLAGGED = (
    select(func.max(Message.n))
    .join(Flag, Flag.message_id == Message.id)
    .where(Message.conversation_id == bindparam("chat"), Flag.conversation_id == bindparam("chat"))
)
"""Made once, as in messages.py."""


def turns_since(work: Work, message: Message) -> int | None:
    """How many messages the young person has sent since the last flag of the chat, this one counted: 0 when it was flagged
    itself or something after it was. None: there never was a flag."""
    last = work.session.scalar(_LAST_FLAGGED, {"chat": message.conversation_id})
    if last is None:
        return None
    theirs = select(func.count()).where(
        Message.conversation_id == message.conversation_id, Message.said_by == "me", Message.n > last, Message.n <= message.n
    )
    return work.session.scalar(theirs) or 0
