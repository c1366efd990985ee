"""The encoder says what the model it comes from says, and a filter finds what it looks for, wherever it stands."""

from __future__ import annotations

import numpy as np
import pytest

from records.ear import load_encoder
from voice.understanding.vectors import REACH, SIZE, Encoder, Filters, of_groups

TEXTS = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
FILTERS = Filters(np.random.default_rng(1).normal(size=(REACH, SIZE, 5)).astype(np.float32) / 50, np.full(5, 0.1, dtype=np.float32))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder().looking_with(FILTERS)


def test_similarities_are_those_that_are_published_for_the_model() -> None:
    vectors = load_encoder(6).encode(TEXTS)
    assert (vectors @ vectors.T)[np.triu_indices(3, 1)] == pytest.approx([0.6660, 0.1046, 0.1411], abs=0.002)


def test_a_text_has_the_same_row_whatever_it_is_encoded_beside(encoder: Encoder) -> None:
    together = encoder.encode([*TEXTS, "", "hi", "word " * 300])
    assert together.shape == (6, SIZE + FILTERS.count)
    for text, row in zip(TEXTS, together, strict=False):
        assert encoder.encode([text])[0] == pytest.approx(row, abs=1e-5)


def test_a_filter_answers_with_its_strongest_place(encoder: Encoder) -> None:
    for text, row in zip(TEXTS, encoder.encode(TEXTS), strict=True):
        states = encoder.states([text])
        padded = np.pad(states.rows, ((1, 1), (0, 0)))
        answers = [np.einsum("ts,tsf->f", padded[at : at + REACH], FILTERS.weights) + FILTERS.bias for at in range(len(states.rows))]
        assert row[SIZE:] == pytest.approx(np.maximum(0, np.max(answers, 0)), abs=1e-4)


def test_a_text_in_pieces_is_the_mean_of_its_pieces_with_the_strongest_answers_of_any(encoder: Encoder) -> None:
    groups: list[list[tuple[str, ...]]] = [[("the", "weather"), ("he", "drove", "there")], [("hi",)]]
    rows = encoder.encode(["the weather", "he drove there", "hi"])
    wholes = of_groups(rows, groups)
    assert wholes[1] == pytest.approx(rows[2], abs=1e-6)
    assert wholes[0][SIZE:] == pytest.approx(rows[:2, SIZE:].max(0))
    mean = (2 * rows[0] + 3 * rows[1])[:SIZE]
    assert wholes[0][:SIZE] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
