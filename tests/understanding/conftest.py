"""One reader and its figures for all tests of this folder: what is measured takes a while."""

from __future__ import annotations

import pytest

from ops.evaluate.measuring import Figures, SaysoReads, measure
from ops.evaluate.sets import Set, load_set
from records.ear import load_ear
from records.safety_data import load_listening_screen
from records.settings import Settings

ROOT = Settings().root


@pytest.fixture(scope="session")
def reader() -> SaysoReads:
    return SaysoReads(load_listening_screen(ROOT), load_ear(ROOT).thresholds)


@pytest.fixture(scope="session")
def sealed() -> Set:
    return load_set(ROOT, "sealed")


@pytest.fixture(scope="session")
def figures(reader: SaysoReads, sealed: Set) -> Figures:
    return measure(reader, sealed)
