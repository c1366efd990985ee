"""Moments as workers read them, and hints for their replies."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from desk.hints import hints_for
from desk.when import When
from records.settings import settings
from tests.conftest import NOW

LONDON = When("Europe/London")


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        (datetime(2026, 11, 24, 9, 5, tzinfo=timezone.utc), "Tue 24 Nov, 9.05 am"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=timezone.utc), "Thu 2 Jul, 12.30 am"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=timezone.utc), "Wed 1 Jul, 12.00 pm"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=timezone.utc), "Sun 29 Mar, 2.00 am"),
    ],
)
def test_a_moment_is_shown_in_the_time_zone_of_the_settings(utc: datetime, shown: str) -> None:
    assert LONDON.moment(utc) == shown


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(minutes=-150), "2 hours ago"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(seconds=5), "now"),
    ],
)
def test_how_far_away_is_said_in_the_largest_unit(away: timedelta, shown: str) -> None:
    assert LONDON.away(NOW + away, NOW) == shown


def test_words_to_avoid_come_with_what_to_say_instead() -> None:
    hints = hints_for(settings().root, "Your PLACEMENTS and the contact centre.")
    assert {hint.about for hint in hints} == {"placement", "contact centre"}
    assert all(hint.better for hint in hints)


def test_plain_kind_words_get_no_hint() -> None:
    assert hints_for(settings().root, "Hi Robin. Thank you for telling me. We will see your nan on Saturday.") == ()


def test_a_long_hard_sentence_gets_a_hint() -> None:
    text = "Following multidisciplinary consideration we have determined that the aforementioned arrangements necessitate additional " * 2
    assert {hint.kind for hint in hints_for(settings().root, text)} == {"sentence", "age"}
