"""Teaches the closer ear: from the examples that leave the ear in doubt to models/closer_ear.npz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ops.cores import on_every_core
from records.closer_ear import LEARNED, save_closer_ear
from voice.understanding.closer import MOST_WORDS, LearnedClosely
from voice.understanding.ear import DANGERS, HEADS
from voice.understanding.lessons import STANCES
from voice.understanding.vectors import Floats

_DOUBTFUL = 2.9
"""Score. An example that the ear has learned so well, five per cent and less of doubt, would teach the closer ear little."""
_TALKED_AROUND = 4
"""Every fourth of them is taught a second time, among small talk."""
_TALK = 12
"""Words of it, at most, on each side."""


def learn_closely(groups: Sequence[Sequence[Sequence[str]]], wanted: NDArray[np.int8], harm: Floats, root: Path) -> None:
    """Learns from those examples, each cut in pieces, that are short and doubtful, and writes what was learned.

    `wanted` has a row for each and a column for each head; `harm` is what the ear itself has come to say of each, as a score.
    Raises WrongWeights when a model is missing or not what was released.
    """
    # TensorFlow and ONNX take seconds to load, and most starts have nothing to learn
    from ops.drawing import draw_reader
    from ops.fitting import fit_closely

    reader = draw_reader(root)
    chosen, texts = doubtful(groups, harm)
    again, among = among_small_talk(groups, harm, chosen[::_TALKED_AROUND])
    rows = np.concatenate(on_every_core(reader.running().encode, [*texts, *among]))
    taught = np.concatenate([wanted[chosen], _of_danger_only(wanted[again])])
    save_closer_ear(reader, LearnedClosely(**fit_closely(rows, taught, len(STANCES))), root / LEARNED)


def doubtful(groups: Sequence[Sequence[Sequence[str]]], harm: Floats) -> tuple[NDArray[np.int64], list[str]]:
    """Which of the examples are short and doubtful, and their texts."""
    short = np.array([sum(map(len, group)) <= MOST_WORDS for group in groups])
    chosen = np.flatnonzero(short & (np.abs(harm) < _DOUBTFUL))
    return chosen, [_text(groups[at]) for at in chosen]


def among_small_talk(
    groups: Sequence[Sequence[Sequence[str]]], harm: Floats, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[str]]:
    """The chosen ones once more, each between two short examples that are clearly harmless, as a piece of a long message has it.

    Those that stay short enough, and their texts.
    """
    lengths = np.array([sum(map(len, group)) for group in groups])
    calm = np.flatnonzero((harm <= -_DOUBTFUL) & (lengths <= _TALK))
    beside = np.random.default_rng(0).choice(calm, (len(chosen), 2))
    short = lengths[chosen] + lengths[beside].sum(1) <= MOST_WORDS
    around = zip(beside[short, 0], chosen[short], beside[short, 1], strict=True)
    return chosen[short], [" ".join(_text(groups[at]) for at in one) for one in around]


def _of_danger_only(wanted: NDArray[np.int8]) -> NDArray[np.int8]:
    """What is talked around an example has topics and a stance of its own."""
    changed = wanted.copy()
    changed[:, [not head.startswith("category:") and head not in DANGERS for head in HEADS]] = -1
    return changed


def _text(group: Sequence[Sequence[str]]) -> str:
    return " ".join(word for piece in group for word in piece)
