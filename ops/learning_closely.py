"""Teaches the closer ear: from the examples that leave the ear in doubt to models/closer_ear.npz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from records.closer_ear import encoder_of, save_closer_ear
from records.mpnet import load_mpnet
from voice.understanding.closer import LAYERS, MOST_TOKENS, LearnedClosely
from voice.understanding.lessons import STANCES
from voice.understanding.vectors import Floats

_DOUBTFUL = 2.9
"""Score. An example that the ear has learned so well, five per cent and less of doubt, would teach the closer ear little."""


def learn_closely(groups: Sequence[Sequence[Sequence[str]]], wanted: NDArray[np.int8], harm: Floats, file: Path) -> None:
    """Learns from those examples, each cut in pieces, that are short and doubtful, and writes what was learned.

    `wanted` has a row for each and a column for each head; `harm` is what the ear itself has come to say of each, as a score.
    Raises WrongWeights when the larger model is missing or not what was released.
    """
    # TensorFlow takes seconds to load, and most starts have nothing to learn
    from ops.fitting import fit_closely

    weights, tokenizer = load_mpnet(LAYERS, MOST_TOKENS)
    # it is kept in half as many bits, and is to learn from what it will read
    weights = {name: tensor.astype(np.float16).astype(np.float32) for name, tensor in weights.items()}
    short = np.array([len(group) == 1 for group in groups])
    chosen = np.flatnonzero(short & (np.abs(harm) < _DOUBTFUL))
    vectors = encoder_of(weights, tokenizer).encode([" ".join(groups[at][0]) for at in chosen])
    save_closer_ear(weights, tokenizer, LearnedClosely(**fit_closely(vectors, wanted[chosen], len(STANCES))), file)
