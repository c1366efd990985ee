"""`sayso check`: is this installation fit for real young people?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from records.readiness import missing_for_live, out_of_date
from records.safety_data import load_help
from records.settings import Settings
from voice.safeguarding.help import Helpline


def check(chosen: Settings, today: date, tell: Callable[[str], None]) -> bool:
    """Tells what is missing, what is still invented and which helplines must be checked again. True when there is nothing."""
    help_data = load_help(chosen.root)
    missing, old = missing_for_live(chosen, help_data), out_of_date(help_data, today)
    if missing:
        tell("Before real young people use it (SAYSO_LIVE=true):")
        for one in missing:
            tell(f"  - {one}")
    if old:
        tell("\n".join(old_lines(old, today)))
    if not missing and not old:
        tell("Nothing is missing, and every helpline was checked in the last 90 days.")
    return not missing and not old


def old_lines(old: list[Helpline], today: date) -> list[str]:
    """The helplines that must be checked again, as lines for whoever runs Sayso."""
    heading = "Helplines that were last checked more than 90 days ago. Read their page and phone them, then put the day in:"
    return [
        heading,
        *(f"  - {line.name}: {line.verified_on}, {(today - line.verified_on).days} days ago; {line.source_url}" for line in old),
    ]
