"""Which sentences are cheerful is known, and the door knows each of them when it must not be said."""

from __future__ import annotations

import pytest

from records.safety_data import load_help
from tests.wording.cheerful import CHEERFUL, PLAIN, cheerful_lines, has_joy, joyful
from tests.wording.test_what_a_child_reads import ROOT, SENTENCES
from voice.plain_language import bare
from voice.wording import Style


def test_every_sentence_with_a_word_of_praise_was_looked_at_by_a_person() -> None:
    assert joyful() == CHEERFUL | PLAIN
    assert not CHEERFUL & PLAIN


def test_no_line_of_a_card_has_such_a_word() -> None:
    assert not [text for where, _, text in SENTENCES if where.startswith("help/") and has_joy(text)]


@pytest.mark.parametrize("style", Style)
def test_the_door_knows_every_cheerful_sentence(style: Style) -> None:
    phrases = load_help(ROOT).replies.cheerful
    lines = cheerful_lines(style)
    assert len(lines) == len(CHEERFUL)
    for line in lines:
        assert any(f" {phrase} " in f" {bare(line)} " for phrase in phrases), line
