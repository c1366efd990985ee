"""Reads the words by which themes are known."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from records.reading import read_sheet
from voice.themes import Themes


@lru_cache(maxsize=8)
def load_themes(root: Path) -> Themes:
    """Reads `root/data/words/topics.yml`, once for each root. Raises DataMistake with file, line and reason."""
    return read_sheet(root / "data" / "words" / "topics.yml", Themes)
