"""Brings the ear: the vector model from its package, checked, and what was learned from models/."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from records import closer_ear
from records.errors import NotTrained
from records.minilm import load_minilm
from records.reading import read_sheet
from records.tokens import tokenising
from voice.safeguarding.slips import Slips
from voice.understanding.ear import Ear, Learned, Thresholds
from voice.understanding.vectors import LAYERS, Encoder, Filters, Thinning

MOST_TOKENS = 128
LEARNED = Path("models/ear.npz")
THRESHOLDS = Path("data/words/ear.yml")


@lru_cache(maxsize=2)
def load_encoder(layers: int = LAYERS) -> Encoder:
    """The encoder with its weights. Nothing is fetched. Raises WrongWeights when the package is missing or not what it was."""
    weights, tokenizer = load_minilm(layers)
    return Encoder(weights, tokenising(Tokenizer.from_str(tokenizer), MOST_TOKENS), layers)


@lru_cache(maxsize=2)
def load_ear(root: Path) -> Ear:
    """The ear as it was trained. Raises NotTrained when it was not, WrongWeights, or DataMistake for its thresholds."""
    thresholds = read_sheet(root / THRESHOLDS, Thresholds)
    learned, closer = load_learned(root / LEARNED), closer_ear.load_closer_ear(root / closer_ear.LEARNED)
    return Ear(load_encoder().thinned(learned.thinning).looking_with(learned.filters), learned, thresholds, closer)


def load_learned(file: Path) -> Learned:
    """What was learned, from its file. Raises NotTrained when there is none or it is of another version."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            return Learned(
                filters=Filters(kept["filters"], kept["filters_bias"]),
                of_filters=kept["of_filters"],
                hidden=kept["hidden"],
                hidden_bias=kept["hidden_bias"],
                of_hidden=kept["of_hidden"],
                of_meaning=kept["of_meaning"],
                of_pieces=kept["of_pieces"].astype(np.float32),
                at_a_glance=kept["at_a_glance"],
                rows=kept["rows"],
                bias=kept["bias"],
                rarity=kept["rarity"],
                thinning=Thinning(kept["kept"], kept["left_out"]),
                slips=Slips(frozenset(kept["known"].tolist()), tuple(kept["common"].tolist())),
            )
    except (OSError, KeyError, ValueError) as fault:
        raise NotTrained(f"{file} cannot be used ({fault}); `sayso train --anyway` makes it") from None


def save_learned(learned: Learned, file: Path) -> None:
    """Writes what was learned, whole or not at all."""
    draft = file.with_suffix(".draft.npz")
    np.savez_compressed(
        draft,
        filters=learned.filters.weights,
        filters_bias=learned.filters.bias,
        of_filters=learned.of_filters,
        hidden=learned.hidden,
        hidden_bias=learned.hidden_bias,
        of_hidden=learned.of_hidden,
        of_meaning=learned.of_meaning,
        of_pieces=learned.of_pieces.astype(np.float16),
        at_a_glance=learned.at_a_glance,
        rows=learned.rows,
        bias=learned.bias,
        rarity=learned.rarity,
        kept=learned.thinning.kept,
        left_out=learned.thinning.left_out,
        known=np.array(sorted(learned.slips.known)),
        common=np.array(learned.slips.common),
    )
    draft.replace(file)
