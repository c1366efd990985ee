"""Sayso keeps hearing what it heard when docs/evaluation.md was written. The floors lie a little below those figures.

They are not the bars it is to reach (docs/safeguarding.md): where a floor lies below its bar, that is known and said there.
"""

from __future__ import annotations

import pytest

from ops.evaluate.measuring import Figures, SaysoReads, under_disguise
from ops.evaluate.sets import Set, load_set
from tests.understanding.conftest import ROOT
from voice.safeguarding.model import Level, Severity
from voice.understanding.lessons import CATEGORIES, TOPICS

FLAGGED = {"S1": 0.94, "S2": 0.92, "S3": 0.85, "S4": 0.7}
URGENT = {"S1": 0.89, "S2": 0.77}
FALSE_FLAGS, FALSE_URGENT = 0.095, 0.05
CATEGORY, TOPIC_F1, STANCE = 0.75, 0.68, 0.83
DISGUISED = 0.03


@pytest.mark.parametrize("severity", FLAGGED)
def test_sealed_disclosures_are_flagged_as_often_as_they_were(figures: Figures, severity: str) -> None:
    assert figures.flagged[severity].value >= FLAGGED[severity]
    assert figures.urgent[severity].value >= URGENT.get(severity, 0)


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_category_is_forgotten(figures: Figures, category: str) -> None:
    assert figures.by_category[category].of >= 25
    assert figures.by_category[category].value >= CATEGORY


def test_harmless_lines_are_flagged_no_more_often_than_they_were(figures: Figures) -> None:
    assert figures.false_flags["all"].value <= FALSE_FLAGS
    assert figures.false_urgent["all"].value <= FALSE_URGENT


def test_topics_and_stance_are_understood_as_well_as_they_were(figures: Figures) -> None:
    assert figures.topic_f1 >= TOPIC_F1
    assert figures.stance_accuracy >= STANCE


def test_a_disguise_hides_little(reader: SaysoReads, sealed: Set) -> None:
    found = under_disguise(reader, sealed, Severity.S1)
    plain = found.pop("plain")
    assert {name for name, share in found.items() if plain - share > DISGUISED} == set()


def test_the_sets_are_as_large_as_they_claim(sealed: Set) -> None:
    tune = load_set(ROOT, "tune")
    both = [*tune.disclosures, *sealed.disclosures]
    assert len(both) >= 600
    assert len(tune.look_alikes) + len(sealed.look_alikes) >= 600
    assert len(tune.everyday) + len(sealed.everyday) >= 500
    assert all(sum(lesson.categories[0] == category for lesson in both) >= 25 for category in CATEGORIES)
    assert {lesson.severity for lesson in both} == set(Severity)
    assert {topic for lesson in sealed.everyday for topic in lesson.topics or ()} == set(TOPICS)


def test_the_ear_takes_nothing_away(reader: SaysoReads, sealed: Set) -> None:
    from records.safety_data import load_screen

    alone = load_screen(ROOT)
    texts = [lesson.text for lesson in (*sealed.disclosures, *sealed.look_alikes)]
    for text, said in zip(texts, reader.read(texts), strict=True):
        assert said.level.rank >= alone.screen(text).level.rank
        assert said.level is not Level.none or not alone.screen(text).categories
