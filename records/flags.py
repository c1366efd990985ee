"""Flags: raising one with its alerts, hiding it from whoever it names, and what workers do with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select

from records import allegations, outbox, routing
from records.clocks import due_at
from records.conversations import circle_of
from records.database import Work
from records.tables import Conversation, Flag, FlagNames, Message, OutboxRow, ScreeningRow, Statement, Worker
from voice.safeguarding.screen import Level, Screening, Severity

DUTY_ROLES = ("duty", "manager")
"""Who looks at every flag that does not name them."""


def raise_flag(
    work: Work,
    conversation: Conversation,
    message: Message,
    screening: Screening,
    source: str,
    now: datetime,
    meant: Collection[str] = (),
) -> Flag:
    """Raises the flag of one message with its clock and writes its alerts to the outbox, in the caller's transaction.

    `meant`: ids of workers of whom a colleague knows already that the words are about them.
    """
    severity = screening.severity.value if screening.severity else None
    flag = Flag(
        conversation_id=conversation.id,
        message_id=message.id,
        source=source,
        level=screening.level.value,
        severity=severity,
        categories=list(screening.categories),
        about=list(screening.about),
        raised_at=now,
        due_at=due_at(severity, screening.categories, now),
    )
    work.session.add(flag)
    work.session.flush()
    work.session.add_all(FlagNames(flag_id=flag.id, worker_id=worker_id, reason="worker") for worker_id in meant)
    work.session.flush()
    name_workers(work, flag, conversation, message.text)
    routing.decide_access_of_chat(work, conversation.id)
    if screening.level is Level.urgent:
        for address in told_first(work, conversation):
            outbox.put(work, kind="flag_raised", about_id=flag.id, address=address, now=now)
    allegations.alert_officer(work, flag, now)
    return flag


def name_workers(work: Work, flag: Flag, conversation: Conversation, words: str) -> frozenset[str]:
    """Finds the workers the words point at and hides the flag from them. Returns their ids."""
    found = workers_meant(work, conversation, words, flag.about)
    already = set(work.session.scalars(select(FlagNames.worker_id).where(FlagNames.flag_id == flag.id)))
    work.session.add_all(FlagNames(flag_id=flag.id, worker_id=worker, reason=why) for worker, why in found.items() if worker not in already)
    work.session.flush()
    withdraw_alerts(work, conversation.id)
    return frozenset(found) | already


def workers_meant(work: Work, conversation: Conversation, words: str, about: Collection[str] = ()) -> dict[str, str]:
    """The workers some words of a chat point at: id → "role" or "name".

    A worker is named when the words accuse their role (`about`, the screening's), when a worker of this young person is
    called by first or last name, or when any worker's whole name is there. Hiding too much is the safe mistake: duty
    workers still see the flag.
    """
    circle = circle_of(work, conversation)
    found: dict[str, str] = {}
    for role, worker in (("social_worker", circle.social_worker), ("reviewing_officer", circle.reviewing_officer)):
        if worker and role in about:
            found[worker.id] = "role"
    heard = frozenset(re.findall(r"\w+", words.casefold()))
    around = {worker.id for worker in (circle.social_worker, circle.reviewing_officer) if worker}
    for worker in work.session.scalars(select(Worker).where(Worker.active.is_(True))):
        parts = [part for part in re.findall(r"\w+", worker.name.casefold()) if len(part) > 1]
        if parts and (all(part in heard for part in parts) or (worker.id in around and any(part in heard for part in parts))):
            found.setdefault(worker.id, "name")
    return found


def withdraw_alerts(work: Work, conversation_id: str) -> None:
    """Takes back alerts of a chat that have not gone out yet to workers whom one of its flags names."""
    flags = select(Flag.id).where(Flag.conversation_id == conversation_id)
    named = select(FlagNames.worker_id).where(FlagNames.flag_id.in_(flags))
    addresses = select(Worker.email).where(Worker.id.in_(named))
    statements = select(Statement.id).where(Statement.conversation_id == conversation_id)
    work.session.execute(
        delete(OutboxRow).where(
            OutboxRow.delivered_at.is_(None),
            or_(OutboxRow.about_id.in_(flags), OutboxRow.about_id.in_(statements)),
            OutboxRow.address.in_(addresses),
        )
    )


def any_in(work: Work, conversation_id: str) -> bool:
    """Whether something in this chat was flagged, so that workers can see a part of it."""
    return work.session.scalar(select(Flag.id).where(Flag.conversation_id == conversation_id).limit(1)) is not None


def names(work: Work, flag_id: str, worker_id: str) -> bool:
    """Whether the flag names this worker."""
    return work.session.get(FlagNames, (flag_id, worker_id)) is not None


def is_withheld(work: Work, flag: Flag) -> bool:
    """Whether the flag is in fact hidden from a worker it names."""
    return work.session.scalar(select(FlagNames.worker_id).where(FlagNames.flag_id == flag.id).limit(1)) is not None


def can_reach_somebody(work: Work, flag: Flag, now: datetime) -> bool:
    """Whether an alert for this flag can be expected to go out: it has an address, mail is set, the post is alive, and no
    earlier alert has waited for long."""
    row = work.session.scalar(select(OutboxRow.id).where(OutboxRow.kind == "flag_raised", OutboxRow.about_id == flag.id).limit(1))
    return row is not None and outbox.is_working(work, now)


def shown_lately(work: Work, conversation_id: str, flag: Flag, since: datetime) -> bool:
    """Whether a card was shown in this chat since a moment for the same leading category, for something at least as severe.

    A button has no category: any card of its level was one for it too. Words that tell of danger now (S1) always get the
    whole card. What a worker found in a sample was raised without one.
    """
    if flag.categories and flag.severity == "S1":
        return False
    query = select(Flag).where(
        Flag.conversation_id == conversation_id,
        Flag.id != flag.id,
        Flag.raised_at >= since,
        Flag.level == flag.level,
        Flag.source != "sample",
    )
    return any(
        not flag.categories or (flag.categories[0] in earlier.categories and (earlier.severity or "S9") <= (flag.severity or "S9"))
        for earlier in work.session.scalars(query)
    )


def screening_of(row: ScreeningRow, about: tuple[str, ...]) -> Screening:
    """The screening as it was when its message was kept."""
    return Screening(
        level=Level(row.level),
        severity=Severity(row.severity) if row.severity else None,
        categories=tuple(row.categories),
        families=tuple(row.families),
        about=about,
        softened=row.softened,
        unscreened=row.unscreened,
    )


def told_first(work: Work, conversation: Conversation) -> list[str]:
    """Who is alerted at once: the young person's social worker, and whoever is on duty (records.outbox.duty_addresses)."""
    hidden = hidden_from(work, conversation.id)
    social_worker = circle_of(work, conversation).social_worker
    own = [social_worker.email] if social_worker and social_worker.id not in hidden else []
    return list(dict.fromkeys([*own, *outbox.duty_addresses(work, hidden)]))


def hidden_from(work: Work, conversation_id: str) -> frozenset[str]:
    """Ids of the workers whom any flag of the chat names. They can open none of its flags and hear of none."""
    names = select(FlagNames.worker_id).join(Flag, Flag.id == FlagNames.flag_id).where(Flag.conversation_id == conversation_id)
    return frozenset(work.session.scalars(names))
