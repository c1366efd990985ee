"""Days as people say them."""

from __future__ import annotations

from datetime import date


def day_in_words(day: date) -> str:
    """Thursday 26 November: the name of the day helps more than a row of figures."""
    return f"{day:%A} {day.day} {day:%B}"
