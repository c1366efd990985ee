"""The clocks of flags, read and checked. Apart from the screening's files, which the desk and the post need not load."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from records.reading import read_sheet
from records.settings import settings
from voice.promises.flag_clocks import Chain, Clocks
from voice.promises.hours import Hours
from voice.safeguarding.help import Local


@lru_cache(maxsize=8)
def load_clocks(root: Path) -> Clocks:
    """Reads `root/data/help/clocks.yml`, once for each root. Raises DataMistake with file, line and reason."""
    return read_sheet(root / "data" / "help" / "clocks.yml", Clocks)


def due_at(severity: str | None, categories: Collection[str], raised: datetime) -> datetime:
    """By when somebody has taken on a flag raised at this moment, in the reading hours of `local.yml`."""
    root = settings().root
    return load_clocks(root).due(severity, tuple(categories), raised, _reading_hours(root))


def chain_of(severity: str | None) -> Chain:
    """The chain that the alerts of a flag go up."""
    return load_clocks(settings().root).chain(severity)


@lru_cache(maxsize=8)
def _reading_hours(root: Path) -> Hours:
    return read_sheet(root / "data" / "help" / "local.yml", Local).reading_hours
