"""`sayso screen`: screens JSON lines without a server, for evaluation and for checking a change to what Sayso learns from."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from ops.learning import learn_if_needed
from records.ear import load_ear
from records.safety_data import load_listening_screen
from records.settings import settings
from voice.safeguarding.screen import Attended
from voice.understanding.ear import Thresholds

_AT_ONCE = 64
"""Lines that are looked at together, which is much faster; fewer when no more have come in yet."""


def screen_lines(lines: Iterable[str], out: TextIO) -> None:
    """Screens each line `{"id", "text"}` and writes one line for each, in order.

    `{"id", "safety": {"level", "severity", "categories"}, "topics", "stance"}`; for a line that is not such an object
    `{"id": null, "error"}`, and on with the next. Empty lines are passed over. Raises DataMistake if the data is wrong,
    WrongWeights. Learns first when the ear has not, or its examples have changed.
    """
    root = settings().root
    learn_if_needed(root, lambda line: print(line, file=sys.stderr))
    screen, at = load_listening_screen(root), load_ear(root).thresholds
    for waiting in _as_they_come(line for line in lines if line.strip()):
        asked = [_asked(line) for line in waiting]
        found = iter(screen.attend_all([one["text"] for one in asked if "text" in one]))
        for one in asked:
            answer = _answer(one["id"], next(found), at) if "text" in one else one
            out.write(json.dumps(answer) + "\n")
        out.flush()


def _as_they_come(lines: Iterable[str]) -> Iterator[list[str]]:
    """Whatever has come in by now, so that somebody who sends one line and waits for its answer gets it."""
    arrived: queue.Queue[str | None | Exception] = queue.Queue(maxsize=4 * _AT_ONCE)

    def fill() -> None:
        try:
            for line in lines:
                arrived.put(line)
            arrived.put(None)
        except Exception as fault:
            arrived.put(fault)

    threading.Thread(target=fill, daemon=True).start()
    ended = False
    while not ended:
        together: list[str] = []
        while len(together) < _AT_ONCE and not ended and (not together or not arrived.empty()):
            line = arrived.get()
            if isinstance(line, Exception):
                raise line
            if line is None:
                ended = True
            else:
                together.append(line)
        if together:
            yield together


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        return {"id": None, "error": "not JSON"}
    except RecursionError:
        return {"id": None, "error": "nested too deep"}
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        return {"id": None, "error": 'needs an object with "id" and "text"'}
    return {"id": asked["id"], "text": asked["text"]}


def _answer(id_: Any, attended: Attended, at: Thresholds) -> dict[str, Any]:
    found, heard = attended.screening, attended.listened
    return {
        "id": id_,
        "safety": {
            "level": found.level.value,
            "severity": found.severity.value if found.severity else None,
            "categories": list(found.categories),
        },
        "topics": list(heard.whole.topics(at)) if heard else ["other"],
        "stance": heard.whole.stance(at) if heard else "statement",
    }
