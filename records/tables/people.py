"""Workers, young people, and what ties them together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from records.sealing import SealedText
from records.tables.base import Table, new_id


class Worker(Table):
    """Someone who signs in at the desk. `role` is one of records.access.ROLES."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(24))
    password: Mapped[str] = mapped_column(String(200))
    """Argon2id hash, never the password."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class DeskSession(Table):
    """A worker's sign-in. Only the hash of the cookie is kept."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Table):
    """A failed try at a password or a code. `key` is a keyed hash of what was tried against, never the thing itself."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)


class YoungPerson(Table):
    """A young person a worker added. Name and second identifier are sealed."""

    __tablename__ = "young_person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(SealedText("young_person.name"))
    identifier: Mapped[str] = mapped_column(SealedText("young_person.identifier"))
    """A second thing that tells this young person from another: a date of birth or a record number."""
    social_worker_id: Mapped[str | None] = mapped_column(ForeignKey("worker.id"), index=True)
    reviewing_officer_id: Mapped[str | None] = mapped_column(ForeignKey("worker.id"), index=True)
    created_at: Mapped[datetime]


class Invitation(Table):
    """A join code a worker handed over. Only its hash is kept; it can be used until it expires or is replaced."""

    __tablename__ = "invitation"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    young_person_id: Mapped[str] = mapped_column(ForeignKey("young_person.id"), index=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("worker.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
