"""Reads the words at which one thought ends and the next begins."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from records.reading import read_sheet
from voice.understanding.clauses import ClauseSheet


@lru_cache(maxsize=8)
def load_clauses(root: Path) -> ClauseSheet:
    """Reads `root/data/words/clauses.yml`, once for each root. Raises DataMistake with file, line and reason."""
    return read_sheet(root / "data" / "words" / "clauses.yml", ClauseSheet)
