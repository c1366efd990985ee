from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from voice.promises.calendar import add_working_days, bank_holidays, is_working_day
from voice.promises.clocks import read_due, reply_due
from voice.promises.saying import day_in_words

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 28), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),
        (date(2026, 5, 4), False),
        (date(2026, 3, 17), True),  # St Patrick's Day is a holiday in Northern Ireland only
    ],
)
def test_working_days_are_those_of_england(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_england_has_eight_bank_holidays_and_their_substitutes() -> None:
    assert len(bank_holidays(2027)) >= 8


def test_working_days_jump_over_a_long_weekend() -> None:
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 0) == date(2026, 12, 24)


def test_something_sent_on_monday_is_read_by_wednesday_evening() -> None:
    assert read_due(at("2026-11-23T10:00")) == at("2026-11-25T17:00")


def test_something_sent_in_the_night_before_christmas_is_read_after_two_working_days() -> None:
    assert read_due(at("2026-12-24T23:30")) == at("2026-12-30T17:00")


def test_a_reply_takes_five_working_days() -> None:
    assert reply_due(at("2026-11-23T10:00")) == at("2026-11-30T17:00")


def test_the_day_is_the_day_in_england_not_in_greenwich() -> None:
    just_after_midnight_in_summer = datetime(2026, 7, 5, 23, 30, tzinfo=timezone.utc)
    assert read_due(just_after_midnight_in_summer) == at("2026-07-08T17:00")


def test_a_day_is_said_with_its_name() -> None:
    assert day_in_words(date(2026, 11, 26)) == "Thursday 26 November"
