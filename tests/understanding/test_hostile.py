"""However long and odd a line is, it is read without a fault, and no more of it is heard than of an honest one.

What that costs is measured by `make evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ops.evaluate.hostile import HOSTILE, LENGTH
from records import closer_ear
from records.closer_ear import load_closer_ear
from records.ear import LEARNED, load_ear, load_encoder, load_learned
from records.safety_data import load_sheets
from tests.understanding.conftest import ROOT
from voice.safeguarding.families import compile_families
from voice.safeguarding.normalise import MOST_WORDS
from voice.safeguarding.screen import Screen
from voice.understanding.ear import Ear
from voice.understanding.vectors import Encoder, Floats

MOST_HEARD = 8
"""Pieces: the six most worrying ones, and the message with what came before it and that alone."""

A_SAYING = 60
"""Words that one raw word, or one run of single letters, may still bring at the limit."""


class Counts:
    """Hears as the encoder does, and counts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.heard = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        self.heard += len(texts)
        return self._encoder.encode(texts)


@pytest.fixture(scope="module")
def counts() -> Counts:
    learned = load_learned(ROOT / LEARNED)
    return Counts(load_encoder().thinned(learned.thinning).looking_with(learned.filters))


@pytest.fixture(scope="module")
def screen(counts: Counts) -> Screen:
    closer = load_closer_ear(ROOT / closer_ear.LEARNED)
    ear = Ear(counts, load_learned(ROOT / LEARNED), load_ear(ROOT).thresholds, closer)
    return Screen(compile_families(load_sheets(ROOT)), ear)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_read_and_costs_no_more_than_it_may(screen: Screen, counts: Counts, name: str) -> None:
    text, heard_before = HOSTILE[name](), counts.heard
    screening = screen.screen(text, before=["he is here", "please"])
    assert len(text) == LENGTH
    assert screening.unscreened != "fault"
    assert counts.heard - heard_before <= MOST_HEARD
    assert len(screen.plain(text).words) <= MOST_WORDS + A_SAYING
