"""Moments as workers read them: "Tue 24 Nov, 9.05 am"."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


class When:
    """Moments in the time zone of the settings."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def moment(self, at: datetime) -> str:
        """Day and time: "Tue 24 Nov, 9.05 am"."""
        return f"{self.day(at)}, {self.time(at)}"

    def day(self, at: datetime) -> str:
        """The day: "Tue 24 Nov"."""
        local = at.astimezone(self._zone)
        return f"{local:%a} {local.day} {local:%b}"

    def time(self, at: datetime) -> str:
        """The time of day: "9.05 am"."""
        local = at.astimezone(self._zone)
        return f"{local.hour % 12 or 12}.{local:%M} {'am' if local.hour < 12 else 'pm'}"

    def away(self, at: datetime, now: datetime) -> str:
        """How far a moment is from now, in the largest unit that is not zero: "in 3 days", "2 hours ago"."""
        minutes = round(abs((at - now).total_seconds()) / 60)
        for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
            count = minutes // size
            if count:
                length = f"{count} {unit}{'' if count == 1 else 's'}"
                return f"in {length}" if at > now else f"{length} ago"
        return "now"
