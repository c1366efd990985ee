"""What the screening can learn from: false alarms by category and by rule, and misses by category. Counts only, no words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from records.database import Work
from records.readable import flags_for
from records.sampling import countable
from records.tables import Flag, SampleItem, ScreeningRow, Worker

LOOKS_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Count:
    """Of so many closed flags with this name, so many were false alarms; `missed` by the samples."""

    name: str
    closed: int
    false_alarms: int
    missed: int


@dataclass(frozen=True)
class Lessons:
    """Counts of the last 90 days. `families` are the rules of data/screening, written category.family."""

    categories: Sequence[Count]
    families: Sequence[Count]
    closed: int
    false_alarms: int
    missed: int


def lessons(work: Work, worker: Worker, now: datetime) -> Lessons:
    """The counts as far as this worker may know of the flags and statements they come from."""
    since = now - LOOKS_BACK
    rows = (
        work.session.execute(
            select(Flag, ScreeningRow)
            .outerjoin(ScreeningRow, ScreeningRow.message_id == Flag.message_id)
            .where(Flag.closed_at >= since, flags_for(worker))
        )
        .tuples()
        .all()
    )
    found = select(SampleItem.category).where(SampleItem.verdict == "missed", SampleItem.judged_at >= since, countable(worker))
    missed = [name for name in work.session.scalars(found) if name]
    wrong = [(flag, screening) for flag, screening in rows if flag.ended == "false_alarm"]
    return Lessons(
        categories=_counts(
            (name for flag, _ in rows for name in flag.categories), (name for flag, _ in wrong for name in flag.categories), missed
        ),
        families=_counts(
            (name for _, screening in rows if screening for name in set(screening.families)),
            (name for _, screening in wrong if screening for name in set(screening.families)),
            (),
        ),
        closed=len(rows),
        false_alarms=len(wrong),
        missed=len(missed),
    )


def _counts(closed: Iterable[str], wrong: Iterable[str], missed: Iterable[str]) -> list[Count]:
    """By name, those that went wrong most often first; what never went wrong is left out."""
    all_closed, all_wrong, all_missed = Counter(closed), Counter(wrong), Counter(missed)
    names = sorted(all_wrong | all_missed, key=lambda name: (-all_wrong[name] - all_missed[name], name))
    return [Count(name, all_closed[name], all_wrong[name], all_missed[name]) for name in names]
