"""The clocks: by when a statement is read, given to a worker and answered (field research, section 5c, "Default clocks")."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from voice.promises.calendar import add_working_days

READ_DAYS = 2
REPLY_DAYS = 5
"""Working days."""
ASSIGN_WITHIN = timedelta(hours=24)
_HERE = ZoneInfo("Europe/London")
_END_OF_DAY = time(17, 0)


def read_due(sent: datetime) -> datetime:
    """When something sent at this moment has been read at the latest."""
    return end_of_working_day(sent, READ_DAYS)


def reply_due(sent: datetime) -> datetime:
    """When it has been answered at the latest."""
    return end_of_working_day(sent, REPLY_DAYS)


def end_of_working_day(moment: datetime, days: int) -> datetime:
    """The end of the working day that is `days` working days after a moment."""
    day = add_working_days(moment.astimezone(_HERE).date(), days)
    return datetime.combine(day, _END_OF_DAY, _HERE)
