"""Twelve ways in which the same words can arrive (safety research, section 2.6): what is heard should not depend on them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping

_PADDING = "we had tea and then we played a game and it was nice and i watched the telly with the dog. "
_PADDED = 1_900
"""Characters, before and after."""
_LEET = str.maketrans("aeio", "4310")
_EVERY = 3
"""Every third long word is touched where all of them would make a riddle."""


def _words(change: Callable[[str, random.Random], str], least: int = 5) -> Callable[[str], str]:
    """Changes every third word of at least `least` letters, always the same ones for the same text."""

    def disguise(text: str) -> str:
        chance = random.Random(text)  # noqa: S311  the same on every run
        count = 0
        out = []
        for word in text.split(" "):
            if len(word) >= least and word.isalpha():
                count += 1
                word = change(word, chance) if count % _EVERY == 1 else word  # noqa: PLW2901
            out.append(word)
        return " ".join(out)

    return disguise


def _swapped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _padded(text: str) -> str:
    padding = _PADDING * (_PADDED // len(_PADDING))
    return f"{padding}{text}. {padding}"


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "typos": _words(_swapped),
    "letters apart": _words(lambda word, _: " ".join(word)),
    "zero width": "\u200b".join,
    "leet": _words(lambda word, _: word.translate(_LEET), 4),
    "emoji": lambda text: f"😭 {text} 😭😭",
    "new lines": lambda text: text.replace(" ", "\n"),
    "slash": lambda text: f"/{text}",
    "padding": _padded,
    "json": lambda text: json.dumps({"text": text}),
    "right to left": lambda text: f"\u202e{text}\u202c",
    "repeated letters": _words(lambda word, _: word[:-1] + word[-1] * 4),
}
