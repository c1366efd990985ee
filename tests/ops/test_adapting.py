"""Adapters learn from examples, and what they add is what the graph then says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from ops.drawing import draw
from ops.fitting_adapters import Taught, Tuned, fit_adapters
from records import minilm
from records.adapters import ADAPTERS, DOWN, UP, adapted, load_adapters, save_adapters
from records.errors import WrongWeights
from records.graphs import GraphEncoder
from records.tokens import tokenising
from voice.understanding.vectors import Floats

# the smaller model stands in for the larger one: it differs from it in nothing that matters here, and is quicker to read
LAYERS = range(2, 4)
SMALL = 1e-12
"""The layer_norm_eps of the smaller model."""
SAID = ("my dad hit me last night and i am scared", "we had pizza for tea", "he hurts me", "i like my new school", "cake")


@pytest.fixture(scope="module")
def model() -> tuple[dict[str, Floats], str]:
    return minilm.load_minilm(LAYERS.stop)


@pytest.fixture(scope="module")
def tokens(model: tuple[dict[str, Floats], str]) -> list[list[int]]:
    return list(tokenising(Tokenizer.from_str(model[1]), 64)(SAID))


def test_it_reads_as_the_graph_reads_whatever_stands_beside_a_text(model: tuple[dict[str, Floats], str], tokens: list[list[int]]) -> None:
    tuned = Tuned(model[0], SMALL, LAYERS)
    rows = tuned.below(tokens)
    longest = max(map(len, rows))
    padded = np.stack([np.pad(row, ((0, longest - len(row)), (0, 0))) for row in rows]).astype(np.float32)
    inner = np.array([[float(place < len(row)) for place in range(longest)] for row in rows], dtype=np.float32)
    expected = GraphEncoder(draw(model[0], LAYERS.stop, SMALL), model[1], 64).encode(SAID)
    assert tuned.means(padded, inner).numpy() == pytest.approx(expected, abs=2e-3)


def test_what_was_learned_tells_the_examples_apart_better_and_only_changes_its_layers(
    model: tuple[dict[str, Floats], str], tokens: list[list[int]], tmp_path: Path
) -> None:
    weights, tokenizer = model
    harm = np.array([[1, 1], [0, 0], [1, 1], [0, 0], [0, 0]] * 60, dtype=np.int8)
    told: list[str] = []
    # one stance, of which exactly one holds, and one head that is learned from
    added = fit_adapters(weights, SMALL, LAYERS, Taught(tokens * 60, harm, 1), told.append)
    (tmp_path / "data").mkdir()
    save_adapters(tmp_path, added)
    changed = adapted(weights, load_adapters(tmp_path))
    different = {name for name in weights if not np.array_equal(weights[name], changed[name])}
    assert different
    assert {int(name.split(".")[2]) for name in different} == set(LAYERS)
    before, after = (GraphEncoder(draw(one, LAYERS.stop, SMALL), tokenizer, 64).encode(SAID) for one in (weights, changed))
    assert apart(after) > apart(before)
    losses = [float(line.rsplit(" ", 1)[1].rstrip(".")) for line in told]
    assert losses == sorted(losses, reverse=True)


def apart(rows: Floats) -> float:
    """How much more alike the harmful texts are to each other than to the others."""
    alike = rows @ rows.T
    return float(alike[0, 2] - alike[[0, 0, 0, 2, 2, 2], [1, 3, 4, 1, 3, 4]].mean())


def test_the_adapters_among_the_sources_are_whole_and_small() -> None:
    adapters = load_adapters(Path())
    assert {name.removesuffix(UP) for name in adapters if name.endswith(UP)} == {
        name.removesuffix(DOWN) for name in adapters if name.endswith(DOWN)
    }
    assert {int(name.split(".")[2]) for name in adapters} == {3, 4, 5}
    assert ADAPTERS.stat().st_size < 2_000_000
    assert all(np.isfinite(array).all() for array in adapters.values())


def test_missing_damaged_or_strange_adapters_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongWeights, match="make adapt"):
        load_adapters(tmp_path)
    (tmp_path / ADAPTERS).parent.mkdir(parents=True)
    (tmp_path / ADAPTERS).write_bytes(b"not an archive")
    with pytest.raises(WrongWeights, match="make adapt"):
        load_adapters(tmp_path)
    thin = np.zeros((2, 3), dtype=np.float32)
    for strange in ({"no.weight.up": thin, "no.weight.down": thin}, {"weight.up": thin.T, "weight.down": thin}):
        with pytest.raises(WrongWeights, match="not for this model"):
            adapted({"weight": np.zeros((2, 2), dtype=np.float32)}, strange)
