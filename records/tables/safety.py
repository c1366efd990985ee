"""Screening, flags, and the alerts that must reach a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.sealing import SealedText
from records.tables.base import Table, new_id


class ScreeningRow(Table):
    """What the screening said of one message, kept in the same transaction as the message."""

    __tablename__ = "screening"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = mapped_column(String(8))
    severity: Mapped[str | None] = mapped_column(String(2))
    categories: Mapped[list[str]] = mapped_column(JSON)
    families: Mapped[list[str]] = mapped_column(JSON)
    softened: Mapped[bool]
    unscreened: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]


class Flag(Table):
    """Something a person must look at. Nothing closes it but a named person with a reason."""

    __tablename__ = "flag"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    source: Mapped[str] = mapped_column(String(8))
    """words, choice, button ("Tell someone now") or sample (a worker found it among what was not flagged)."""
    level: Mapped[str] = mapped_column(String(8))
    severity: Mapped[str | None] = mapped_column(String(2))
    categories: Mapped[list[str]] = mapped_column(JSON)
    about: Mapped[list[str]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """By when somebody has taken it on (voice.promises.flag_clocks). A trigger holds that taking on and closing never change."""
    rung: Mapped[int] = mapped_column(default=0)
    """How far up the chain its alerts have gone."""
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    acknowledged_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    closed_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(16))
    """One of records.safety_queue.ENDINGS."""
    outcome: Mapped[str | None] = mapped_column(SealedText("flag.outcome"))

    __table_args__ = (
        # the desk's "needs attention now"
        Index("ix_flag_open", "raised_at", sqlite_where=sql("closed_at IS NULL"), postgresql_where=sql("closed_at IS NULL")),
    )


class FlagNames(Table):
    """A worker the flagged words point at. They cannot see that the flag exists."""

    __tablename__ = "flag_names"

    flag_id: Mapped[str] = mapped_column(ForeignKey("flag.id", ondelete="CASCADE"), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    """name (their name is in the words), role (the words accuse their role), worker (a colleague added them)."""


class FlagAction(Table):
    """Something a worker did about a flag. Only ever added to: the database itself refuses to change or delete one."""

    __tablename__ = "flag_action"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flag.id"), index=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    kind: Mapped[str] = mapped_column(String(24))
    """One of records.safety_queue.ACTIONS."""
    words: Mapped[str | None] = mapped_column(SealedText("flag_action.words"))
    at: Mapped[datetime]


class SampleWeek(Table):
    """One draw of unflagged messages for people to read, to learn what the screening misses."""

    __tablename__ = "sample_week"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime] = mapped_column(unique=True)
    """It is about what was sent from the one moment until just before the other."""
    seed: Mapped[str] = mapped_column(String(80))
    among: Mapped[int]
    """How many messages it was drawn from."""
    drawn_at: Mapped[datetime]


class SampleItem(Table):
    """One message of a draw, and what the worker who read it said. Its verdict is given once."""

    __tablename__ = "sample_item"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    week_id: Mapped[str] = mapped_column(ForeignKey("sample_week.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), unique=True)
    """None: deleted since. What was said about it still counts."""
    why: Mapped[str] = mapped_column(String(12))
    """drawn (at random), or unscreened (never read by the screening, so every one is looked at)."""
    verdict: Mapped[str | None] = mapped_column(String(8))
    """fine or missed."""
    severity: Mapped[str | None] = mapped_column(String(2))
    category: Mapped[str | None] = mapped_column(String(24))
    flag_id: Mapped[str | None] = mapped_column(ForeignKey("flag.id"))
    """The flag that was raised because it had been missed."""
    judged_by: Mapped[str | None] = mapped_column(ForeignKey("worker.id"))
    judged_at: Mapped[datetime | None]


class OutboxRow(Table):
    """An alert to deliver. Written with the flag, delivered by the post, never carries a young person's words."""

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(24))
    about_id: Mapped[str] = mapped_column(String(36))
    """The flag, statement, reply or draw it is about."""
    address: Mapped[str] = mapped_column(String(254))
    step: Mapped[int] = mapped_column(default=0)
    """Of a flag's alerts: the rung of the chain it was written for; 0 is the first alert."""
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    """None: delivered, or given up."""
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(60))
    """The kind of the last fault, for the desk to show."""

    __table_args__ = (UniqueConstraint("kind", "about_id", "address", "step"),)


class Heartbeat(Table):
    """When a background part was last alive. A silent post changes what the page promises."""

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(String(24), primary_key=True)
    at: Mapped[datetime]
