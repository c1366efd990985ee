"""When somebody is there: weekly hours in local time, right over clock changes and bank holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from voice.promises.calendar import bank_holidays
from voice.wording import Sheet

HERE = ZoneInfo("Europe/London")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_LOOK_AHEAD = 30
"""Days. Longer than any run of closed days."""


class Span(Sheet):
    """From an hour to an hour on some days. Ending at or before its start, it ends on the next day."""

    days: tuple[Day, ...] = Field(min_length=1)
    start: time
    end: time


class Hours(Sheet):
    """Weekly opening hours. No spans: always open."""

    spans: tuple[Span, ...] = ()
    bank_holidays: bool = True
    """Whether it is open on bank holidays too."""

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return not self.spans

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there at this moment."""
        return self.always or any(start <= now < end for start, end in self._around(now, 1))

    def opens_next(self, now: datetime) -> datetime | None:
        """When it opens the next time after this moment; None when it never closes."""
        if self.always:
            return None
        return min((start for start, _ in self._around(now) if start > now), default=None)

    def closes_next(self, now: datetime) -> datetime | None:
        """When the hours that are running at this moment end; None when it is closed, or never closes."""
        return max((end for start, end in self._around(now) if start <= now < end), default=None)

    def _around(self, now: datetime, days: int = _LOOK_AHEAD) -> Iterator[tuple[datetime, datetime]]:
        today = now.astimezone(HERE).date()
        for offset in range(-1, days):
            day = today + timedelta(days=offset)
            if not self.bank_holidays and day in bank_holidays(day.year):
                continue
            for span in self.spans:
                if _DAYS[day.weekday()] in span.days:
                    yield _moment(day, span.start), _moment(day + timedelta(days=span.end <= span.start), span.end)


def _moment(day: date, at: time) -> datetime:
    # compared as moments, not as wall times: two times of one zone compare by the clock face in Python, also in the hour that comes twice
    return datetime.combine(day, at, HERE).astimezone(ZoneInfo("UTC"))
