"""The invented workers who are there in every stack that people talk to: one with young people of their own, one on duty."""

from __future__ import annotations

from datetime import datetime

from records import workers
from records.database import Work
from records.tables import Worker

WORKER = ("robin@sayso.example", "Robin Example", "social_worker")
DUTY = ("dana@sayso.example", "Dana Sample", "duty")
PASSWORD = "a password for the tests"


def hired(work: Work, who: tuple[str, str, str], now: datetime) -> Worker:
    """The worker with this address, name and role; made when they are not there yet."""
    email, name, role = who
    return workers.by_email(work, email) or workers.add_worker(work, email=email, name=name, role=role, password=PASSWORD, now=now)
