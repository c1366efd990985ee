"""Spelling is evened out for understanding only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.nlu.spelling import plain_spelling


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("SKOOL", "school"),
        ("2", "to"),
        ("wanna", "want"),
        ("thx", "thanks"),
        ("yeaaah", "yes"),
        ("soooo", "so"),
        ("helpppp", "help"),
        ("gooood", "good"),
        ("n't", "not"),
        ("don\u2019t", "don't"),
        ("l\u200bac", "lac"),
        ("\uff4d\uff55\uff4d", "mum"),
        ("elephant", "elephant"),
        ("😂", "😂"),
    ],
)
def test_a_word_is_brought_to_its_usual_spelling(written: str, plain: str) -> None:
    assert plain_spelling(written) == plain


@given(some.text(max_size=40))
def test_any_word_at_all_has_a_plain_spelling_and_it_is_stable(word: str) -> None:
    assert plain_spelling(word) == plain_spelling(word)


def test_an_invisible_word_is_nothing() -> None:
    assert plain_spelling("\u200b\u200d") == ""
