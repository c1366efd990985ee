"""Who is offered at each hour of a week, on bank holidays and when the clocks change: open or closed, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from records.safety_data import load_help
from voice.safeguarding.help import Helpline, Team
from voice.safeguarding.rows import IN_SIGHT, Row, help_rows
from voice.safeguarding.screen import CATEGORIES
from voice.wording import Style

HELP = load_help(Path(__file__).resolve().parents[3])
LONDON = ZoneInfo("Europe/London")
TEAMS: tuple[Team, ...] = (HELP.local.duty, HELP.local.out_of_hours)
EVERYBODY: dict[str, Helpline | Team] = {one.name: one for one in (*HELP.helplines, *TEAMS)}
ALL = len(EVERYBODY)
WEEK = [datetime(2026, 11, 23, 0, 30, tzinfo=LONDON) + timedelta(hours=hour) for hour in range(168)]
"""A week without a bank holiday."""
EACH_HOUR = pytest.mark.parametrize("now", WEEK, ids=lambda now: f"{now:%a %H}")


@cache
def rows(now: datetime, *categories: str, first: int = ALL) -> tuple[Row, ...]:
    return help_rows(categories, now, Style.standard, HELP, first)


def helplines(shown: tuple[Row, ...]) -> Iterator[tuple[Row, Helpline]]:
    for row in shown:
        one = EVERYBODY[row["name"]]
        if isinstance(one, Helpline):
            yield row, one


def is_office_hour(now: datetime, start: str, end: str) -> bool:
    return now.weekday() < 5 and start <= f"{now:%H:%M}" < end


@EACH_HOUR
def test_each_row_says_whether_it_is_open_and_only_the_open_ones_do(now: datetime) -> None:
    """Worked out from the clock face, without the code that the rows use."""
    for row in rows(now):
        one = EVERYBODY[row["name"]]
        spans = one.open_hours.spans
        expected = not spans or any(
            f"{now:%a}".lower() in span.days and f"{span.start:%H:%M}" <= f"{now:%H:%M}" < f"{span.end:%H:%M}" for span in spans
        )
        assert row["open_now"] is expected, row["name"]
        wording = HELP.replies.open_now if spans else HELP.replies.open_always
        assert (row["open"] == wording.standard) is expected
        assert row["open"].startswith("Opens ") is not expected


@EACH_HOUR
def test_the_order_holds_for_each_category_at_each_hour(now: datetime) -> None:
    office = is_office_hour(now, "09:00", "17:00")
    for category in CATEGORIES:
        shown = rows(now, category)
        assert shown[0]["name"] == "999"
        is_open = [row["open_now"] for row in shown if not (row["text"] and shown.index(row) == IN_SIGHT - 1)]
        assert is_open == sorted(is_open, reverse=True), category
        team = HELP.local.duty if office else HELP.local.out_of_hours
        assert shown[1]["name"] == team.name
        assert not any(row["name"] in {one.name for one in TEAMS} for row in shown[2:])
        fits = [(category in line.fits) for row, line in helplines(shown) if row["open_now"] and not (line.emergency or line.advocacy)]
        # one line that can be texted may stand among those that fit
        misplaced = sum(1 for at, fit in enumerate(fits) if not fit and True in fits[at:])
        assert misplaced <= 1, category


@EACH_HOUR
@pytest.mark.parametrize("first", [4, 5])
def test_somebody_who_cannot_speak_finds_a_line_to_text_without_opening_more(now: datetime, first: int) -> None:
    for category in CATEGORIES:
        shown = rows(now, category, first=first)
        assert len(shown) == first
        assert any(row["text"] and row["open_now"] for row in shown[:IN_SIGHT]), category


@EACH_HOUR
def test_of_those_who_fit_and_are_open_the_one_that_can_be_texted_comes_first(now: datetime) -> None:
    for category in CATEGORIES:
        fitting = [row for row, line in helplines(rows(now, category)) if category in line.fits and row["open_now"] and not line.advocacy]
        texted = [row["text"] is not None for row in fitting]
        assert texted == sorted(texted, reverse=True), category


@EACH_HOUR
def test_an_advocate_is_never_first_at_night_and_never_before_somebody_who_is_there(now: datetime) -> None:
    advocates = {line.name for line in HELP.helplines if line.advocacy}
    for category in ("", *CATEGORIES):
        shown = rows(now, *filter(None, [category]))
        assert shown[0]["name"] not in advocates
        if not is_office_hour(now, "09:00", "17:00"):
            at = next(number for number, row in enumerate(shown) if row["name"] in advocates)
            assert not any(row["open_now"] for row in shown[at + 1 :])


@pytest.mark.parametrize("category", ["restraint", "allegation", "complaint_rights"])
@pytest.mark.parametrize("first", [4, 5])
def test_where_an_advocate_is_what_is_asked_for_one_is_offered_at_any_hour(category: str, first: int) -> None:
    advocates = {line.name for line in HELP.helplines if line.advocacy}
    for now in WEEK:
        assert advocates & {row["name"] for row in rows(now, category, first=first)}, now


@pytest.mark.parametrize(
    "day",
    [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 8, 30)],
)
def test_on_a_bank_holiday_in_england_the_out_of_hours_team_is_there_and_the_day_is_not_called_open(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, 0, tzinfo=LONDON)
    shown = {row["name"]: row for row in rows(noon, "neglect")}
    assert HELP.local.out_of_hours.name in shown
    assert HELP.local.duty.name not in shown
    for name in ("Become care advice line", "Always Heard"):
        assert not shown[name]["open_now"]
    assert shown["Childline"]["open_now"]
    assert shown["Papyrus HOPELINE247"]["open_now"]


def test_st_andrews_day_is_no_bank_holiday_in_england() -> None:
    assert rows(datetime(2026, 11, 30, 12, 0, tzinfo=LONDON), "neglect")[1]["name"] == HELP.local.duty.name


def around(day: date, hours: int = 6) -> list[datetime]:
    """Every quarter of an hour as it really passes, around the change at one in the morning."""
    start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc) - timedelta(hours=2)
    return [start + timedelta(minutes=15 * quarter) for quarter in range(hours * 4)]


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=["an hour comes twice", "an hour is missing"])
def test_through_the_night_the_clocks_change_nobody_opens_closes_or_changes_places(day: date) -> None:
    seen = {
        tuple((row["name"], row["open_now"], row["open"]) for row in rows(moment, "suicide"))
        for moment in around(day)
        # the day's name in "Opens …" changes at midnight, and Papyrus closes at ten
        if moment.astimezone(LONDON).date() == day
    }
    assert len(seen) == 1
    assert next(iter(seen))[1][0] == HELP.local.out_of_hours.name


@pytest.mark.parametrize(
    ("day", "utc_opening"),
    [(date(2026, 10, 23), 8), (date(2026, 10, 26), 9), (date(2027, 3, 26), None), (date(2027, 3, 30), 8)],
)
def test_nine_in_the_morning_is_nine_on_the_wall_before_and_after_the_change(day: date, utc_opening: int | None) -> None:
    for hour in range(7, 11):
        moment = datetime(day.year, day.month, day.day, hour, 0, tzinfo=timezone.utc)
        on_duty = rows(moment, "neglect")[1]["name"] == HELP.local.duty.name
        assert on_duty is (utc_opening is not None and hour >= utc_opening)
    # the first opening after the night is said in the time of the wall
    if utc_opening:
        before = datetime(day.year, day.month, day.day, utc_opening - 1, 59, tzinfo=timezone.utc)
        become = next(row for row in rows(before, "neglect") if row["name"] == "Become care advice line")
        assert become["open"] == "Opens today at 10 am"


def test_when_no_team_of_the_council_is_there_the_one_that_opens_sooner_stands_after_those_who_are() -> None:
    hours = HELP.local.duty.open_hours
    local = HELP.local.model_copy(update={"out_of_hours": HELP.local.out_of_hours.model_copy(update={"open_hours": hours})})
    shown = help_rows(("neglect",), WEEK[3], Style.standard, type(HELP)(HELP.helplines, local, HELP.replies), ALL)
    at = next(number for number, row in enumerate(shown) if row["name"] in (local.duty.name, local.out_of_hours.name))
    assert not shown[at]["open_now"]
    assert all(row["open_now"] for row in shown[:at])
    assert not any(row["open_now"] for row in shown[at:])
