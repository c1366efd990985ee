"""Statements: drafts, answers, versions that never change, and what workers do with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.sealing import SealedJson, SealedText
from records.tables.base import Table, new_id


class Statement(Table):
    """What a young person is saying in one pathway: a draft that is theirs alone, then sent."""

    __tablename__ = "statement"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    young_person_id: Mapped[str | None] = mapped_column(ForeignKey("young_person.id"), index=True)
    pathway: Mapped[str] = mapped_column(String(48))
    pathway_version: Mapped[int]
    style: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), index=True)
    """draft, sent, read, replied, done, or kept (finished, for the young person's own eyes)."""
    active: Mapped[bool] = mapped_column(default=True)
    """The one being talked about in its chat just now."""
    asking: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("statement.asking"))
    """Where the talk is: the open question and the way back (voice.pathways.walk)."""
    from_n: Mapped[int]
    """The first message of the chat that belongs to it."""
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("worker.id"), index=True)
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    hide_from: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    read_by: Mapped[datetime | None]
    """When it should be read at the latest."""
    reply_by: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class Answer(Table):
    """One answer as it was given. A changed answer is a new row; the old one stays and points to it."""

    __tablename__ = "answer"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(48))
    round: Mapped[str | None] = mapped_column(String(48))
    """Of a repeated question: the picked choice it was about."""
    save: Mapped[str] = mapped_column(String(48))
    question_shown: Mapped[str] = mapped_column(SealedText("answer.question_shown"))
    verbatim: Mapped[str | None] = mapped_column(SealedText("answer.verbatim"))
    """Exactly what was typed."""
    choices: Mapped[list[dict[str, str]]] = mapped_column(SealedJson("answer.choices"))
    """Buttons picked, as [{value, label}]."""
    how: Mapped[str] = mapped_column(String(10))
    """answered, skipped or dont_know."""
    topic: Mapped[str] = mapped_column(String(40))
    answered_at: Mapped[datetime]
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL"))

    __table_args__ = (Index("ix_answer_statement", "statement_id", "position"),)


class StatementVersion(Table):
    """What was sent, frozen. A change makes a new version; no row is ever updated (a trigger holds that)."""

    __tablename__ = "statement_version"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"))
    number: Mapped[int]
    body: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("statement_version.body"))
    """[{question, round, save, question_shown, verbatim, choices, how, topic, topics, stance, n}] in the order asked. `topic`
    is the question's; `topics` and `stance` are what was understood of typed words."""
    wanted: Mapped[str | None] = mapped_column(SealedText("statement_version.wanted"))
    from_n: Mapped[int]
    to_n: Mapped[int]
    sent_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("statement_id", "number"),)


class Reply(Table):
    """A worker's answer to the young person, also shown in the chat as a message."""

    __tablename__ = "reply"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), index=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    text: Mapped[str] = mapped_column(SealedText("reply.text"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When the young person's page fetched it."""
    helped: Mapped[str | None] = mapped_column(String(4))
    """yes, bit or no."""


class Note(Table):
    """A worker's note about a statement. Young people never see it in the chat; it is part of the record."""

    __tablename__ = "note"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), index=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    text: Mapped[str] = mapped_column(SealedText("note.text"))
    at: Mapped[datetime]


class Event(Table):
    """Who did what, when, to a statement, a flag, a chat or a young person. Only ever added to."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(16))
    """statement, flag, conversation or young_person."""
    about_id: Mapped[str] = mapped_column(String(36))
    worker_id: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    """None: Sayso itself."""
    what: Mapped[str] = mapped_column(String(24))
    detail: Mapped[str | None] = mapped_column(String(200))
    """Ids and names of workers only, never a young person's words."""
    at: Mapped[datetime]

    __table_args__ = (Index("ix_event_about", "about", "about_id", "id"),)


class Reading(Table):
    """A worker opened a young person's words. Every such read writes one row first."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    about: Mapped[str] = mapped_column(String(16))
    """statement, flag or conversation."""
    about_id: Mapped[str] = mapped_column(String(36))
    conversation_id: Mapped[str] = mapped_column(String(36), index=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_reading_about", "about", "about_id"),)


class Access(Table):
    """Whether one worker may read one statement, and why. Written anew whenever something changes that decides it."""

    __tablename__ = "access"

    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    granted: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(16))
    """owner, recipient, hidden (the young person said not them), unclear (they named somebody in words, and nobody has decided
    yet who that is) or named (a flag of the chat names them)."""

    __table_args__ = (Index("ix_access_worker", "worker_id", "granted"),)
