"""Adapters of the larger model: small matrices which, added to its own, make it hear more of what the lessons teach (LoRA).

`make adapt` learns them, in twenty minutes and more; so they lie among the sources, and everybody who learns has the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from records.errors import WrongWeights
from voice.understanding.vectors import Floats

ADAPTERS = Path("data/encoder/adapters.npz")
DOWN, UP = ".down", ".up"
"""The two thin matrices of one adapter; their product is what is added to the matrix of this name."""


def load_adapters(root: Path) -> dict[str, Floats]:
    """What is added, by name: for a matrix two thin ones, for a row of numbers another row.

    Raises WrongWeights when the file is damaged.
    """
    try:
        with np.load(root / ADAPTERS, allow_pickle=False) as kept:
            return {name: array.astype(np.float32) for name, array in kept.items()}
    except (OSError, ValueError, BadZipFile) as fault:
        raise WrongWeights(f"{ADAPTERS} cannot be read ({fault}); it comes with the sources, and `make adapt` makes it anew") from None


def save_adapters(root: Path, adapters: Mapping[str, Floats]) -> None:
    """Writes them, whole or not at all, in half as many bits: they are small, and need not be more exact."""
    file = root / ADAPTERS
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(".draft.npz")
    np.savez(draft, **{name: array.astype(np.float16) for name, array in adapters.items()})
    draft.replace(file)


def adapted(weights: Mapping[str, Floats], adapters: Mapping[str, Floats]) -> dict[str, Floats]:
    """The weights with what is added to them. Raises WrongWeights when the adapters are not for these."""
    changed = dict(weights)
    try:
        for name, array in adapters.items():
            if name.endswith(UP):
                whole = name.removesuffix(UP)
                changed[whole] = changed[whole] + array @ adapters[whole + DOWN]
            elif not name.endswith(DOWN):
                changed[name] = changed[name] + array
    except (KeyError, ValueError) as fault:
        raise WrongWeights(f"{ADAPTERS} is not for this model ({fault}); `make adapt` makes it anew") from None
    return changed
