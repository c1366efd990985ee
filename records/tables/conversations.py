"""A chat: its messages in order, who it belongs to, and the state of its dialogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.sealing import SealedJson, SealedText
from records.tables.base import Table, new_id


class Conversation(Table):
    """One chat of one young person."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    sender: Mapped[str] = mapped_column(String(64), unique=True)
    """The name Rasa knows this chat by: a keyed hash of the id, made here, never by a browser."""
    style: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str] = mapped_column(String(12))
    young_person_id: Mapped[str | None] = mapped_column(ForeignKey("young_person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_n: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    delete_on: Mapped[datetime] = mapped_column(index=True)
    lease: Mapped[str | None] = mapped_column(String(36))
    """Who is answering this chat right now, so that its messages are answered one after the other."""
    lease_until: Mapped[datetime | None]


class ChatSession(Table):
    """A token some device holds for a chat. Only its hash is kept."""

    __tablename__ = "chat_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Message(Table):
    """One bubble, either side. `n` counts from 1 within the chat and never changes."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    n: Mapped[int]
    client_id: Mapped[str | None] = mapped_column(String(64))
    """The id the browser gave a message of the young person: the same id twice is the same message."""
    said_by: Mapped[str] = mapped_column(String(8))
    """bot, me or worker."""
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(SealedText("message.text"))
    extras: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("message.extras"))
    """Of a bot message: choices, controls, progress, help. Of a young person's: the payloads of the buttons pressed."""
    open: Mapped[bool] = mapped_column(default=False)
    """Its buttons are live."""
    stays_open: Mapped[bool] = mapped_column(default=False)
    """Its buttons stay live when the next question is asked (did this reply help?)."""
    asked_n: Mapped[int | None]
    """Of a young person's message: the question that was open when it was kept."""
    state: Mapped[str] = mapped_column(String(10), default="done")
    """Of a young person's message: received, held (told that the answer comes later) or done."""
    answers_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    """Of a bot message: the message it answers."""
    worker_id: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("statement.id", ondelete="SET NULL"), index=True)
    """The statement it belongs to. Only these bubbles are shown beside it, and only these go when it is deleted."""
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("conversation_id", "n"),
        UniqueConstraint("conversation_id", "client_id"),
        # the gateway looks for what is still to be answered
        Index("ix_message_waiting", "conversation_id", "n", sqlite_where=sql("state <> 'done'"), postgresql_where=sql("state <> 'done'")),
        Index("ix_message_answers", "answers_id"),
    )


class Match(Table):
    """A worker tied a chat to a young person after checking two identifiers; it can be undone, and both are kept."""

    __tablename__ = "match"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    young_person_id: Mapped[str] = mapped_column(ForeignKey("young_person.id"))
    matched_by: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    matched_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    undone_at: Mapped[datetime | None]


class Dialogue(Table):
    """Rasa's state of one chat, bounded and sealed. `version` counts saves."""

    __tablename__ = "dialogue"

    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]
    updated_at: Mapped[datetime]


class Memo(Table):
    """What an action did for a message, so that doing it again after a crash does nothing twice."""

    __tablename__ = "memo"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    action: Mapped[str] = mapped_column(String(48), primary_key=True)
    result: Mapped[Any] = mapped_column(SealedJson("memo.result"))
    at: Mapped[datetime]
