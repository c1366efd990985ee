"""The safety files, read and checked: the screening's families and the help that is shown."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from records.reading import read_sheet
from voice.safeguarding.help import HelpData, Helplines, Local, Replies


@lru_cache(maxsize=8)
def load_help(root: Path) -> HelpData:
    """Reads `root/data/help`, once for each root. Raises DataMistake with file, line and reason."""
    folder = root / "data" / "help"
    return HelpData(
        helplines=read_sheet(folder / "helplines.yml", Helplines).helplines,
        local=read_sheet(folder / "local.yml", Local),
        replies=read_sheet(folder / "replies.yml", Replies),
    )
