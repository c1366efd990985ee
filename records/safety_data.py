"""The safety files, read and checked: the screening's families and the help that is shown."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from records.ear import load_ear
from records.reading import DataMistake, read_sheet, read_tree
from voice.safeguarding.families import Families, FamilyMistake, Sheets, compile_families
from voice.safeguarding.help import HelpData, Helplines, Local, Replies
from voice.safeguarding.model import (
    CategorySheet,
    FigurativeSheet,
    LanguagesSheet,
    ModifiersSheet,
    RolesSheet,
    SlotsSheet,
    SpellingSheet,
)
from voice.safeguarding.screen import Screen

SHARED = ("slots", "spelling", "modifiers", "figurative", "roles", "languages")
"""The files of data/screening that are not a category."""


@lru_cache(maxsize=8)
def load_help(root: Path) -> HelpData:
    """Reads `root/data/help`, once for each root. Raises DataMistake with file, line and reason."""
    folder = root / "data" / "help"
    return HelpData(
        helplines=read_sheet(folder / "helplines.yml", Helplines).helplines,
        local=read_sheet(folder / "local.yml", Local),
        replies=read_sheet(folder / "replies.yml", Replies),
    )


@lru_cache(maxsize=8)
def load_screen(root: Path) -> Screen:
    """The screen made from `root/data/screening` alone, once for each root. Raises DataMistake with file, line and reason."""
    return Screen(_families(root))


@lru_cache(maxsize=8)
def load_listening_screen(root: Path) -> Screen:
    """The same with the ear, which raises what the families miss. Raises DataMistake, NotTrained and WrongWeights."""
    return Screen(_families(root), load_ear(root))


def _families(root: Path) -> Families:
    try:
        return compile_families(load_sheets(root))
    except FamilyMistake as mistake:
        file = root / "data" / "screening" / f"{mistake.file}.yml"
        raise DataMistake(file, _line_at(file, mistake.path), mistake.reason) from None


@lru_cache(maxsize=8)
def load_sheets(root: Path) -> Sheets:
    """The files of `root/data/screening` as they are written, with their examples. Raises DataMistake."""
    folder = root / "data" / "screening"
    categories: dict[str, CategorySheet] = {}
    for file in sorted(folder.glob("*.yml")):
        if file.stem in SHARED:
            continue
        sheet = read_sheet(file, CategorySheet)
        if sheet.category != file.stem:
            raise DataMistake(file, 1, f"the file is called {file.stem}, the category {sheet.category}; they must be the same")
        categories[file.stem] = sheet
    if not categories:
        raise DataMistake(folder, 1, "there is no category file, so nothing would be screened")
    return Sheets(
        slots=read_sheet(folder / "slots.yml", SlotsSheet),
        spelling=read_sheet(folder / "spelling.yml", SpellingSheet),
        modifiers=read_sheet(folder / "modifiers.yml", ModifiersSheet),
        figurative=read_sheet(folder / "figurative.yml", FigurativeSheet),
        roles=read_sheet(folder / "roles.yml", RolesSheet),
        languages=read_sheet(folder / "languages.yml", LanguagesSheet),
        categories=categories,
    )


def _line_at(file: Path, path: tuple[str | int, ...]) -> int:
    """The line (from 1) of what stands at `path`."""
    tree: Any = read_tree(file)
    line = 1
    for part in path:
        line = int(tree.lc.item(part)[0] if isinstance(part, int) else tree.lc.key(part)[0]) + 1
        tree = tree[part]
    return line
