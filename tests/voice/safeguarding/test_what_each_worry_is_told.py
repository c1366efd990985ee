"""The card rule by rule, for every category: what the safety research asks of it (sections 2.4 and 2.5), and what it forbids."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from records.safety_data import load_help
from voice.plain_language import bare, has_emoji
from voice.safeguarding.card import not_reached_card, not_safe_card, safety_card, short_card
from voice.safeguarding.model import Severity
from voice.safeguarding.screen import CATEGORIES, Screening
from voice.wording import Style

HELP = load_help(Path(__file__).resolve().parents[3])
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=ZoneInfo("Europe/London"))
STYLES = pytest.mark.parametrize("style", Style)
URGENT = [Severity.S1, Severity.S2]


def flag(*categories: str, severity: Severity = Severity.S2) -> Screening:
    return Screening(severity.level, severity, categories, (), (), False, None)


def said(*categories: str, style: Style = Style.standard, severity: Severity = Severity.S2, hidden: bool = False) -> str:
    """All the words of a card, without those of its rows."""
    screening = flag(*categories, severity=severity)
    return " ".join(safety_card(screening, now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=hidden).lines)


def everything_said(category: str, style: Style) -> list[str]:
    """Every line that can be said to a category, at each severity, and after "no"."""
    cards = [
        safety_card(flag(category, severity=severity), now=NIGHT, style=style, help_data=HELP, reachable=reachable, hidden=hidden)
        for severity in Severity
        for reachable in (True, False)
        for hidden in (True, False)
    ]
    cards += [short_card(flag(category), now=NIGHT, style=style, help_data=HELP, reachable=reachable) for reachable in (True, False)]
    cards += [make((category,), now=NIGHT, style=style, help_data=HELP) for make in (not_safe_card, not_reached_card)]
    return [line for card in cards for line in (*card.lines, card.question or "")]


@STYLES
@pytest.mark.parametrize("category", CATEGORIES)
def test_no_line_of_a_card_is_cheerful_has_an_emoji_or_asks_for_a_score(category: str, style: Style) -> None:
    praise = (*HELP.replies.cheerful, "great", "brave", "happy", "good job", "nice", "fun", "smile")
    for line in everything_said(category, style):
        spoken = f" {bare(line)} "
        assert not [phrase for phrase in praise if f" {phrase} " in spoken], line
        assert not has_emoji(line)
        assert "!" not in line
        assert not re.search(r"\b(1 to 5|out of|score)\b", line)


@STYLES
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("severity", URGENT)
def test_thanks_or_belief_comes_before_the_limits_of_secrecy_before_who_is_awake_before_what_is_next(
    category: str, severity: Severity, style: Style
) -> None:
    replies = HELP.replies
    card = safety_card(flag(category, severity=severity), now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=False)
    lines = list(card.lines)
    secret = replies.no_secret_hint if category == "disclosure_hint" else replies.no_secret
    first = replies.first[replies.group_of[category]].in_style(style)
    awake = lines.index(replies.awake.in_style(style))
    order = [lines.index(first), lines.index(secret.in_style(style))]
    # a hint asks whether it stays a secret: that is answered first
    assert order == sorted(order, reverse=category == "disclosure_hint")
    assert max(order) < awake < len(lines) - 1
    assert awake == len(lines) - 2
    assert card.said[awake].help
    assert "at 9 am" in lines[-1]
    assert card.question == replies.question.in_style(style)
    assert [choice.payload for choice in card.choices] == ["safe:yes", "safe:no", "safe:not_sure"]


@STYLES
@pytest.mark.parametrize("category", sorted(set(CATEGORIES) - {"disclosure_hint", "low_mood", "complaint_rights", "radicalisation"}))
def test_whoever_tells_of_harm_hears_that_it_is_not_their_fault(category: str, style: Style) -> None:
    assert HELP.replies.not_your_fault.in_style(style) in said(category, style=style)


@STYLES
def test_eating_has_no_number_and_no_word_of_diet(style: Style) -> None:
    for line in everything_said("eating", style):
        # 999 in danger now, and the hour at which somebody reads
        words = re.sub(r"\b999\b|\bat \d+ [ap]m\b", "", line)
        assert not re.search(r"\d", words), line
        assert not re.search(r"\b(food|eat|meals?|weight|weigh|diet|calor\w+|fat|thin|kilos?|bmi|healthy)\b", words, re.IGNORECASE), line


@STYLES
def test_whoever_is_blackmailed_hears_not_to_pay_not_to_send_to_keep_it_and_that_they_are_not_in_trouble(style: Style) -> None:
    words = said("online_harm", style=style).lower()
    assert "do not pay" in words
    assert "not send" in words
    assert "keep" in words
    assert "not in trouble" in words
    shown = safety_card(flag("online_harm"), now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=False)
    assert "Report Remove" in [row["name"] for row in shown.help]


@STYLES
@pytest.mark.parametrize("category", ["sexual_exploitation", "criminal_exploitation"])
def test_whoever_is_used_is_not_blamed_and_nobody_they_may_love_is_run_down(category: str, style: Style) -> None:
    words = said(category, style=style).lower()
    assert "not to blame" in words
    assert not re.search(r"\b(boyfriend|girlfriend|law|crime|illegal|bad|gang|stop seeing)\b", words)


@STYLES
def test_whoever_is_away_is_asked_to_tell_one_safe_person_and_finds_a_number_to_call_or_text(style: Style) -> None:
    assert "one safe person" in said("missing", style=style)
    shown = safety_card(flag("missing"), now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=False)
    line = next(row for row in shown.help if row["name"] == "Runaway Helpline")
    assert line["call"]
    assert line["text"]


@STYLES
def test_whoever_fears_their_family_is_never_sent_to_it(style: Style) -> None:
    lines = everything_said("forced_marriage_fgm", style)
    assert any("not have to tell anyone at home" in line for line in lines)
    for line in lines:
        assert not re.search(r"\b(family|parents?|mum|dad|relatives?|aunt\w*|a person you trust)\b", line, re.IGNORECASE), line


@STYLES
@pytest.mark.parametrize("category", ["restraint", "allegation"])
def test_harm_by_those_who_should_look_after_them_opens_the_way_to_complain(category: str, style: Style) -> None:
    assert "advocate" in said(category, style=style)
    assert "advocate" in said("physical_abuse", "allegation", style=style)
    assert said("restraint", "allegation", style=style).count("advocate") == 1


@STYLES
@pytest.mark.parametrize("category", CATEGORIES)
def test_only_what_is_withheld_in_fact_is_called_not_shown(category: str, style: Style) -> None:
    promise = HELP.replies.allegation.in_style(style)
    for severity in URGENT:
        assert promise in said(category, "allegation", style=style, severity=severity, hidden=True)
        assert promise not in said(category, "allegation", style=style, severity=severity, hidden=False)


@STYLES
def test_violence_at_home_reminds_of_the_way_out_and_not_to_step_in_between(style: Style) -> None:
    words = said("domestic_abuse", style=style)
    assert "Leave quickly" in words
    assert "between" in words


@STYLES
def test_harm_by_another_child_sends_to_an_adult_there_unless_one_of_them_is_accused(style: Style) -> None:
    assert "grown-up" in said("peer_harm", style=style)
    assert "grown-up" not in said("peer_harm", "allegation", style=style)
    assert "advocate" in said("peer_harm", "allegation", style=style)


@STYLES
@pytest.mark.parametrize(
    ("category", "words"),
    [
        ("self_harm", "111"),
        ("substance", "999"),
        ("criminal_exploitation", "999"),
        ("radicalisation", "999"),
        ("neglect", "tonight"),
        ("bullying", "not have to answer"),
        ("disclosure_hint", "can't keep it"),
        ("immediate_danger", "999"),
    ],
)
def test_what_else_a_kind_of_worry_needs_is_said(category: str, words: str, style: Style) -> None:
    assert words in said(category, style=style)


@STYLES
@pytest.mark.parametrize("severity", [Severity.S3, Severity.S4])
def test_a_wish_to_complain_is_told_of_all_three_ways(severity: Severity, style: Style) -> None:
    words = said("complaint_rights", severity=severity, style=style)
    assert "advocate" in words
    assert "see what" in words


@STYLES
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_card_asks_nothing_but_whether_they_are_safe(category: str, style: Style) -> None:
    card = safety_card(flag(category), now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=False)
    asked = [line for line in card.lines if re.search(r"\b(what happened|who|why|when did|where|how) (did|is|was|are|do)\b.*\?", line)]
    assert asked == []
    assert card.question


@STYLES
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("severity", [Severity.S3, Severity.S4])
def test_a_concern_that_may_be_none_frightens_nobody(category: str, severity: Severity, style: Style) -> None:
    card = safety_card(flag(category, severity=severity), now=NIGHT, style=style, help_data=HELP, reachable=True, hidden=False)
    assert not re.search(r"999|danger|safe right now|hurt|take you away|not your fault|secret", " ".join(card.lines))
    assert len(card.lines) <= 2
    assert card.question is None
    assert card.help
