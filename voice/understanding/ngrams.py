"""A text as counts of pieces of its words and of the words themselves: what is spelt alike looks alike.

Each piece is hashed into a fixed number of places, so nothing of any text is remembered.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PLACES = 1 << 17
_PIECES = (2, 3, 4, 5)
_LONGEST = 24
"""Letters of a word that are looked at."""


@dataclass(frozen=True)
class Pieces:
    """Where a text has something, and how much: two arrays of the same length. A place may come twice; both count."""

    places: NDArray[np.int64]
    amounts: NDArray[np.float32]


def pieces(words: Sequence[str], rarity: NDArray[np.float32] | None = None) -> Pieces:
    """The pieces of a text's plain words. `rarity` weighs each place (one number for each of PLACES); None: all alike.

    Letters and words are each brought to length 1, so that neither drowns the other.
    """
    if not words:
        return Pieces(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
    letters = np.concatenate([_of_word(word) for word in words])
    pairs = [_place("w", f"{one} {two}") for one, two in zip(words, words[1:], strict=False)]
    whole = np.array([*(_whole(word) for word in words), *pairs], dtype=np.int64)
    weighed = [_weighed(places, rarity) for places in (letters, whole)]
    return Pieces(np.concatenate([places for places, _ in weighed]), np.concatenate([amounts for _, amounts in weighed]))


def rarity(texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """How rare each place is in `texts` (inverse document frequency); 0 for what fewer than two of them have."""
    seen = np.zeros(PLACES, dtype=np.int64)
    for words in texts:
        seen[np.unique(pieces(words).places)] += 1
    weights = np.log((1 + len(texts)) / (1 + seen)) + 1
    weights[seen < 2] = 0
    return np.asarray(weights, dtype=np.float32)


def _weighed(places: NDArray[np.int64], rarity: NDArray[np.float32] | None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    found, counts = np.unique(places, return_counts=True)
    amounts = (1 + np.log(counts)).astype(np.float32)
    if rarity is not None:
        amounts *= rarity[found]
    length = float(np.sqrt(amounts @ amounts)) or 1.0
    return found, amounts / np.float32(length)


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> NDArray[np.int64]:
    padded = f" {word[:_LONGEST]} "
    return np.array(
        [_place("c", padded[at : at + size]) for size in _PIECES for at in range(max(0, len(padded) - size + 1))], dtype=np.int64
    )


@lru_cache(maxsize=20_000)
def _whole(word: str) -> int:
    return _place("w", word)


def _place(kind: str, piece: str) -> int:
    return zlib.crc32(f"{kind}{piece}".encode()) % PLACES
