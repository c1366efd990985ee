"""The way in for whoever starts Sayso for the first time."""

from __future__ import annotations

from datetime import datetime

from records.database import unit_of_work
from records.workers import create_first_worker


def first_sign_in(now: datetime) -> tuple[str, str] | None:
    """Adds a first manager when nobody can sign in yet. Returns (e-mail, password), the only time it can be seen, else None.

    Raises NotSaved.
    """
    with unit_of_work() as work:
        made = create_first_worker(work, now)
        work.commit()
    return made
