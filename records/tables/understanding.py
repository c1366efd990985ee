"""What was understood of a message, and what workers put right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Table


class UnderstandingRow(Table):
    """Topics and stance of one typed message and of each thought in it. Codes and places only, no words."""

    __tablename__ = "understanding"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    topics: Mapped[list[str]] = mapped_column(JSON)
    stance: Mapped[str] = mapped_column(String(12))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{start, end, topics, stance}], start and end in characters of the message."""


class Correction(Table):
    """A worker's reading of an answer, or of a whole statement, where Sayso's was wrong. The last one counts."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Of the version it is about."""
    question: Mapped[str | None] = mapped_column(String(48))
    """None: the whole statement."""
    round: Mapped[str | None] = mapped_column(String(48))
    topics: Mapped[list[str]] = mapped_column(JSON)
    stance: Mapped[str] = mapped_column(String(12))
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_correction_statement", "statement_id", "id"),)
