"""Reads the data files and says exactly where a mistake is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Model = TypeVar("Model", bound=BaseModel)


class DataMistake(ValueError):
    """A data file says something it may not. Carries `file`, `line` (from 1) and `reason`."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


def read_sheet(file: Path, model: type[Model]) -> Model:
    """Reads one YAML file into `model`.

    Raises DataMistake with the line of the first mistake, whether in the YAML or in what it says.
    """
    try:
        # much faster, but it knows no lines: those are only needed when something is wrong
        return model.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        tree = read_tree(file)
    try:
        return model.model_validate(_plain(tree))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = tuple(first["loc"])
        named = ".".join(str(part) for part in location)
        reason = first["msg"].removeprefix("Value error, ")
        raise DataMistake(file, line_of(tree, location), f"{named}: {reason}" if named else reason) from None


def read_tree(file: Path) -> Any:
    """Reads one YAML file with its line numbers. Raises DataMistake for bad YAML or a file that cannot be read."""
    try:
        tree = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataMistake(file, line, f"not valid YAML: {error.problem or error.context}") from None
    except UnicodeDecodeError:
        raise DataMistake(file, 1, "not UTF-8 text") from None
    except OSError as error:
        raise DataMistake(file, 1, f"cannot be read: {error.strerror}") from None
    if tree is None:
        raise DataMistake(file, 1, "the file is empty")
    return tree


def _plain(tree: Any) -> Any:
    if isinstance(tree, CommentedMap):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, CommentedSeq):
        return [_plain(value) for value in tree]
    if isinstance(tree, str):
        return str(tree)
    return tree


def line_of(tree: Any, location: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `location` that exists in the tree."""
    line = int(tree.lc.line) + 1 if hasattr(tree, "lc") else 1
    for part in location:
        if isinstance(tree, CommentedMap) and part in tree:
            line = int(tree.lc.key(part)[0]) + 1
        elif isinstance(tree, CommentedSeq) and isinstance(part, int) and part < len(tree):
            line = int(tree.lc.item(part)[0]) + 1
        else:
            break
        tree = tree[part]
    return line
