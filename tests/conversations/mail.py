"""Mail that goes away, as it looks to Sayso after a while, and mail that is back."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

from sqlalchemy import update

from records import outbox
from records.database import unit_of_work
from records.tables import OutboxRow
from tests.stack import Stack, shared_mail, wait_for
from tests.staff import DUTY


def mail_goes_away(stack: Stack) -> None:
    """Nobody listens any more, and an alert has waited for longer than it may: a test cannot wait for that itself."""
    shared_mail().go_away()
    now = datetime.now(timezone.utc)
    with stack.records(), unit_of_work() as work:
        outbox.put(work, kind="flag_raised", about_id=uuid.uuid4().hex, address=DUTY[0], now=now - 1.5 * outbox.STUCK_AFTER)
        work.commit()


def mail_comes_back(stack: Stack) -> None:
    """Whatever waits goes out. Does nothing while the mail server is there."""
    if not shared_mail().is_away:
        return
    shared_mail().come_back()
    with stack.records(), unit_of_work() as work:
        work.session.execute(update(OutboxRow).where(OutboxRow.next_try_at.is_not(None)).values(next_try_at=datetime.now(timezone.utc)))
        work.commit()
    wait_for(lambda: not _waits(stack), "every alert to go out")


def _waits(stack: Stack) -> bool:
    with stack.records(), unit_of_work(write=False) as work:
        return bool(outbox.due(work, datetime.max.replace(tzinfo=timezone.utc), limit=1))
