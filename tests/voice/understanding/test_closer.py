"""Only what is in doubt is listened to twice, and then both ears decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import ValidationError

from voice.safeguarding.slips import Slips
from voice.understanding.closer import MOST_WORDS, CloserEar, LearnedClosely
from voice.understanding.ear import HARM, HEADS, SERIOUS, Ear, Learned, Thresholds
from voice.understanding.ngrams import PLACES
from voice.understanding.vectors import REACH, SIZE, Filters, Floats, Thinning

DOUBT, SURE, CALM = "doubt", "sure", "calm"
FIRST = {DOUBT: 0.0, SURE: 6.0, CALM: -6.0}
"""What the ear's score for harm is."""
LARGER = 4
"""Numbers in a vector of the closer ear."""
AT = HEADS.index(HARM)
ADDS = 0.5


class Near:
    """Knows FIRST by the first word."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """The score for harm as a vector that the layers below hand on."""
        rows = np.zeros((len(texts), SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[[DOUBT, SURE, CALM].index(text.split()[0])] = 1
        return rows


class Far:
    """Takes everything for harm, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        """Always the same vector."""
        self.asked += texts
        rows = np.zeros((len(texts), LARGER), dtype=np.float32)
        rows[:, 0] = 1
        return rows


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape, dtype=np.float32)


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def ear(far: Far) -> Ear:
    of_meaning = _zeros(SIZE, len(HEADS))
    of_meaning[: len(FIRST), AT] = [FIRST[word] / 6 for word in (DOUBT, SURE, CALM)]
    learned = Learned(
        filters=Filters(_zeros(REACH, SIZE, 0), _zeros(0)),
        of_filters=_zeros(0, len(HEADS)),
        hidden=_zeros(SIZE, 1),
        hidden_bias=_zeros(1),
        of_hidden=_zeros(1, len(HEADS)),
        of_meaning=of_meaning,
        of_pieces=_zeros(1, len(HEADS)),
        at_a_glance=_zeros(1),
        rows=np.full(PLACES, -1, dtype=np.int32),
        bias=_zeros(len(HEADS)),
        rarity=_zeros(PLACES),
        thinning=Thinning(np.zeros((0, 0), dtype=np.int64), _zeros(0, SIZE)),
        slips=Slips(frozenset(), ()),
    )
    bias = _zeros(len(HEADS))
    bias[AT] = 4
    closer = CloserEar(far, LearnedClosely(_zeros(LARGER, 1), _zeros(1), _zeros(1, len(HEADS)), _zeros(LARGER, len(HEADS)), bias))
    thresholds = Thresholds.model_validate(
        dict.fromkeys(Thresholds.model_fields, 0.5) | {"most_topics": 3, "doubt_from": 0.2, "doubt_to": 0.95, "closer_adds": ADDS}
    )
    return Ear(Near(), learned, thresholds, closer)


def _chance(score: float) -> float:
    return float(1 / (1 + np.exp(-score)))


def test_what_is_clear_is_not_listened_to_again(ear: Ear, far: Far) -> None:
    (sure, _), (calm, _) = ear.hear_groups([[(SURE,)], [(CALM,)]], [6, 6])
    assert far.asked == []
    assert (sure.chances[HARM], calm.chances[HARM]) == pytest.approx((_chance(6), _chance(-6)))


def test_where_the_ear_is_in_doubt_both_ears_decide(ear: Ear, far: Far) -> None:
    (sure, _), (doubt, pieces) = ear.hear_groups([[(SURE,)], [(DOUBT, "me")]], [6, 6])
    assert far.asked == ["doubt me"]
    assert doubt.chances[HARM] == pytest.approx(_chance((0 + 4) / 2 + ADDS))
    assert doubt.chances[SERIOUS] == pytest.approx(_chance(ADDS))
    assert pieces == ()
    assert sure.chances[HARM] == pytest.approx(_chance(6))


def test_a_text_in_pieces_is_listened_to_as_a_whole_and_in_its_pieces(ear: Ear, far: Far) -> None:
    ((whole, pieces),) = ear.hear_groups([[(DOUBT, "one"), (DOUBT, "two")]], [6])
    assert far.asked == ["doubt one doubt two", "doubt one", "doubt two"]
    assert [heard.chances[HARM] for heard in (whole, *pieces)] == pytest.approx([_chance((0 + 4) / 2 + ADDS)] * 3)


def test_of_a_long_text_only_the_pieces_are_listened_to_again(ear: Ear, far: Far) -> None:
    ((whole, (first, second)),) = ear.hear_groups([[(DOUBT,) * MOST_WORDS, (DOUBT,)]], [6])
    assert far.asked == [" ".join([DOUBT] * MOST_WORDS), DOUBT]
    assert whole.chances[HARM] == pytest.approx(0.5)
    assert first.chances[HARM] == second.chances[HARM] == pytest.approx(_chance((0 + 4) / 2 + ADDS))


def test_of_a_very_long_text_only_its_most_worrying_piece_is_listened_to_again(ear: Ear, far: Far) -> None:
    (_, (first, second, third)), (_, pieces) = ear.hear_groups(
        [[(DOUBT, "one"), (SURE,) * MOST_WORDS, (CALM,)], [(CALM, "two"), (DOUBT,) * MOST_WORDS, (DOUBT, "three")]], [1, 1]
    )
    assert far.asked == [" ".join([DOUBT] * MOST_WORDS)]
    assert [heard.chances[HARM] for heard in (first, second, third)] == pytest.approx([0.5, _chance(6), _chance(-6)])
    assert [heard.chances[HARM] for heard in pieces] == pytest.approx([_chance(-6), _chance((0 + 4) / 2 + ADDS), 0.5])


def test_what_need_not_be_made_sure_is_not_listened_to_again(ear: Ear, far: Far) -> None:
    (one, _), (several, pieces) = ear.hear_groups([[(DOUBT,)], [(DOUBT, "one"), (DOUBT, "two")]], [0, 0])
    assert far.asked == []
    assert [heard.chances[HARM] for heard in (one, several, *pieces)] == pytest.approx([0.5] * 4)


def test_nothing_is_nothing(ear: Ear, far: Far) -> None:
    assert ear.hear_groups([], []) == []
    assert far.asked == []


def test_a_doubt_without_room_is_told(ear: Ear) -> None:
    given = ear.thresholds.model_dump()
    with pytest.raises(ValidationError, match="doubt_from must be below doubt_to"):
        Thresholds.model_validate(given | {"doubt_from": 0.95})
