"""The larger model is the one that was released, and what was learned from it is kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ops.drawing import draw
from records import mpnet
from records.closer_ear import Reader, load_closer_ear, save_closer_ear
from records.errors import NotTrained, WrongWeights
from records.minilm import load_minilm
from voice.understanding.closer import LearnedClosely

SMALL = 1e-12
"""The layer_norm_eps of the smaller model."""
TEXTS = ("my dad hit me last night", "dad punched me yesterday evening", "we had pizza for tea")


def test_what_was_learned_is_kept_with_its_encoder(tmp_path: Path) -> None:
    weights, tokenizer = load_minilm(1)
    reader = Reader(draw(weights, 1, SMALL), tokenizer)
    rows = reader.running().encode(TEXTS)
    chance = np.random.default_rng(0)
    learned = LearnedClosely(*(chance.normal(size=shape).astype(np.float32) for shape in ((384, 8), 8, (8, 3), (384, 3), 3)))
    save_closer_ear(reader, learned, tmp_path / "closer_ear.npz")
    heard = load_closer_ear(tmp_path / "closer_ear.npz").listen(TEXTS)
    expected = np.maximum(rows @ learned.hidden + learned.hidden_bias, 0) @ learned.of_hidden + rows @ learned.of_meaning + learned.bias
    assert heard == pytest.approx(expected, abs=1e-4)
    assert [file.name for file in tmp_path.iterdir()] == ["closer_ear.npz"]


@pytest.mark.parametrize("graph", [b"no graph", b""])
def test_a_file_of_another_version_says_what_makes_it(tmp_path: Path, graph: bytes) -> None:
    nothing = np.zeros((1, 1), dtype=np.float32)
    save_closer_ear(Reader(graph, "{}"), LearnedClosely(nothing, nothing, nothing, nothing, nothing), tmp_path / "closer_ear.npz")
    with pytest.raises(NotTrained, match="sayso train"):
        load_closer_ear(tmp_path / "closer_ear.npz")


def test_an_encoder_that_was_not_learned_from_is_told(tmp_path: Path) -> None:
    weights, tokenizer = load_minilm(1)
    other = np.zeros((5, 1), dtype=np.float32)
    reader = Reader(draw(weights, 1, SMALL), tokenizer)
    save_closer_ear(reader, LearnedClosely(other, other, other, other, other), tmp_path / "closer_ear.npz")
    with pytest.raises(NotTrained, match="does not fit its encoder"):
        load_closer_ear(tmp_path / "closer_ear.npz")


@pytest.mark.parametrize("content", [b"", b"PK not a file of ours"])
def test_a_file_that_is_damaged_or_missing_says_what_makes_it(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotTrained, match="sayso train"):
        load_closer_ear(tmp_path / "closer_ear.npz")
    (tmp_path / "closer_ear.npz").write_bytes(content)
    with pytest.raises(NotTrained, match="sayso train"):
        load_closer_ear(tmp_path / "closer_ear.npz")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpnet, "PACKAGES", ("no-such-package-of-ours",))
    with pytest.raises(WrongWeights, match="no-such-package-of-ours is not installed"):
        mpnet.load_mpnet(6, 64)


def test_a_package_without_its_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpnet, "PACKAGES", ("numpy",))
    with pytest.raises(WrongWeights, match="numpy does not hold"):
        mpnet.load_mpnet(6, 64)


def test_parts_that_are_not_the_whole_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpnet, "PACKAGES", mpnet.PACKAGES[:1])
    with pytest.raises(WrongWeights, match="install them again"):
        mpnet.load_mpnet(6, 64)


def test_another_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpnet, "SHA256", "0" * 64)
    with pytest.raises(WrongWeights, match="the model that was checked"):
        mpnet.load_mpnet(6, 64)
