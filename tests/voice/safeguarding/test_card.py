"""The card that comes up when somebody may not be safe: its order, its honesty, who is offered when."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from records.safety_data import load_help
from voice.safeguarding.card import Card, card_without_storage, safety_card, short_card, welcome
from voice.safeguarding.model import Category, Level, Severity
from voice.safeguarding.screen import CATEGORIES, Screen, Screening
from voice.wording import Style

HELP = load_help(Path(__file__).resolve().parents[3])
LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=LONDON)
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=LONDON)
CHRISTMAS_EVE = datetime(2026, 12, 24, 21, 0, tzinfo=LONDON)
STYLES = pytest.mark.parametrize("style", Style)


def flag(category: Category, severity: Severity = Severity.S2, unscreened: str | None = None) -> Screening:
    return Screening(severity.level, severity, (category,), (f"{category}.x",), (), False, unscreened)


def card(
    screening: Screening, now: datetime = TUESDAY, style: Style = Style.standard, reachable: bool = True, hidden: bool = False
) -> Card:
    return safety_card(screening, now=now, style=style, help_data=HELP, reachable=reachable, hidden=hidden)


def names(shown: Card) -> list[str]:
    return [row["name"] for row in shown.help]


@STYLES
def test_the_order_is_believe_then_not_your_fault_then_no_secrets_then_who_is_awake_then_what_happens_next(style: Style) -> None:
    replies = HELP.replies
    shown = card(flag("sexual_abuse"), style=style)
    first_four = (replies.first["harm"], replies.not_your_fault, replies.no_secret, replies.awake)
    assert shown.lines[:4] == tuple(words.in_style(style) for words in first_four)
    assert HELP.local.reader.in_style(style) in shown.lines[4]
    assert len(shown.lines) == 5
    assert [bool(said.help) for said in shown.said] == [False, False, False, True, False]


@STYLES
def test_the_card_asks_one_question_with_three_answers_of_which_two_raise(style: Style) -> None:
    shown = card(flag("physical_abuse"), style=style)
    assert shown.question == HELP.replies.question.in_style(style)
    assert [choice.raises for choice in shown.choices] == [None, "urgent", "urgent"]
    assert sum(line.count("?") for line in shown.lines) == 0 or style is Style.easy


@pytest.mark.parametrize("category", CATEGORIES)
def test_in_danger_now_999_comes_before_every_other_word_and_every_other_row(category: Category) -> None:
    shown = card(flag(category, Severity.S1))
    assert "999" in shown.lines[0]
    assert [row["call"] for row in shown.said[0].help] == ["999"]
    assert names(shown)[0] == "999"


@pytest.mark.parametrize("category", CATEGORIES)
@STYLES
def test_every_category_has_words_of_its_own_group(category: Category, style: Style) -> None:
    assert category in HELP.replies.group_of
    assert card(flag(category), style=style).lines


@pytest.mark.parametrize("now", [TUESDAY, NIGHT, CHRISTMAS_EVE])
@STYLES
@pytest.mark.parametrize("reachable", [True, False])
def test_the_card_never_says_that_somebody_was_told(now: datetime, style: Style, reachable: bool) -> None:
    for category in CATEGORIES:
        for severity in Severity:
            said = " ".join(card(flag(category, severity), now, style, reachable).lines).lower()
            assert not re.search(r"\b(have|has) (told|called|phoned|alerted|contacted)\b", said)
            assert "we told" not in said
            assert "i told" not in said


@STYLES
def test_an_alert_that_cannot_go_out_is_admitted(style: Style) -> None:
    shown = card(flag("physical_abuse"), style=style, reachable=False)
    assert shown.lines[-1] == HELP.replies.not_reachable.in_style(style)


def test_what_happens_next_is_counted_from_the_hours_of_those_who_read() -> None:
    assert "at work now" in card(flag("neglect"), TUESDAY).lines[-1]
    assert "today at 9 am" in card(flag("neglect"), NIGHT).lines[-1]
    assert "on Tuesday at 9 am" in card(flag("neglect"), CHRISTMAS_EVE).lines[-1]


def test_only_a_flag_that_is_really_withheld_promises_that_the_named_person_will_not_see_it() -> None:
    promise = HELP.replies.allegation.standard
    assert promise in card(flag("allegation"), hidden=True).lines
    assert promise not in card(flag("allegation"), hidden=False).lines


def test_a_concern_gets_soft_words_and_no_question() -> None:
    shown = card(flag("emotional_abuse", Severity.S3))
    assert shown.lines == (HELP.replies.soft.standard,)
    assert shown.question is None
    assert shown.help


def test_low_mood_gets_a_warm_word_first() -> None:
    assert card(flag("low_mood", Severity.S4)).lines == (HELP.replies.first["low"].standard, HELP.replies.soft.standard)


def test_a_text_that_could_not_be_read_is_admitted() -> None:
    unread = Screening(Level.check, None, (), (), (), False, "other_script")
    assert card(unread).lines == (HELP.replies.could_not_read.standard,)


def test_a_card_without_storage_says_that_nobody_can_see_it() -> None:
    shown = card_without_storage(flag("suicide", Severity.S1), now=NIGHT, style=Style.standard, help_data=HELP)
    assert HELP.replies.not_stored.standard in shown.lines
    assert "999" in names(shown)[0]


def test_the_short_card_is_one_line_with_help() -> None:
    shown = short_card(flag("suicide"), now=NIGHT, style=Style.easy, help_data=HELP, reachable=True)
    assert shown.lines == (HELP.replies.again.easy,)
    assert len(shown.help) == 4


def test_the_short_card_too_admits_that_nobody_could_be_alerted() -> None:
    shown = short_card(flag("suicide"), now=NIGHT, style=Style.easy, help_data=HELP, reachable=False)
    assert shown.lines == (HELP.replies.not_reachable.easy,)


def test_those_who_fit_come_before_those_who_do_not() -> None:
    missing = names(card(flag("missing")))
    assert missing.index("Runaway Helpline") < missing.index("Childline")


def test_of_those_who_fit_the_one_that_can_be_texted_comes_first() -> None:
    suicide = names(card(flag("suicide")))
    assert suicide.index("Shout") < suicide.index("Childline")


@STYLES
@pytest.mark.parametrize("now", [TUESDAY, NIGHT, CHRISTMAS_EVE])
def test_the_first_screen_says_what_it_must(style: Style, now: datetime) -> None:
    shown = welcome(now, style, HELP, live=True)
    said = " ".join(shown["lines"]).lower()
    for words in ("computer", "not a person", "secret", "miss things", "tell someone now"):
        assert words in said
    assert "nobody reads along" in shown["reading"].lower()
    assert shown["help"][0]["name"] == "999"


def test_a_helpline_row_has_the_fields_the_page_is_promised() -> None:
    for row in welcome(TUESDAY, Style.standard, HELP, live=True)["help"]:
        assert set(row) == {"name", "what", "call", "text", "web", "open", "open_now"}


@STYLES
def test_as_long_as_it_is_a_demo_the_first_screen_says_so(style: Style) -> None:
    replies = HELP.replies
    assert welcome(TUESDAY, style, HELP, live=False)["demo"] == replies.demo_made_up.in_style(style)
    real = replace(HELP, local=HELP.local.model_copy(update={"invented": False}))
    assert welcome(TUESDAY, style, real, live=False)["demo"] == replies.demo_trial.in_style(style)
    assert welcome(TUESDAY, style, real, live=True)["demo"] is None


@STYLES
@pytest.mark.parametrize("now", [TUESDAY, NIGHT])
def test_the_councils_rows_say_that_they_are_made_up_as_long_as_they_are(style: Style, now: datetime) -> None:
    teams = {HELP.local.duty.name, HELP.local.out_of_hours.name}
    made_up = HELP.replies.made_up_row.in_style(style)
    real = replace(HELP, local=HELP.local.model_copy(update={"invented": False}))
    for help_data, expected in ((HELP, True), (real, False)):
        shown = safety_card(flag("neglect"), now=now, style=style, help_data=help_data, reachable=True, hidden=False)
        assert {(made_up in row["what"]) for row in shown.help if row["name"] in teams} == {expected}
        assert not any(made_up in row["what"] for row in shown.help if row["name"] not in teams)


def test_the_out_of_hours_row_says_what_they_take_late_at_night() -> None:
    row = next(row for row in card(flag("neglect"), NIGHT).help if row["name"] == HELP.local.out_of_hours.name)
    assert HELP.local.out_of_hours.at_night.standard in row["what"]


def test_numbers_of_the_council_are_plainly_invented() -> None:
    assert HELP.local.invented
    for team in (HELP.local.duty, HELP.local.out_of_hours, HELP.local.allegations_officer):
        assert team.call.startswith("01632 960")


def test_nspcc_for_adults_is_not_offered_to_a_child() -> None:
    assert not any(line.call and "0808 800 5000" in line.call for line in HELP.helplines)


def test_a_real_message_leads_to_a_real_card(screen: Screen) -> None:
    shown = card(screen.screen("my dad hits me and hes coming tonight"), NIGHT)
    assert "999" in shown.lines[0]
    assert shown.question
