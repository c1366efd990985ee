"""The safety files, read and checked: the screening's families and the help that is shown."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from records.reading import DataMistake, line_of, read_sheet, read_tree
from voice.safeguarding.families import FamilyMistake, Sheets, compile_families
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
    """Reads `root/data/screening` and makes the screening ready, once for each root.

    Raises DataMistake with file, line and reason, also for a phrase that cannot be read.
    """
    folder = root / "data" / "screening"
    sheets = Sheets(
        slots=read_sheet(folder / "slots.yml", SlotsSheet),
        spelling=read_sheet(folder / "spelling.yml", SpellingSheet),
        modifiers=read_sheet(folder / "modifiers.yml", ModifiersSheet),
        figurative=read_sheet(folder / "figurative.yml", FigurativeSheet),
        roles=read_sheet(folder / "roles.yml", RolesSheet),
        languages=read_sheet(folder / "languages.yml", LanguagesSheet),
        categories={file.stem: read_sheet(file, CategorySheet) for file in sorted(folder.glob("*.yml")) if file.stem not in _SHARED},
    )
    try:
        return Screen(compile_families(sheets))
    except FamilyMistake as mistake:
        file = folder / f"{mistake.file}.yml"
        raise DataMistake(file, line_of(read_tree(file), mistake.path), mistake.reason) from None


_SHARED = ("slots", "spelling", "modifiers", "figurative", "roles", "languages")
"""The files that all categories share."""
