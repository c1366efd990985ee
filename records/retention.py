"""Deleting what was promised to be deleted. A chat from which nothing was sent and nothing was flagged goes on its date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from records.database import Work
from records.tables import Answer, Conversation, Dialogue, Flag, Match, Message, ScreeningRow, Statement, StatementVersion


def expired(work: Work, now: datetime, limit: int = 100) -> list[str]:
    """Chats whose date has come and that are the young person's own: never sent, never flagged."""
    query = (
        select(Conversation.id)
        .where(
            Conversation.delete_on <= now,
            ~exists().where(Flag.conversation_id == Conversation.id),
            ~exists().where(Statement.conversation_id == Conversation.id, StatementVersion.statement_id == Statement.id),
        )
        .order_by(Conversation.delete_on)
        .limit(limit)
    )
    return list(work.session.scalars(query))


def delete_chats(work: Work, conversation_ids: Sequence[str]) -> None:
    """Deletes chats with everything in them: bubbles, drafts, screenings, Rasa's state."""
    statements = select(Statement.id).where(Statement.conversation_id.in_(conversation_ids))
    bubbles = select(Message.id).where(Message.conversation_id.in_(conversation_ids))
    senders = select(Conversation.sender).where(Conversation.id.in_(conversation_ids))
    session = work.session
    session.execute(update(Answer).where(Answer.statement_id.in_(statements)).values(replaced_by=None))
    session.execute(delete(Answer).where(Answer.statement_id.in_(statements)))
    session.execute(delete(Statement).where(Statement.conversation_id.in_(conversation_ids)))
    session.execute(delete(ScreeningRow).where(ScreeningRow.message_id.in_(bubbles)))
    session.execute(update(Message).where(Message.conversation_id.in_(conversation_ids)).values(answers_id=None))
    session.execute(delete(Match).where(Match.conversation_id.in_(conversation_ids)))
    session.execute(delete(Dialogue).where(Dialogue.sender.in_(senders)))
    session.execute(delete(Conversation).where(Conversation.id.in_(conversation_ids)))
