"""Doing a thing once for each message, however often it is asked for.

When Rasa or the gateway dies in the middle of a turn the message is played again. What an action did the first time is
kept with the message, in the same transaction as its effects, and given again instead of doing it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from records.database import Work
from records.tables import Memo

_MEMO = select(Memo).where(Memo.message_id == bindparam("message"), Memo.action == bindparam("action"))
"""Made once, as in messages.py."""


def once(work: Work, message_id: str, action: str, now: datetime, do: Callable[[], Any]) -> Any:
    """What `do` returns (plain data), doing it only the first time for this message and action. The caller commits."""
    memo = _of(work, message_id, action)
    if memo is None:
        memo = Memo(message_id=message_id, action=action, result=do(), at=now)
        work.session.add(memo)
        work.session.flush()
    return memo.result


def remembered(work: Work, message_id: str, action: str) -> Any:
    """What an action did for a message, or None when it did nothing yet."""
    memo = _of(work, message_id, action)
    return memo.result if memo else None


def _of(work: Work, message_id: str, action: str) -> Memo | None:
    return work.session.scalar(_MEMO, {"message": message_id, "action": action})
