"""What is said about somebody who should look after young people goes to the allegations officer too (in England the LADO)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from records import outbox
from records.database import Work
from records.safety_data import load_help
from records.settings import settings
from records.tables import Flag, FlagNames, Worker

CATEGORY = "allegation"


def alert_officer(work: Work, flag: Flag, now: datetime) -> None:
    """Writes the officer's alert of a flag that is an allegation. Never to an address of somebody whom a flag of the chat names."""
    mail = load_help(settings().root).local.allegations_officer.mail.strip()
    if CATEGORY not in flag.categories or not mail:
        return
    named = select(FlagNames.worker_id).join(Flag, Flag.id == FlagNames.flag_id).where(Flag.conversation_id == flag.conversation_id)
    accused = select(Worker.id).where(Worker.id.in_(named), func.lower(Worker.email) == mail.lower())
    if work.session.scalar(accused.limit(1)) is None:
        outbox.put(work, kind="flag_raised", about_id=flag.id, address=mail, now=now)
