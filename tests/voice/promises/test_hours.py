from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from voice.promises.hours import Hours, Span

LONDON = ZoneInfo("Europe/London")
OFFICE = Hours.model_validate(
    {"spans": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}], "bank_holidays": False}
)
NIGHT = Hours.model_validate({"spans": [{"days": ["fri"], "start": "22:00", "end": "06:00"}]})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_office_hours_hold_for_each_of_the_168_hours_of_a_week() -> None:
    monday = at("2026-11-23T00:30")
    for hour in range(168):
        moment = monday + timedelta(hours=hour)
        expected = moment.weekday() < 5 and 9 <= moment.hour < 17
        assert OFFICE.open_at(moment) is expected, moment


def test_the_next_opening_is_in_the_future_and_is_open_for_each_hour_of_a_week() -> None:
    for hour in range(168):
        moment = at("2026-11-23T00:30") + timedelta(hours=hour)
        opens = OFFICE.opens_next(moment)
        assert opens is not None
        assert opens > moment
        assert OFFICE.open_at(opens)
        assert not OFFICE.open_at(opens - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-23T08:59", False), ("2026-11-23T09:00", True), ("2026-11-23T16:59", True), ("2026-11-23T17:00", False)],
)
def test_it_opens_on_the_minute_and_closes_on_the_minute(moment: str, is_open: bool) -> None:
    assert OFFICE.open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-12-24T18:00", "2026-12-29T09:00"),  # Christmas on a Friday, Boxing Day made up for on Monday
        ("2026-04-02T18:00", "2026-04-07T09:00"),  # Good Friday to Easter Monday
        ("2026-12-31T17:00", "2027-01-04T09:00"),
    ],
)
def test_bank_holidays_are_closed(moment: str, opens: str) -> None:
    assert OFFICE.opens_next(at(moment)) == at(opens)


def test_hours_that_keep_bank_holidays_are_open_on_them() -> None:
    daily = Hours(spans=OFFICE.spans)
    assert daily.open_at(at("2026-12-25T10:00"))
    assert not OFFICE.open_at(at("2026-12-25T10:00"))


def test_hours_over_midnight_end_on_the_next_day() -> None:
    assert NIGHT.open_at(at("2026-11-27T23:00"))
    assert NIGHT.open_at(at("2026-11-28T05:59"))
    assert not NIGHT.open_at(at("2026-11-28T06:00"))
    assert not NIGHT.open_at(at("2026-11-27T05:00"))


@pytest.mark.parametrize("utc_hour", [8, 9])
def test_nine_in_the_morning_moves_with_the_clocks(utc_hour: int) -> None:
    before = datetime(2026, 3, 27, utc_hour, 30, tzinfo=timezone.utc)  # winter time: nine is nine
    after = datetime(2026, 3, 30, utc_hour, 30, tzinfo=timezone.utc)  # summer time: nine is eight
    assert OFFICE.open_at(before) is (utc_hour == 9)
    assert OFFICE.open_at(after)


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    night = Hours.model_validate({"spans": [{"days": ["sun"], "start": "01:00", "end": "02:00"}]})
    first = datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
    again = datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc)
    assert night.open_at(first)
    assert night.open_at(again)
    assert not night.open_at(again + timedelta(hours=1))


def test_the_hour_that_does_not_exist_opens_nothing_and_breaks_nothing() -> None:
    night = Hours.model_validate({"spans": [{"days": ["sun"], "start": "01:00", "end": "02:00"}]})
    opens = night.opens_next(datetime(2026, 3, 28, 23, 0, tzinfo=timezone.utc))
    assert opens is not None


def test_always_open_never_opens() -> None:
    always = Hours()
    assert always.always
    assert always.open_at(at("2026-12-25T03:00"))
    assert always.opens_next(at("2026-12-25T03:00")) is None


def test_a_span_needs_a_day() -> None:
    with pytest.raises(ValueError, match="days"):
        Span.model_validate({"days": [], "start": "09:00", "end": "17:00"})
