"""How much the screening misses, as far as a sample can tell (safety research, section 2.2, point 8)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.96
"""For an interval that holds the truth 19 times out of 20."""


def drawn(ids: Sequence[str], *, percent: float, at_least: int, seed: str) -> list[str]:
    """Some of `ids`: `percent` of them, rounded up, but `at_least` as many as that, or all. The same seed draws the same."""
    count = min(len(ids), max(at_least, math.ceil(len(ids) * percent / 100)))
    return random.Random(seed).sample(list(ids), count)  # noqa: S311  a fair draw that can be repeated, no secret


@dataclass(frozen=True)
class MissRate:
    """Of `read` unflagged messages that were drawn at random, `missed` should have been flagged.

    `low` and `high` are the ends of the 95 % interval (Wilson), as shares from 0 to 1. With nothing read they are 0 and 1.
    """

    read: int
    missed: int
    low: float
    high: float


def miss_rate(read: int, missed: int) -> MissRate:
    """The share of missed messages with its uncertainty. Wilson's interval is right for few messages and for none missed."""
    if read == 0:
        return MissRate(0, 0, 0.0, 1.0)
    share, square = missed / read, _Z * _Z
    middle = (share + square / (2 * read)) / (1 + square / read)
    half = _Z / (1 + square / read) * math.sqrt(share * (1 - share) / read + square / (4 * read * read))
    return MissRate(read, missed, max(0.0, middle - half) if missed else 0.0, min(1.0, middle + half) if missed < read else 1.0)
