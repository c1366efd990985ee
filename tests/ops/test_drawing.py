"""A graph says what the model it was drawn from says; in eight bits, nearly that."""

from __future__ import annotations

import numpy as np
import pytest

from ops.drawing import draw, in_eight_bits
from records import minilm, mpnet
from records.ear import load_encoder
from records.graphs import GraphEncoder

TEXTS = ("my dad hit me last night", "dad punched me yesterday evening", "we had pizza for tea")
LAYERS = 2
SMALL = 1e-12
"""The layer_norm_eps of the smaller model."""


@pytest.fixture(scope="module")
def exact() -> bytes:
    return draw(minilm.load_minilm(LAYERS)[0], LAYERS, SMALL)


def running(graph: bytes) -> GraphEncoder:
    return GraphEncoder(graph, minilm.load_minilm(0)[1], 64)


def test_similarities_are_those_of_the_whole_larger_model() -> None:
    weights, tokenizer = mpnet.load_mpnet(12, 64)
    vectors = GraphEncoder(draw(weights, 12, mpnet.SMALL), tokenizer, 64).encode(TEXTS)
    # as another implementation, in TensorFlow, came to them
    assert (vectors @ vectors.T)[np.triu_indices(3, 1)] == pytest.approx([0.8584, 0.1826, 0.2600], abs=0.002)


def test_a_layer_of_the_smaller_model_is_the_one_that_the_ear_hears(exact: bytes) -> None:
    assert running(exact).encode(TEXTS) == pytest.approx(load_encoder(LAYERS).encode(TEXTS), abs=2e-3)


def test_eight_bits_change_little(exact: bytes) -> None:
    rows, others = (running(graph).encode(TEXTS) for graph in (exact, in_eight_bits(exact)))
    assert (rows * others).sum(1) == pytest.approx(1, abs=0.03)


def test_a_row_does_not_depend_on_what_is_read_beside_it(exact: bytes) -> None:
    encoder = running(in_eight_bits(exact))
    together = encoder.encode([*TEXTS, "", "word " * 300])
    for text, row in zip(TEXTS, together, strict=False):
        assert np.array_equal(encoder.encode([text])[0], row)
