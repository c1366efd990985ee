"""Keeps the closer ear in a file of its own: what of the larger model is run, made small, and what was learned from it."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from tokenizers import Tokenizer

from records.errors import NotTrained
from records.mpnet import SMALL
from records.tokens import tokenising
from voice.understanding.closer import LAYERS, MOST_TOKENS, CloserEar, LearnedClosely
from voice.understanding.vectors import Encoder, Floats

LEARNED = Path("models/closer_ear.npz")
_TOKENIZER = "tokenizer"
_HEAD = "closer."


def load_closer_ear(file: Path) -> CloserEar:
    """As it was learned. Raises NotTrained when it was not, or the file is of another version."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            tokenizer = str(kept[_TOKENIZER])
            tensors = {name: kept[name].astype(np.float32) for name in kept.files if name != _TOKENIZER}
        learned = LearnedClosely(**{field.name: tensors[_HEAD + field.name] for field in fields(LearnedClosely)})
        return CloserEar(encoder_of(tensors, tokenizer), learned)
    except (OSError, KeyError, ValueError, BadZipFile) as fault:
        raise NotTrained(f"{file} cannot be used ({fault}); `sayso train --anyway` makes it") from None


def save_closer_ear(weights: dict[str, Floats], tokenizer: str, learned: LearnedClosely, file: Path) -> None:
    """Writes it, whole or not at all; the encoder's weights in half as many bits."""
    draft = file.with_suffix(".draft.npz")
    half = {name: tensor.astype(np.float16) for name, tensor in weights.items()}
    head = {_HEAD + name: tensor for name, tensor in asdict(learned).items()}
    np.savez(draft, **half, **head, **{_TOKENIZER: np.array(tokenizer)})
    draft.replace(file)


def encoder_of(weights: dict[str, Floats], tokenizer: str) -> Encoder:
    """The encoder with these weights, named as BERT's; `tokenizer` is its tokenizer's JSON."""
    return Encoder(weights, tokenising(Tokenizer.from_str(tokenizer), MOST_TOKENS), LAYERS, small=SMALL)
