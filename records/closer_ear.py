"""Keeps the closer ear in a file of its own: its encoder, as a graph, and what was learned from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from records.errors import NotTrained
from records.graphs import GraphEncoder
from voice.understanding.closer import MOST_TOKENS, CloserEar, LearnedClosely

LEARNED = Path("models/closer_ear.npz")
_GRAPH, _TOKENIZER, _HEAD = "graph", "tokenizer", "closer."


@dataclass(frozen=True)
class Reader:
    """An encoder as it is kept: its graph, and its tokenizer as JSON."""

    graph: bytes
    tokenizer: str

    def running(self) -> GraphEncoder:
        """Ready to read."""
        return GraphEncoder(self.graph, self.tokenizer, MOST_TOKENS)


def load_closer_ear(file: Path) -> CloserEar:
    """As it was learned. Raises NotTrained when it was not, or the file is of another version."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            learned = LearnedClosely(**{field.name: kept[_HEAD + field.name] for field in fields(LearnedClosely)})
            encoder = Reader(kept[_GRAPH].tobytes(), str(kept[_TOKENIZER])).running()
        if encoder.encode(["a"]).shape[1] != len(learned.hidden):
            raise ValueError("what was learned does not fit its encoder")
        return CloserEar(encoder, learned)
    except (OSError, KeyError, ValueError, BadZipFile) as fault:
        raise NotTrained(f"{file} cannot be used ({fault}); `sayso train --anyway` makes it") from None


def save_closer_ear(reader: Reader, learned: LearnedClosely, file: Path) -> None:
    """Writes it, whole or not at all."""
    draft = file.with_suffix(".draft.npz")
    kept = {_GRAPH: np.frombuffer(reader.graph, dtype=np.uint8), _TOKENIZER: np.array(reader.tokenizer)}
    np.savez(draft, **kept, **{_HEAD + name: tensor for name, tensor in asdict(learned).items()})
    draft.replace(file)
