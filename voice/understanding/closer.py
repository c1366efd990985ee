"""The closer ear: where the ear is in doubt, a larger encoder reads the words again, and both together decide.

It costs ten times as much as the ear, so only texts in doubt are given to it
(docs/decisions/0007-a-second-encoder-where-the-ear-is-in-doubt.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.understanding.vectors import Encoder, Floats

LAYERS = 6
"""Of twelve."""
MOST_TOKENS = 64
"""More than an ordinary text of so few words has; nonsense is cut here."""


@dataclass(frozen=True)
class LearnedClosely:
    """What the closer ear has learned: a hidden layer over the vector, and straight lines from both to the heads."""

    hidden: Floats
    hidden_bias: Floats
    of_hidden: Floats
    of_meaning: Floats
    bias: Floats


class CloserEar:
    """Gives scores (logits) for the same heads as the ear."""

    def __init__(self, encoder: Encoder, learned: LearnedClosely) -> None:
        """`encoder` is the one whose vectors were learned from."""
        self._encoder = encoder
        self._learned = learned

    def listen(self, texts: Sequence[Sequence[str]]) -> Floats:
        """A row of scores for each text, given as its plain words."""
        rows = self._encoder.encode([" ".join(words) for words in texts])
        learned = self._learned
        hidden = np.maximum(rows @ learned.hidden + learned.hidden_bias, 0)
        return hidden @ learned.of_hidden + rows @ learned.of_meaning + learned.bias
