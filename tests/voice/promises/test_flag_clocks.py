"""The clock of a flag, by the file that comes with Sayso, in the office of the sample council (Monday to Friday, 9 to 5)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from records.clocks import load_clocks
from records.safety_data import load_help
from voice.promises.flag_clocks import Clock, reached
from voice.promises.hours import Hours

ROOT = Path(__file__).resolve().parents[3]
CLOCKS = load_clocks(ROOT)
OFFICE = load_help(ROOT).local.reading_hours
LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def due(raised: str, severity: str | None, *categories: str, hours: Hours = OFFICE) -> datetime:
    return CLOCKS.due(severity, categories, at(raised), hours)


@pytest.mark.parametrize(
    ("raised", "severity", "by"),
    [
        ("2026-11-24T10:00", "S1", "2026-11-24T10:05"),
        ("2026-12-25T03:00", "S1", "2026-12-25T03:05"),
        ("2026-11-24T10:00", "S2", "2026-11-24T17:00"),
        ("2026-11-24T16:50", "S2", "2026-11-24T17:50"),  # at least an hour
        ("2026-11-24T17:00", "S2", "2026-11-24T21:00"),
        ("2026-11-24T23:30", "S2", "2026-11-25T03:30"),
        ("2026-04-03T10:00", "S2", "2026-04-03T14:00"),  # Good Friday: nobody is in, so it does not wait for Tuesday
        ("2026-04-02T16:59", "S2", "2026-04-02T17:59"),
        ("2026-11-24T10:00", "S3", "2026-11-25T17:00"),
        ("2026-11-28T10:00", "S3", "2026-11-30T17:00"),
        ("2026-04-02T18:00", "S3", "2026-04-07T17:00"),  # Thursday before Easter to the Tuesday after it
        ("2026-12-24T23:30", "S3", "2026-12-29T17:00"),
        ("2026-11-24T10:00", "S4", "2026-12-01T17:00"),
        ("2026-04-02T18:00", "S4", "2026-04-13T17:00"),
        ("2026-11-24T23:30", None, "2026-11-25T03:30"),
    ],
)
def test_a_flag_is_due_by_its_severity_and_the_hours(raised: str, severity: str | None, by: str) -> None:
    assert due(raised, severity) == at(by)


@pytest.mark.parametrize(
    ("severity", "category", "by"),
    [
        ("S2", "missing", "2026-11-24T11:00"),
        ("S1", "missing", "2026-11-24T10:05"),
        ("S3", "missing", "2026-11-25T17:00"),
        ("S3", "allegation", "2026-11-24T17:00"),
        ("S3", "bullying", "2026-11-25T17:00"),
    ],
)
def test_a_category_can_only_make_it_quicker(severity: str, category: str, by: str) -> None:
    assert due("2026-11-24T10:00", severity, "bullying", category) == at(by)


def test_minutes_are_real_minutes_when_the_clocks_go_back_and_forward() -> None:
    # 1.58 am in summer time; four minutes later it is 1.02 am again
    raised = datetime(2026, 10, 25, 0, 58, tzinfo=timezone.utc)
    assert CLOCKS.due("S1", (), raised, OFFICE) - raised == timedelta(minutes=5)
    assert CLOCKS.due("S2", (), raised, OFFICE) - raised == timedelta(hours=4)
    before_spring = datetime(2026, 3, 29, 0, 30, tzinfo=timezone.utc)
    assert CLOCKS.due("S2", (), before_spring, OFFICE) == at("2026-03-29T05:30")
    # a working day over the change still ends at five by the clock on the wall
    assert due("2026-10-23T20:00", "S3") == at("2026-10-26T17:00")
    assert due("2026-10-23T20:00", "S3").tzinfo is timezone.utc


def test_somewhere_that_never_closes_has_no_end_of_the_day() -> None:
    assert due("2026-11-24T10:00", "S2", hours=Hours()) == at("2026-11-24T14:00")


@pytest.mark.parametrize("plain", [{}, {"minutes": 5, "working_days": 1}, {"minutes": 0}, {"working_days": 0}])
def test_a_clock_is_exactly_one_of_three_kinds(plain: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Clock.model_validate(plain)


DUE = datetime(2026, 11, 24, 10, 35, tzinfo=timezone.utc)


def rungs(severity: str | None, level: str, minutes: int) -> list[tuple[int, str, bool]]:
    """The rungs that are reached so many minutes after the clock's end."""
    found = reached(CLOCKS.chain(severity), level, DUE, DUE + timedelta(minutes=minutes))
    return [(rung.number, rung.who, rung.quiet) for rung in found]


def test_danger_now_goes_up_every_five_minutes_and_then_again_and_again() -> None:
    managers, last = (1, "managers", False), (2, "last", False)
    assert rungs("S1", "urgent", -1) == []
    assert rungs("S1", "urgent", 0) == [managers]
    assert rungs("S1", "urgent", 4) == [managers]
    assert rungs("S1", "urgent", 5) == [managers, last]
    assert rungs("S1", "urgent", 10) == [managers, last, (3, "everybody", False)]
    # an hour in which nobody could be alerted is not made up for twelve times
    assert rungs("S1", "urgent", 70) == [managers, last, (15, "everybody", False)]


def test_serious_harm_goes_up_twice() -> None:
    assert rungs("S2", "urgent", 59) == [(1, "managers", False)]
    assert rungs("S2", "urgent", 600) == [(1, "managers", False), (2, "last", False)]


def test_what_is_not_urgent_gets_a_quiet_alert_while_there_is_still_time() -> None:
    assert rungs("S3", "check", -121) == []
    assert rungs("S3", "check", -120) == [(1, "first", True)]
    assert rungs("S4", "check", 6000) == [(1, "first", True), (2, "managers", True)]
    assert rungs(None, "check", 0) == [(1, "first", True), (2, "managers", True)]
