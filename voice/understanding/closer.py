"""The closer ear: where the ear is in doubt, a larger encoder reads the words again, and both together decide.

It costs several times as much as the ear, so only texts in doubt are given to it
(docs/decisions/0007-a-second-encoder-where-the-ear-is-in-doubt.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.understanding.vectors import Encodes, Floats

MOST_WORDS = 45
"""Of a text that it listens to."""
MOST_TOKENS = 96
"""More than so many words have, misspelled ones too; nonsense is cut here."""


@dataclass(frozen=True)
class LearnedClosely:
    """What the closer ear has learned: a hidden layer over the rows, and straight lines from both to the heads."""

    hidden: Floats
    hidden_bias: Floats
    of_hidden: Floats
    of_meaning: Floats
    bias: Floats


class CloserEar:
    """Gives scores (logits) for the same heads as the ear."""

    def __init__(self, encoder: Encodes, learned: LearnedClosely) -> None:
        """`encoder` is the one whose rows were learned from."""
        self._encoder = encoder
        self._learned = learned

    def listen(self, texts: Sequence[str]) -> Floats:
        """A row of scores for each text, given as its plain words with a space between them."""
        rows = self._encoder.encode(texts)
        learned = self._learned
        hidden = np.maximum(rows @ learned.hidden + learned.hidden_bias, 0)
        return hidden @ learned.of_hidden + rows @ learned.of_meaning + learned.bias
