"""Rasa's dialogue state: one sealed row for each chat."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import bindparam, select, update

from records.database import unit_of_work
from records.sealing import seal, unseal
from records.tables import Dialogue

_PURPOSE = "dialogue.state"
_VERSION = select(Dialogue.version).where(Dialogue.sender == bindparam("of"))
"""Made once, as in messages.py."""
_AGAIN = (
    update(Dialogue)
    .where(Dialogue.sender == bindparam("of"))
    .values(state=bindparam("sealed"), version=Dialogue.version + 1, updated_at=bindparam("now"))
    .returning(Dialogue.version)
    .execution_options(synchronize_session=False)
)


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
            return work.session.scalar(_VERSION, {"of": sender})

    def save(self, sender: str, state: bytes) -> int:
        """Keeps a chat's state; returns its new version. Raises NotSaved."""
        now, sealed = datetime.now(timezone.utc), seal(state, _PURPOSE)
        with unit_of_work() as work:
            version = work.session.scalar(_AGAIN, {"of": sender, "sealed": sealed, "now": now})
            if version is None:
                version = 1
                work.session.add(Dialogue(sender=sender, state=sealed, version=version, updated_at=now))
            work.commit()
            return version

    def senders(self) -> list[str]:
        """Every chat Rasa has state of."""
        with unit_of_work(write=False) as work:
            return list(work.session.scalars(select(Dialogue.sender)))
