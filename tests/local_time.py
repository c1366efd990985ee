"""What time people's clocks show: the moment stays real, and the zone Europe/London is given the offset that makes it the wanted hour."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from pathlib import Path

_ZONE = "Europe/London"
_EAST, _WEST = 12, -11


def zones_where_it_is(hour: int, now: datetime, folder: Path) -> str:
    """Writes a zone into `folder` in which it is this hour at `now`. Returns the folder, for PYTHONTZPATH: Python looks there first."""
    offset = hour - now.hour
    offset += 24 if offset < _WEST else -24 if offset > _EAST else 0
    # the signs of these names are the wrong way round (POSIX)
    named = f"GMT{-offset:+d}" if offset else "GMT"
    file = folder / _ZONE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(files("tzdata").joinpath("zoneinfo", "Etc", named).read_bytes())
    return str(folder)
