"""`sayso screen`: screens JSON lines without a server, for evaluation and for checking a change to the pattern families."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from records.safety_data import load_screen
from records.settings import settings
from records.themes import load_themes
from voice.safeguarding.screen import Screen
from voice.themes import Themes


def screen_lines(lines: Iterable[str], out: TextIO) -> None:
    """Screens each line `{"id", "text"}` and writes one line for each, in order.

    `{"id", "safety": {"level", "severity", "categories"}, "topics", "stance"}`; for a line that is not such an object
    `{"id": null, "error"}`, and on with the next. Empty lines are passed over. Raises DataMistake if the data is wrong.
    """
    root = settings().root
    screen, themes = load_screen(root), load_themes(root)
    for line in lines:
        if line.strip():
            out.write(json.dumps(_answer(line, screen, themes)) + "\n")
            out.flush()


def _answer(line: str, screen: Screen, themes: Themes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        return {"id": None, "error": "not JSON"}
    except RecursionError:
        return {"id": None, "error": "nested too deep"}
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        return {"id": None, "error": 'needs an object with "id" and "text"'}
    found = screen.screen(asked["text"])
    return {
        "id": asked["id"],
        "safety": {
            "level": found.level.value,
            "severity": found.severity.value if found.severity else None,
            "categories": list(found.categories),
        },
        "topics": list(themes.topics_of(asked["text"])),
        "stance": themes.stance_of(asked["text"]),
    }
