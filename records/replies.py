"""The young person's side of a reply: that it was seen, and whether it helped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from records.database import Work
from records.routing import note_event
from records.tables import Reply, Statement


def any_unseen(work: Work, conversation_id: str) -> bool:
    """Whether a reply to this chat has not been fetched yet."""
    return work.session.scalar(_of_chat(conversation_id).where(Reply.seen_at.is_(None)).limit(1)) is not None


def note_seen(work: Work, conversation_id: str, now: datetime) -> None:
    """Notes that the young person's page fetched the replies."""
    for reply in work.session.scalars(_of_chat(conversation_id).where(Reply.seen_at.is_(None))):
        reply.seen_at = now


def note_helped(work: Work, conversation_id: str, reply_id: str, helped: str, now: datetime) -> bool:
    """Notes whether a reply helped ("yes", "bit", "no"). False when this chat has no such reply."""
    reply = work.session.scalar(_of_chat(conversation_id).where(Reply.id == reply_id))
    if reply is None or helped not in ("yes", "bit", "no"):
        return False
    reply.helped = helped
    note_event(work, "statement", reply.statement_id, "helped_" + helped, None, now)
    return True


def _of_chat(conversation_id: str) -> Select[tuple[Reply]]:
    return select(Reply).join(Statement, Statement.id == Reply.statement_id).where(Statement.conversation_id == conversation_id)
