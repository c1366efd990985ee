"""The chain: how the alerts of a flag go up, rung by rung, while nobody has taken it on (safety research, section 1.3 and P5).

The post climbs in every round. A rung is taken once: the flag's row is held, and keeps how far its alerts have gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from records import flags, outbox
from records.clocks import chain_of
from records.database import Work
from records.routing import note_event
from records.settings import settings
from records.tables import Conversation, Flag, Worker
from voice.promises.flag_clocks import Rung, Who, reached

OVERDUE, WAITING = "flag_overdue", "flag_waiting"
"""Kinds of alerts: nobody has taken on something urgent; something that is not urgent waits."""

_EVENTS: dict[Who, str] = {
    "first": "alert_first",
    "managers": "alert_managers",
    "last": "alert_last",
    "everybody": "alert_again",
}
NOBODY = "alert_nobody"
"""The event of a rung on which there was nobody who may hear of the flag."""


def waiting(work: Work, now: datetime) -> list[str]:
    """Flags that have a rung to take, those that are due longest first. Writes nothing."""
    query = select(Flag).where(Flag.acknowledged_at.is_(None), Flag.closed_at.is_(None)).order_by(Flag.due_at, Flag.id)
    return [flag.id for flag in work.session.scalars(query) if _next(flag, now)]


def climb(work: Work, flag_id: str, now: datetime) -> None:
    """Takes every rung of a flag whose time has come, in the caller's transaction. Does nothing for a flag that somebody has
    taken on, or that another post is at just now."""
    query = select(Flag).where(Flag.id == flag_id, Flag.acknowledged_at.is_(None), Flag.closed_at.is_(None))
    flag = work.session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if flag is None:
        return
    conversation = work.session.get_one(Conversation, flag.conversation_id)
    for rung in _next(flag, now):
        addresses = _addresses(work, conversation, rung.who)
        for address in addresses:
            if not outbox.hurry(work, flag.id, address, now):
                kind = WAITING if rung.quiet else OVERDUE
                outbox.put(work, kind=kind, about_id=flag.id, address=address, now=now, step=rung.number)
        note_event(work, "flag", flag.id, _EVENTS[rung.who] if addresses else NOBODY, None, now)
        flag.rung = rung.number
    work.session.flush()


def stand_down(work: Work, flag: Flag) -> None:
    """Somebody has taken the flag on: alerts that only asked for that, and have not gone out, are given up."""
    outbox.stand_down(work, flag.id, (OVERDUE, WAITING))


def _next(flag: Flag, now: datetime) -> Sequence[Rung]:
    return [rung for rung in reached(chain_of(flag.severity), flag.level, flag.due_at, now) if rung.number > flag.rung]


def _addresses(work: Work, conversation: Conversation, who: Who) -> list[str]:
    """Who hears of a flag on a rung, nobody whom a flag of the chat names. A rung with nobody on it falls to the next."""
    hidden = flags.hidden_from(work, conversation.id)
    first = flags.told_first(work, conversation)
    managers = [
        worker.email
        for worker in work.session.scalars(select(Worker).where(Worker.active.is_(True), Worker.role == "manager").order_by(Worker.email))
        if worker.id not in hidden
    ]
    mail = settings().out_of_hours_mail
    last = [mail] if mail and not outbox.belongs_to(work, mail, hidden) else []
    if who == "first":
        return first or managers or last
    if who == "managers":
        return managers or last or first
    everybody = list(dict.fromkeys([*first, *managers, *last]))
    return last or everybody if who == "last" else everybody
