"""The outbox: alerts written in the same transaction as what they are about, delivered later and as often as it takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from records.database import Work
from records.settings import settings
from records.tables import Heartbeat, OutboxRow, Worker

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_CLAIM = timedelta(minutes=2)
STUCK_AFTER = timedelta(minutes=10)
"""An alert that has waited for this long says that mail does not work."""
SILENT_AFTER = timedelta(minutes=5)
"""A post that has not been heard of for this long cannot be relied on (safety research, promise P44)."""


def put(work: Work, *, kind: str, about_id: str, address: str, now: datetime, again: bool = False, step: int = 0) -> None:
    """Writes an alert, unless the same one is there already. With `again` one that was delivered goes out once more.

    `step` tells alerts of a chain apart that go to the same address.
    """
    known = work.session.scalar(
        select(OutboxRow).where(
            OutboxRow.kind == kind, OutboxRow.about_id == about_id, OutboxRow.address == address, OutboxRow.step == step
        )
    )
    if known is None:
        work.session.add(OutboxRow(kind=kind, about_id=about_id, address=address, step=step, created_at=now, next_try_at=now))
    elif again and known.delivered_at is not None:
        known.delivered_at, known.next_try_at, known.tries = None, now, 0
    work.session.flush()


def hurry(work: Work, about_id: str, address: str, now: datetime) -> bool:
    """Has an alert that waits for this address tried again now. False when none waits: a second one would only queue behind it."""
    waiting = list(
        work.session.scalars(
            select(OutboxRow).where(OutboxRow.about_id == about_id, OutboxRow.address == address, OutboxRow.next_try_at.is_not(None))
        )
    )
    for row in waiting:
        row.next_try_at = min(row.next_try_at or now, now)
    return bool(waiting)


def stand_down(work: Work, about_id: str, kinds: Collection[str]) -> None:
    """Gives up alerts of these kinds that have not gone out: what they called for has happened. They stay to be seen."""
    work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.about_id == about_id, OutboxRow.kind.in_(kinds), OutboxRow.next_try_at.is_not(None))
        .values(next_try_at=None)
    )


def due(work: Work, now: datetime, limit: int = 20) -> list[OutboxRow]:
    """Alerts to try now."""
    return list(work.session.scalars(select(OutboxRow).where(OutboxRow.next_try_at <= now).order_by(OutboxRow.next_try_at).limit(limit)))


def claim(work: Work, row_id: str, now: datetime) -> OutboxRow | None:
    """Takes one alert to deliver; None when another post has it or has delivered it meanwhile.

    The caller commits before it delivers: a slow mail server must not hold up a young person's message. An alert whose
    post died in between is due again after a while, so it may come twice, and never not at all.
    """
    query = select(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.next_try_at <= now)
    row = work.session.scalar(query.with_for_update(skip_locked=True))
    if row:
        row.next_try_at = now + _CLAIM
    return row


def delivered(row: OutboxRow, now: datetime) -> None:
    """The mail server took it."""
    row.tries += 1
    row.delivered_at, row.next_try_at, row.fault = now, None, None


def failed(row: OutboxRow, fault: str, now: datetime) -> None:
    """It did not work; tried again, later each time, unless it was stood down meanwhile."""
    row.tries += 1
    row.fault = fault[:60]
    if row.next_try_at is None:
        return
    row.next_try_at = now + min(_FIRST_WAIT * 2 ** min(row.tries - 1, 10), _LONGEST_WAIT)


def beat(work: Work, part: str, now: datetime) -> None:
    """Notes that a background part is alive."""
    row = work.session.get(Heartbeat, part)
    if row is None:
        work.session.add(Heartbeat(part=part, at=now))
    else:
        row.at = now


def duty_addresses(work: Work, hidden: Collection[str] = ()) -> list[str]:
    """Who hears of what nobody owns: the mail set for duty; without one all duty workers; without any the managers.

    `hidden` are ids of workers who may not hear of it.
    """
    if settings().duty_mail and not belongs_to(work, settings().duty_mail, hidden):
        return [settings().duty_mail]
    for role in ("duty", "manager"):
        found = work.session.scalars(select(Worker).where(Worker.active.is_(True), Worker.role == role).order_by(Worker.email))
        addresses = [worker.email for worker in found if worker.id not in hidden]
        if addresses:
            return addresses
    return []


def belongs_to(work: Work, address: str, worker_ids: Collection[str]) -> bool:
    """Whether an address of the settings is that of one of these workers."""
    emails = work.session.scalars(select(Worker.email).where(Worker.id.in_(worker_ids)))
    return address.strip().casefold() in {email.casefold() for email in emails}


def is_working(work: Work, now: datetime) -> bool:
    """Whether an alert written now can be expected to go out: mail is set, the post is alive, and no alert has waited for long."""
    stuck = select(OutboxRow.id).where(OutboxRow.next_try_at.is_not(None), OutboxRow.created_at < now - STUCK_AFTER).limit(1)
    return bool(settings().smtp_host) and post_is_alive(work, now) and work.session.scalar(stuck) is None


def post_is_alive(work: Work, now: datetime) -> bool:
    """Whether the post has been heard of lately, so that an alert can be expected to go out."""
    row = work.session.get(Heartbeat, "post")
    return row is not None and now - row.at < SILENT_AFTER
