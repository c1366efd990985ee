"""Work on many texts, shared out to every core."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

_AT_ONCE = 64

Result = TypeVar("Result")


def on_every_core(work: Callable[[Sequence[str]], Result], texts: Sequence[str]) -> list[Result]:
    """What `work` gives for a few texts after each other, in their order. It must leave the interpreter to others while it counts.

    Each core works for itself: one product of matrices shared by all of them would leave them idle at every smaller step.
    """
    parts = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as cores:
        return list(cores.map(work, parts))
