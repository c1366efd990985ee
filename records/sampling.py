"""The weekly sample: unflagged messages that a worker reads, to learn what the screening misses.

Only what was sent is drawn from, and a worker sees only what they may read anyway: a chat that was not sent is shown to
nobody (docs/decisions/0005-what-the-sample-may-read.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from records import conversations, flags, outbox
from records.database import Work
from records.errors import NotFound, NothingWritten, Stale
from records.flags import DUTY_ROLES
from records.messages import transcript
from records.readable import flags_for, on_duty, statements_for
from records.routing import note_event
from records.settings import settings
from records.tables import (
    Conversation,
    Flag,
    Heartbeat,
    Message,
    Reading,
    SampleItem,
    SampleWeek,
    ScreeningRow,
    Statement,
    StatementVersion,
    Worker,
)
from voice.promises.hours import HERE
from voice.safeguarding.sample import MissRate, drawn, miss_rate
from voice.safeguarding.screen import CATEGORIES, Screening, Severity

DRAWN = "sample_drawn"
"""The kind of the alert that a new sample waits."""
BEFORE = 2
"""How many of the young person's messages before it are shown, as far as they belong to the same statement."""


@dataclass(frozen=True)
class SampleView:
    """One message of the sample with the few before it."""

    item: SampleItem
    message: Message
    messages: Sequence[Message]
    workers: dict[str, Worker]


def is_due(work: Work, now: datetime) -> bool:
    """Whether the last week that is over has not been drawn from. Writes nothing."""
    return work.session.scalar(select(SampleWeek.id).where(SampleWeek.to_at >= _week_of(now))) is None


def draw(work: Work, now: datetime, randomness: str) -> SampleWeek | None:
    """Draws from what was sent in the week that is over, or since the last draw, and tells duty by mail that it waits.

    None when it is drawn already. `randomness` and the week are the seed, which is kept, so that a draw can be repeated.
    """
    # of two posts one waits here and then finds it done
    work.session.get(Heartbeat, "post", with_for_update=True)
    if not is_due(work, now):
        return None
    until = _week_of(now)
    since = work.session.scalar(select(func.max(SampleWeek.to_at))) or _week_of(until - timedelta(days=1))
    among = list(work.session.execute(_candidates(work, since, until)).tuples())
    screened = [message_id for message_id, unscreened in among if not unscreened]
    seed = f"{until.astimezone(HERE):%G-W%V} {randomness}"[:80]
    week = SampleWeek(from_at=since, to_at=until, seed=seed, among=len(screened), drawn_at=now)
    work.session.add(week)
    work.session.flush()
    chosen = settings()
    picked = dict.fromkeys(drawn(screened, percent=chosen.sample_percent, at_least=chosen.sample_at_least, seed=seed), "drawn")
    picked |= {message_id: "unscreened" for message_id, unscreened in among if unscreened}
    work.session.add_all(SampleItem(week_id=week.id, message_id=message_id, why=why) for message_id, why in picked.items())
    work.session.flush()
    if picked:
        for address in outbox.duty_addresses(work):
            outbox.put(work, kind=DRAWN, about_id=week.id, address=address, now=now)
    return week


def to_read(work: Work, worker: Worker) -> list[SampleItem]:
    """What is drawn and still unread, of what this worker may read, the oldest first."""
    query = (
        select(SampleItem)
        .join(SampleWeek, SampleWeek.id == SampleItem.week_id)
        .where(SampleItem.verdict.is_(None), _readable(worker))
        .order_by(SampleWeek.to_at, SampleItem.id)
    )
    return [item for item in work.session.scalars(query) if not _is_about(work, worker, item)]


def read(work: Work, worker: Worker, item_id: str, now: datetime) -> SampleView:
    """Opens one message of the sample. The reading is committed before a word is fetched, as a reading of its statement.

    Raises NotFound, also for what the worker may not read, and for words that are about them.
    """
    item = _found(work, worker, item_id)
    message = work.session.get_one(Message, item.message_id)
    work.session.add(
        Reading(worker_id=worker.id, about="statement", about_id=message.statement_id, conversation_id=message.conversation_id, at=now)
    )
    work.commit()
    return SampleView(item, message, _just_before(work, message), {one.id: one for one in work.session.scalars(select(Worker))})


def say_fine(work: Work, worker: Worker, item_id: str, now: datetime) -> SampleItem:
    """Nothing in it should have been flagged. Raises NotFound, Stale when somebody judged it before."""
    item = _open(work, worker, item_id)
    return _judged(work, worker, item, "fine", now)


def say_missed(work: Work, worker: Worker, item_id: str, *, severity: str, category: str, meant: str | None, now: datetime) -> SampleItem:
    """It should have been flagged: a flag is raised now, with its clock and its alerts, and it counts as a miss.

    `meant`: the id of a worker whom the words are about; they never hear of it.
    Raises NotFound, NothingWritten ("severity" or "category"), Stale when somebody judged it before.
    """
    if severity not in Severity.__members__:
        raise NothingWritten("severity")
    if category not in CATEGORIES:
        raise NothingWritten("category")
    item = _open(work, worker, item_id)
    message = work.session.get_one(Message, item.message_id)
    conversation = conversations.held(work, message.conversation_id)
    if meant and work.session.get(Worker, meant) is None:
        raise NotFound
    weight = Severity(severity)
    found = Screening(weight.level, weight, (category,), (), (), softened=False, unscreened=None)
    flag = flags.raise_flag(work, conversation, message, found, "sample", now, (meant,) if meant else ())
    note_event(work, "flag", flag.id, "sample_raised", worker.id, now)
    item.severity, item.category, item.flag_id = severity, category, flag.id
    return _judged(work, worker, item, "missed", now)


def rate(work: Work, worker: Worker) -> MissRate:
    """How much is missed, by what has been read of the messages drawn at random. What nobody screened is no part of it."""
    judged = select(SampleItem.verdict, func.count()).where(SampleItem.why == "drawn", SampleItem.verdict.is_not(None), countable(worker))
    counts = dict(work.session.execute(judged.group_by(SampleItem.verdict)).tuples().all())
    missed = counts.get("missed", 0)
    return miss_rate(missed + counts.get("fine", 0), missed)


@dataclass(frozen=True)
class WeekCount:
    """One draw in figures: from how many messages, how many were drawn, read, and found to have been missed."""

    week: SampleWeek
    size: int
    read: int
    missed: int


def weeks(work: Work, worker: Worker, limit: int = 8) -> list[WeekCount]:
    """The last draws, the newest first."""
    counts = (
        select(
            SampleWeek,
            func.count(SampleItem.id),
            func.count(SampleItem.verdict),
            func.count(SampleItem.flag_id),
        )
        .outerjoin(SampleItem, and_(SampleItem.week_id == SampleWeek.id, countable(worker)))
        .group_by(SampleWeek.id)
        .order_by(SampleWeek.to_at.desc())
        .limit(limit)
    )
    return [WeekCount(*row) for row in work.session.execute(counts).tuples()]


def countable(worker: Worker) -> ColumnElement[bool]:
    """Items that this worker's figures may hold: a miss whose flag names them would tell them of it."""
    return or_(SampleItem.flag_id.is_(None), exists().where(Flag.id == SampleItem.flag_id, flags_for(worker)))


def _week_of(moment: datetime) -> datetime:
    """The Monday midnight, in England, that began the week of a moment."""
    day = moment.astimezone(HERE).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), HERE).astimezone(timezone.utc)


def _candidates(work: Work, since: datetime, until: datetime) -> Select[tuple[str, bool]]:
    """SQL: (message, whether it went unscreened): typed, unflagged, sent between two moments for the first time, and readable
    by somebody on duty."""
    sent, earlier = aliased(StatementVersion), aliased(StatementVersion)
    before = exists().where(earlier.statement_id == sent.statement_id, earlier.number < sent.number, earlier.to_n >= Message.n)
    # said outright: a condition within a condition is not tied to the outermost query by itself
    first = ~before.correlate(sent, Message)
    in_time = exists().where(
        sent.statement_id == Message.statement_id, sent.to_n >= Message.n, sent.sent_at >= since, sent.sent_at < until, first
    )
    duty = work.session.scalars(select(Worker).where(Worker.active.is_(True), Worker.role.in_(DUTY_ROLES)))
    readers = [statements_for(worker) for worker in duty]
    unscreened = or_(ScreeningRow.message_id.is_(None), ScreeningRow.unscreened.is_not(None))
    return (
        select(Message.id, unscreened)
        .outerjoin(ScreeningRow, ScreeningRow.message_id == Message.id)
        .join(Statement, Statement.id == Message.statement_id)
        .where(
            Message.said_by == "me",
            Message.extras.is_(None),
            in_time,
            or_(*readers) if readers else Message.id.is_(None),
            ~exists().where(Flag.message_id == Message.id),
            ~exists().where(SampleItem.message_id == Message.id),
        )
        .order_by(Message.at, Message.n, Message.id)
    )


def _readable(worker: Worker) -> ColumnElement[bool]:
    """Items this worker may read: on duty, and the statement is one they may know of (records.readable)."""
    message = aliased(Message)
    theirs = exists().where(message.id == SampleItem.message_id, Statement.id == message.statement_id, statements_for(worker))
    return theirs if on_duty(worker) else false()


def _is_about(work: Work, worker: Worker, item: SampleItem) -> bool:
    """Whether the words point at this worker: nobody judges what is said about themselves."""
    message = work.session.get_one(Message, item.message_id)
    conversation = work.session.get_one(Conversation, message.conversation_id)
    return worker.id in flags.workers_meant(work, conversation, message.text)


def _found(work: Work, worker: Worker, item_id: str) -> SampleItem:
    item = work.session.scalar(select(SampleItem).where(SampleItem.id == item_id, _readable(worker)))
    if item is None or _is_about(work, worker, item):
        raise NotFound
    return item


def _open(work: Work, worker: Worker, item_id: str) -> SampleItem:
    """An item nobody has judged, held until the unit of work ends."""
    _found(work, worker, item_id)
    query = select(SampleItem).where(SampleItem.id == item_id).with_for_update().execution_options(populate_existing=True)
    item = work.session.scalars(query).one()
    if item.verdict is not None:
        raise Stale
    return item


def _judged(work: Work, worker: Worker, item: SampleItem, verdict: str, now: datetime) -> SampleItem:
    item.verdict, item.judged_by, item.judged_at = verdict, worker.id, now
    message = work.session.get_one(Message, item.message_id)
    note_event(work, "statement", message.statement_id or "", f"sample_{verdict}", worker.id, now)
    work.session.flush()
    return item


def _just_before(work: Work, message: Message) -> list[Message]:
    """The message, and of its own statement what the young person said just before it and what that answered."""
    theirs = select(Message.n).where(Message.statement_id == message.statement_id, Message.said_by == "me", Message.n < message.n)
    earlier = list(work.session.scalars(theirs.order_by(Message.n.desc()).limit(BEFORE + 1)))
    first = earlier[BEFORE] + 1 if len(earlier) > BEFORE else 0
    rows = transcript(work, message.conversation_id, after=first - 1, upto=message.n)
    return [row for row in rows if row.statement_id == message.statement_id]
