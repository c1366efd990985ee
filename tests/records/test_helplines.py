"""The helplines as they stand in the data file today: checked lately, with their source, and never more than that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records.readiness import out_of_date
from records.safety_data import load_help
from records.settings import Settings
from voice.promises.hours import HERE
from voice.safeguarding.help import CHECK_AGAIN_AFTER, Helpline

HELP = load_help(Settings().root)
TODAY = datetime.now(HERE).date()


@pytest.mark.parametrize("line", HELP.helplines, ids=lambda line: line.id)
def test_every_helpline_was_checked_in_the_last_90_days(line: Helpline) -> None:
    """When this fails, nothing is broken but the promise: read the line's page, phone it, and write the day into the file."""
    assert line.verified_on <= TODAY, "checked on a day that has not come yet"
    assert not line.is_out_of_date(TODAY), f"{line.name} was last checked on {line.verified_on}: check it again ({line.source_url})"


def test_the_ninetieth_day_is_still_good_and_the_day_after_is_not() -> None:
    day = max(line.verified_on for line in HELP.helplines)
    assert out_of_date(HELP, day) == []
    assert out_of_date(HELP, day + CHECK_AGAIN_AFTER) == []
    assert [line.id for line in out_of_date(HELP, day + CHECK_AGAIN_AFTER + timedelta(days=1))] == [line.id for line in HELP.helplines]


@pytest.mark.parametrize("line", HELP.helplines, ids=lambda line: line.id)
def test_what_the_makers_only_read_about_does_not_claim_to_have_been_phoned(line: Helpline) -> None:
    assert line.evidence
    assert line.source_url.startswith("http")
    if line.verified_by.startswith("The makers of Sayso") and line.id != "emergency":
        assert line.verified_by.endswith("by reading only")
        assert "not phoned" in line.evidence or "not tried" in line.evidence
