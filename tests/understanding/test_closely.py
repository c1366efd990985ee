"""What the pattern families call urgent is not listened to a second time; what else is in doubt is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from records.ear import LEARNED, load_ear, load_encoder, load_learned
from records.safety_data import load_sheets
from tests.understanding.conftest import ROOT
from voice.safeguarding.families import compile_families
from voice.safeguarding.model import Level
from voice.safeguarding.screen import Screen
from voice.understanding.closer import CloserEar
from voice.understanding.ear import HEADS, Ear
from voice.understanding.vectors import Floats

URGENT, CALM = "my dad hits me", "we had pizza for tea"


class Remembers(CloserEar):
    """Says nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def listen(self, texts: Sequence[str]) -> Floats:
        """Zero for everything."""
        self.asked += texts
        return np.zeros((len(texts), len(HEADS)), dtype=np.float32)


@pytest.fixture
def closer() -> Remembers:
    return Remembers()


@pytest.fixture
def screen(closer: Remembers) -> Screen:
    learned = load_learned(ROOT / LEARNED)
    everything = load_ear(ROOT).thresholds.model_copy(update={"doubt_from": 1e-9, "doubt_to": 1 - 1e-9})
    ear = Ear(load_encoder().thinned(learned.thinning).looking_with(learned.filters), learned, everything, closer)
    return Screen(compile_families(load_sheets(ROOT)), ear)


def test_alone(screen: Screen, closer: Remembers) -> None:
    assert screen.screen(URGENT).level is Level.urgent
    assert closer.asked == []
    screen.screen(CALM)
    assert closer.asked == [CALM]


def test_among_many(screen: Screen, closer: Remembers) -> None:
    urgent, _ = screen.attend_all([URGENT, CALM])
    assert urgent.screening.level is Level.urgent
    assert closer.asked == [CALM]
