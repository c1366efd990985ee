"""Nothing that is missing or invented gets through to a live start, and everything that is wrong is named at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from records.readiness import missing_for_live, refused
from records.safety_data import load_help
from records.settings import Settings
from voice.promises.hours import Hours
from voice.safeguarding.help import HelpData, Local

SAMPLE = load_help(Settings().root)
REAL: dict[str, Any] = {
    "live": True,
    "smtp_host": "mail.council.gov.uk",
    "mail_from": "sayso@council.gov.uk",
    "duty_mail": "duty@council.gov.uk",
    "chat_url": "https://chat.council.gov.uk",
    "desk_url": "https://desk.council.gov.uk",
    "embed_origins": "https://www.council.gov.uk",
    "council_port": 0,
}
OFFICE = Hours.model_validate({"spans": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]})


def filled_in(**more: Any) -> HelpData:
    """The help data of a council that has filled everything in. The numbers are of no network, and not of Ofcom's list either."""
    plain = SAMPLE.local.model_dump()
    plain["invented"] = False
    plain["duty"]["call"], plain["out_of_hours"]["call"] = "0000 000 0001", "0000 000 0002"
    plain["allegations_officer"] |= {"call": "0000 000 0003", "mail": "lado@council.gov.uk"}
    for place, value in more.items():
        part, _, field = place.partition("__")
        if field:
            plain[part][field] = value
        else:
            plain[part] = value
    return replace(SAMPLE, local=Local.model_validate(plain))


def test_what_is_filled_in_whole_may_start_live() -> None:
    assert missing_for_live(Settings(**REAL), filled_in()) == []
    assert refused(Settings(**REAL), filled_in()) is None


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        ("invented", True, "invented: true"),
        ("council", " ", "council is empty"),
        ("reader", "", "reader is empty"),
        ("duty__name", "", "duty.name is empty"),
        ("duty__call", "", "duty.call has no number"),
        ("duty__call", "01632 960101", "duty.call is 01632 960101, a number kept for fiction"),
        ("out_of_hours__call", "07700 900123", "out_of_hours.call is 07700 900123, a number kept for fiction"),
        ("out_of_hours__call", "0114 496 0123", "a number kept for fiction"),
        ("out_of_hours__name", "", "out_of_hours.name is empty"),
        ("out_of_hours__at_night", {"standard": "Anything.", "easy": ""}, "out_of_hours.at_night is empty"),
        ("out_of_hours__open_hours", OFFICE, "neither the duty team nor the out-of-hours team is there"),
        ("allegations_officer__name", "", "allegations_officer.name is empty"),
        ("allegations_officer__reached", "", "allegations_officer.reached is empty"),
        ("allegations_officer__call", "", "allegations_officer.call has no number"),
        ("allegations_officer__mail", "", "allegations_officer.mail is not set"),
        ("allegations_officer__mail", "lado", "no mail address"),
        ("allegations_officer__mail", "lado@council.example", "belongs to nobody"),
    ],
)
def test_what_the_council_has_not_filled_in_is_named(place: str, value: object, reason: str) -> None:
    (missing,) = missing_for_live(Settings(**REAL), filled_in(**{place: value}))
    assert reason in missing


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("smtp_host", "", "SAYSO_SMTP_HOST is not set"),
        ("mail_from", "sayso@localhost", "SAYSO_MAIL_FROM is sayso@localhost"),
        ("duty_mail", "", "SAYSO_DUTY_MAIL is not set"),
        ("duty_mail", "duty@example.org", "belongs to nobody"),
        ("out_of_hours_mail", "edt@council.example", "SAYSO_OUT_OF_HOURS_MAIL is edt@council.example"),
        ("chat_url", "http://chat.council.gov.uk", "SAYSO_CHAT_URL"),
        ("chat_url", "", "SAYSO_CHAT_URL"),
        ("desk_url", "", "SAYSO_DESK_URL"),
        ("embed_origins", "https://www.council.gov.uk http://old.council.gov.uk", "SAYSO_EMBED_ORIGINS has http://old.council.gov.uk"),
        ("council_port", 8002, "SAYSO_COUNCIL_PORT"),
    ],
)
def test_what_the_host_has_not_set_is_named(setting: str, value: object, reason: str) -> None:
    (missing,) = missing_for_live(Settings(**{**REAL, setting: value}), filled_in())
    assert reason in missing


def test_hours_that_leave_only_bank_holidays_to_nobody_are_found() -> None:
    evenings = {"spans": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "17:00", "end": "09:00"}]}
    weekends = {"days": ["sat", "sun"], "start": "09:00", "end": "17:00"}
    around = Hours.model_validate({"spans": [*evenings["spans"], weekends], "bank_holidays": False})
    (missing,) = missing_for_live(Settings(**REAL), filled_in(out_of_hours__open_hours=around))
    assert "neither" in missing
    assert missing_for_live(Settings(**REAL), filled_in(out_of_hours__open_hours=around.model_copy(update={"bank_holidays": True}))) == []


def test_the_sample_is_refused_with_everything_at_once_and_only_when_it_is_to_be_live() -> None:
    assert refused(Settings(live=False), SAMPLE) is None
    reason = refused(Settings(live=True), SAMPLE)
    assert reason
    assert len(reason.splitlines()) == len(missing_for_live(Settings(), SAMPLE)) + 2
    for part in ("invented: true", "01632 960101", "SAYSO_DUTY_MAIL", "SAYSO_SMTP_HOST", "https"):
        assert part in reason


def test_a_council_without_an_allegations_officer_is_refused_when_its_file_is_read() -> None:
    plain = SAMPLE.local.model_dump()
    del plain["allegations_officer"]
    with pytest.raises(ValueError, match="allegations_officer"):
        Local.model_validate(plain)
