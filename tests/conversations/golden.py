"""A conversation as text, short enough to be read by a person, without what differs from day to day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from records.safety_data import load_help
from tests.stack import ROOT
from tests.visitor import Shown

_LONGEST = 600
"""Characters of one line. What is longer is checked in the records."""
_CODE = re.compile(r"\b(?:[BCDFGHJKLMNPQRSTVWXZ2-9]{4}-){2}[BCDFGHJKLMNPQRSTVWXZ2-9]{4}\b")
_DAY = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} "
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_USUAL = {"skip", "dont_know", "back", "stop", "who_sees", "meaning", "advocate"}


def me(how: str, words: str) -> str:
    """What the young person did."""
    return f"ME {how}: {_line(words)}"


def bubbles(shown: Iterable[Shown]) -> list[str]:
    """What came back, one line for each bubble, and one more for its buttons. Own messages are left out."""
    return [line for bubble in shown if bubble["from"] != "me" for line in _bubble(bubble)]


def _bubble(bubble: Shown) -> list[str]:
    who = "WORKER " if bubble["from"] == "worker" else ""
    at = f" {bubble['progress']['at']}/{bubble['progress']['of']}" if bubble.get("progress") else ""
    lines = [f"  {who}{bubble['kind']}{at}: {_line(masked(bubble['text']))}"]
    if bubble.get("help"):
        first = bubble["help"][0]
        lines.append(f"    help: {first['name']}, the council's team, … ({len(bubble['help'])})")
    if bubble.get("choices"):
        lines.append("    " + " ".join(f"[{masked(button['label'])}{_picture(button)}]" for button in bubble["choices"]) + _many(bubble))
    named = [button["name"] for button in bubble.get("controls", ())]
    if named and set(named) | {"back"} != _USUAL:
        lines.append(f"    controls: {' '.join(named)}")
    elif not named and bubble["kind"] == "question":
        lines.append("    no controls")
    return lines


def _picture(button: Shown) -> str:
    return "" if button.get("picture") else " (no picture)"


def _many(bubble: Shown) -> str:
    return " pick many" if bubble.get("many") else ""


def masked(text: str) -> str:
    """Without codes, days, and the hours of those who read."""
    for pattern in _reading_lines():
        text = pattern.sub("‹who reads it, and when›", text)
    return _DAY.sub("‹day›", _CODE.sub("‹code›", text))


def _reading_lines() -> Sequence[re.Pattern[str]]:
    data = load_help(ROOT)
    templates = [words for pair in (data.replies.next_open, data.replies.next_closed) for words in (pair.standard, pair.easy)]
    return [re.compile(re.escape(template).replace(r"\{reader\}", ".+?").replace(r"\{when\}", ".+?")) for template in templates]


def _line(text: str) -> str:
    """On one line, with everything unseen made visible."""
    plain = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return plain if len(plain) <= _LONGEST else f"{plain[:120]}… ({len(text)} characters)"
