"""Rasa's dialogue state: one sealed row for each chat."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import select

from records.database import unit_of_work
from records.sealing import seal, unseal
from records.tables import Dialogue

_PURPOSE = "dialogue.state"


class DialogueRows:
    """Loads and saves dialogue state. Opens its own units of work, since Rasa has none."""

    def load(self, sender: str) -> tuple[bytes, int] | None:
        """(state, version) of a chat, or None when Rasa has not met it. Raises NotSaved when the database is away."""
        with unit_of_work(write=False) as work:
            row = work.session.get(Dialogue, sender)
            return (unseal(bytes(row.state), _PURPOSE), row.version) if row else None

    def version(self, sender: str) -> int | None:
        """The version of a chat's state without opening it."""
        with unit_of_work(write=False) as work:
            return work.session.scalar(select(Dialogue.version).where(Dialogue.sender == sender))

    def save(self, sender: str, state: bytes) -> int:
        """Keeps a chat's state; returns its new version. Raises NotSaved."""
        now = datetime.now(timezone.utc)
        with unit_of_work() as work:
            row = work.session.get(Dialogue, sender, with_for_update=True)
            if row is None:
                row = Dialogue(sender=sender, state=seal(state, _PURPOSE), version=1, updated_at=now)
                work.session.add(row)
            else:
                row.state, row.version, row.updated_at = seal(state, _PURPOSE), row.version + 1, now
            work.commit()
            return row.version

    def senders(self) -> list[str]:
        """Every chat Rasa has state of."""
        with unit_of_work(write=False) as work:
            return list(work.session.scalars(select(Dialogue.sender)))
