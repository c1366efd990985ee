"""The clock of a flag: by when somebody has taken it on, and who hears of it when nobody has.

The shape of `data/help/clocks.yml` (safety research, section 2.4, column "Adults do (clock)").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from pydantic import Field, model_validator

from voice.promises.clocks import end_of_working_day
from voice.promises.hours import Hours
from voice.safeguarding.model import Category, Level, Severity
from voice.wording import Sheet


class SameDay(Sheet):
    """By the end of the hours in which it was raised; outside of them within some minutes, around the clock."""

    at_least_minutes: int = Field(gt=0)
    """So that what comes in at the last minute has a clock at all."""
    out_of_hours_minutes: int = Field(gt=0)

    def due(self, raised: datetime, hours: Hours) -> datetime:
        """When it has been taken on at the latest. Somewhere that never closes has no end of the day."""
        closes = hours.closes_next(raised)
        if closes is None:
            return raised + timedelta(minutes=self.out_of_hours_minutes)
        return max(closes, raised + timedelta(minutes=self.at_least_minutes))


class Clock(Sheet):
    """One clock: exactly one of its three kinds."""

    minutes: int | None = Field(default=None, gt=0)
    same_day: SameDay | None = None
    working_days: int | None = Field(default=None, gt=0, le=20)

    @model_validator(mode="after")
    def _one_kind(self) -> Clock:
        if sum(kind is not None for kind in (self.minutes, self.same_day, self.working_days)) != 1:
            raise ValueError("a clock is one of minutes, same_day and working_days")
        return self

    def due(self, raised: datetime, hours: Hours) -> datetime:
        """When a flag raised at this moment has been taken on at the latest, in UTC: minutes are real minutes in the night
        in which the clocks change, too."""
        moment = raised.astimezone(timezone.utc)
        if self.minutes is not None:
            return moment + timedelta(minutes=self.minutes)
        if self.same_day is not None:
            return self.same_day.due(moment, hours).astimezone(timezone.utc)
        return end_of_working_day(moment, self.working_days or 1).astimezone(timezone.utc)


class Chain(Sheet):
    """The clock of one severity, and how an alert goes up when the clock has run out."""

    clock: Clock
    last_after_minutes: int = Field(default=60, gt=0)
    again_every_minutes: int | None = Field(default=None, gt=0)
    quiet_before_minutes: int = Field(default=120, ge=0)


class Clocks(Sheet):
    """`data/help/clocks.yml`."""

    severities: Mapping[Severity, Chain]
    unread: Chain
    """For a flag without a severity: something nobody could read."""
    categories: Mapping[Category, Mapping[Severity, Clock]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_severity(self) -> Clocks:
        missing = [severity.value for severity in Severity if severity not in self.severities]
        if missing:
            raise ValueError(f"there is no clock for {', '.join(missing)}")
        return self

    def due(self, severity: str | None, categories: Sequence[str], raised: datetime, hours: Hours) -> datetime:
        """When a flag has been taken on at the latest: the earliest of the clocks of its severity and of its categories."""
        clocks = [self.chain(severity).clock]
        quicker: Mapping[str, Mapping[Severity, Clock]] = {str(name): by for name, by in self.categories.items()}
        if severity:
            clocks += [found for name in categories if (found := quicker.get(name, {}).get(Severity(severity)))]
        return min(clock.due(raised, hours) for clock in clocks)

    def chain(self, severity: str | None) -> Chain:
        """The chain a flag of this severity goes up."""
        return self.severities[Severity(severity)] if severity else self.unread


Who = Literal["first", "managers", "last", "everybody"]
"""Who hears of it: those who are alerted at once, the managers, the last address of the chain, or all of these."""


@dataclass(frozen=True)
class Rung:
    """One step of the chain. `quiet`: a mail that something waits, at a time when somebody can still be in time."""

    number: int
    who: Who
    at: datetime
    quiet: bool


def reached(chain: Chain, level: str, due: datetime, now: datetime) -> tuple[Rung, ...]:
    """The rungs whose time has come, in order. Of those that repeat only the latest: what was missed is not made up for."""
    return tuple(rung for rung in _rungs(chain, level, due, now) if rung.at <= now)


def _rungs(chain: Chain, level: str, due: datetime, now: datetime) -> Iterator[Rung]:
    if level != Level.urgent.value:
        yield Rung(1, "first", due - timedelta(minutes=chain.quiet_before_minutes), True)
        yield Rung(2, "managers", due, True)
        return
    last = due + timedelta(minutes=chain.last_after_minutes)
    yield Rung(1, "managers", due, False)
    yield Rung(2, "last", last, False)
    if chain.again_every_minutes and now > last:
        every = timedelta(minutes=chain.again_every_minutes)
        count = (now - last) // every
        if count:
            yield Rung(2 + count, "everybody", last + count * every, False)
