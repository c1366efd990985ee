"""Teaches the closer ear: from the examples that leave the ear in doubt to models/closer_ear.npz."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ops.cores import on_every_core
from records.closer_ear import save_closer_ear
from voice.understanding.closer import MOST_WORDS, LearnedClosely, encoded
from voice.understanding.lessons import STANCES
from voice.understanding.vectors import Floats

_DOUBTFUL = 2.9
"""Score. An example that the ear has learned so well, five per cent and less of doubt, would teach the closer ear little."""


def learn_closely(groups: Sequence[Sequence[Sequence[str]]], wanted: NDArray[np.int8], harm: Floats, file: Path) -> None:
    """Learns from those examples, each cut in pieces, that are short and doubtful, and writes what was learned.

    `wanted` has a row for each and a column for each head; `harm` is what the ear itself has come to say of each, as a score.
    Raises WrongWeights when a model is missing or not what was released.
    """
    # TensorFlow and ONNX take seconds to load, and most starts have nothing to learn
    from ops.drawing import draw_readers
    from ops.fitting import fit_closely

    readers = draw_readers()
    short = np.array([sum(map(len, group)) <= MOST_WORDS for group in groups])
    chosen = np.flatnonzero(short & (np.abs(harm) < _DOUBTFUL))
    texts = [" ".join(word for piece in groups[at] for word in piece) for at in chosen]
    encoders = [reader.running() for reader in readers]
    rows = np.concatenate(on_every_core(partial(encoded, encoders), texts))
    save_closer_ear(readers, LearnedClosely(**fit_closely(rows, wanted[chosen], len(STANCES))), file)
