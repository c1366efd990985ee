"""Deleting what was promised to be deleted.

A chat from which nothing was sent and nothing was flagged goes on its date. Of any other chat everything goes on that date
that was the young person's own: drafts, what they kept for themselves, and what they said outside of any statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from records import conversations, drafts
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
        # whoever comes back in this very moment keeps their chat
        .with_for_update(skip_locked=True)
    )
    return list(work.session.scalars(query))


def due_for_clearing(work: Work, now: datetime, limit: int = 100) -> list[str]:
    """Chats that stay, because something was sent or flagged, but whose date has come for what is the young person's own."""
    own = exists().where(Statement.conversation_id == Conversation.id, Statement.status.in_(_OWN))
    loose = exists().where(Message.conversation_id == Conversation.id, *_loose())
    query = select(Conversation.id).where(Conversation.delete_on <= now, or_(own, loose)).order_by(Conversation.delete_on)
    return list(work.session.scalars(query.limit(limit)))


def clear_chat(work: Work, conversation_id: str, now: datetime) -> None:
    """Deletes what is the young person's own in a chat that stays. Flagged messages and what workers said stay.

    Somebody who has come back in the meantime keeps it all.
    """
    if conversations.held(work, conversation_id).delete_on > now:
        return
    own = select(Statement).where(Statement.conversation_id == conversation_id, Statement.status.in_(_OWN))
    for statement in work.session.scalars(own).all():
        drafts.delete(work, statement, None)
    loose = list(work.session.scalars(select(Message.id).where(Message.conversation_id == conversation_id, *_loose())))
    answers = work.session.scalars(select(Message.id).where(Message.answers_id.in_(loose)))
    drafts.delete_bubbles(work, [*loose, *answers])


_OWN = ("draft", "kept")
"""States of a statement that nobody but the young person can see."""


def _loose() -> tuple[ColumnElement[bool], ...]:
    """SQL: words of the young person outside of any statement, not flagged, and answered."""
    flagged = exists().where(Flag.message_id == Message.id)
    return Message.said_by == "me", Message.statement_id.is_(None), Message.state == "done", ~flagged


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
