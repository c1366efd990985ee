"""The files Rasa is started with, with this installation's settings in them."""

from __future__ import annotations

import os
from pathlib import Path

from ruamel.yaml import YAML

from ops.errors import CannotGoOn
from records.reading import read_tree
from records.settings import Settings


def write_endpoints(chosen: Settings) -> Path:
    """Writes run/endpoints.yml into the data folder: endpoints.yml with the action server's port of the settings.

    Returns the file. Raises CannotGoOn when endpoints.yml names no action server, DataMistake when it is not YAML.
    """
    source = chosen.root / "endpoints.yml"
    tree = read_tree(source)
    if not isinstance(tree, dict) or not isinstance(tree.get("action_endpoint"), dict):
        raise CannotGoOn(f"{source} must have an action_endpoint: it is where Rasa finds the actions.")
    tree["action_endpoint"]["url"] = f"http://127.0.0.1:{chosen.actions_port}/webhook"
    file = chosen.data_folder / "run" / "endpoints.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as handle:
        YAML(typ="rt").dump(tree, handle)
    # Rasa may be reading the old one
    os.replace(draft, file)
    return file
