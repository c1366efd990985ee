"""Reads from the pathways' files what may be heard before it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from records.library import load_pathways
from records.reading import DataMistake, line_of, read_sheet, read_tree
from voice.pathways.beforehand import Beforehand, HeardMistake
from voice.safeguarding.model import SlotsSheet, SpellingSheet
from voice.safeguarding.normalise import Normaliser
from voice.safeguarding.phrases import PhraseMistake, read_slots


@lru_cache(maxsize=8)
def load_beforehand(root: Path) -> Mapping[str, Beforehand]:
    """Pathway id → what listens for its answers, once for each root.

    The phrases of `root/data/pathways` may use the lists of `root/data/words/phrases.yml`, and are spelt as
    `root/data/screening/spelling.yml` says. Raises DataMistake with file, line and reason.
    """
    slots_file = root / "data" / "words" / "phrases.yml"
    slots = read_sheet(slots_file, SlotsSheet).root
    spelling = read_sheet(root / "data" / "screening" / "spelling.yml", SpellingSheet)
    listening: dict[str, Beforehand] = {}
    for name, pathway in load_pathways(root).pathways.items():
        try:
            listening[name] = Beforehand(pathway, slots, spelling)
        except HeardMistake as mistake:
            file = root / "data" / "pathways" / f"{name}.yml"
            raise DataMistake(file, line_of(read_tree(file), mistake.path), mistake.reason) from None
        except PhraseMistake as mistake:
            raise DataMistake(slots_file, _line_of_slot(slots_file, slots, spelling), str(mistake)) from None
    return listening


def _line_of_slot(file: Path, slots: Mapping[str, Sequence[str]], spelling: SpellingSheet) -> int:
    """The line of the first list that cannot be read."""
    spell = Normaliser(spelling).spell
    read: dict[str, Sequence[str]] = {}
    for name, phrases in slots.items():
        read[name] = phrases
        try:
            read_slots(read, spell)
        except PhraseMistake:
            return line_of(read_tree(file), (name,))
    return 1
