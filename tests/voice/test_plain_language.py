"""The measures of plain language, on lines whose length can be counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.plain_language import bare, findings, has_emoji, reading_age, sentences, syllables, words
from voice.wording import Style


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("me", 1),
        ("home", 1),
        ("like", 1),
        ("asked", 1),
        ("wanted", 2),
        ("table", 2),
        ("safely", 2),
        ("something", 2),
        ("someone", 2),
        ("sometimes", 2),
        ("hopeful", 2),
        ("people", 2),
        ("computer", 3),
        ("nobody", 3),
        ("advocate", 3),
        ("information", 4),
        ("0800", 1),
    ],
)
def test_syllables_are_counted_by_their_vowels_without_silent_ones(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_word_with_an_apostrophe_or_a_hyphen_is_one_word() -> None:
    assert words("I don't know a grown-up.") == ("I", "don't", "know", "a", "grown-up")


def test_a_dot_in_a_number_does_not_end_a_sentence_and_a_new_line_does() -> None:
    assert sentences("It opens at 9.30 am. Call then!\nOr text") == ("It opens at 9.30 am.", "Call then!", "Or text")


def test_children_leave_out_apostrophes_so_bare_text_has_none() -> None:
    assert bare("  I DON’T know… 😕 ") == "i dont know"


@given(st.text())
def test_bare_text_stays_the_same_when_it_is_made_bare_again(text: str) -> None:
    assert bare(bare(text)) == bare(text)


def test_short_words_in_short_sentences_are_for_the_youngest() -> None:
    assert reading_age("You can say it here. We will read it.") == 5.0


def test_long_words_in_long_sentences_are_not_for_children() -> None:
    hard = "Representations concerning statutory accommodation arrangements necessitate independent consideration by authorities."
    assert reading_age(hard) > 18


def test_text_without_a_word_has_the_lowest_reading_age() -> None:
    assert reading_age("…") == 5.0


def test_a_known_word_counts_as_a_short_one() -> None:
    line = "Your independent reviewing officer would like to see you."
    assert reading_age(line, ["independent reviewing officer"]) < reading_age(line)


def test_a_plain_line_has_no_findings() -> None:
    assert findings("What do you want to happen?", Style.easy, {}) == ()


def test_a_sentence_may_be_longer_in_standard_words_than_in_easy_ones() -> None:
    line = "You can say it to me, and I will put it in for you now."
    assert "long_sentence" in [finding.kind for finding in findings(line, Style.easy, {})]
    assert findings(line, Style.standard, {}) == ()


def test_a_label_is_judged_by_its_words_and_not_by_formulas() -> None:
    assert findings("Something else", Style.easy, {}) == ()
    assert [finding.where for finding in findings("My accommodation", Style.standard, {})] == ["accommodation"]


def test_three_things_to_understand_in_one_paragraph_are_one_too_many() -> None:
    line = "You can say it now. You can say it then. You can say it to me."
    assert [finding.kind for finding in findings(line, Style.standard, {})] == ["ideas"]


def test_manners_are_not_ideas() -> None:
    assert findings("Hi. Thank you. You can say it now. You can say it then.", Style.standard, {}) == ()


def test_more_than_two_paragraphs_are_a_wall_of_text() -> None:
    assert [finding.kind for finding in findings("One.\n\nTwo.\n\nThree.", Style.standard, {})] == ["paragraphs"]


def test_an_avoided_word_is_found_in_its_plural_and_the_finding_says_what_to_say() -> None:
    found = findings("Do you see your siblings?", Style.standard, {"sibling": "brothers and sisters"})
    assert [(finding.kind, finding.detail) for finding in found] == [("avoided_word", "'sibling'; say: brothers and sisters")]


def test_an_avoided_word_inside_another_word_is_left_alone() -> None:
    assert findings("Pack your suitcase now, please.", Style.standard, {"case": "children"}) == ()


def test_pictographs_are_seen() -> None:
    assert has_emoji("Well done 🎉")
    assert not has_emoji("Well done… £5")
