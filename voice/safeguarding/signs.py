"""Takes a text apart into raw words and sentence ends: invisible signs, lookalike letters and emoji are undone here.

Python works through the distinct signs and whole words only, not through each letter: a text may be very long.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

MOST_LETTERS = 150_000
"""Of the unfolded text. Some signs unfold to many letters; no honest text grows by so much."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´", "'"))
_WORD_OR_END = re.compile(r"((?:[^\W_]|[@$])(?:[^\W_]|['@$!*])*)|[.!?;\n…]")


@dataclass(frozen=True)
class RawWords:
    """`breaks`: the numbers of those with a sentence end behind them. `whole`: nothing had to be left out."""

    words: list[str]
    breaks: set[int]
    whole: bool


class Signs:
    """Knows what single signs stand for."""

    def __init__(self, emoji: Mapping[str, str], lookalikes: Mapping[str, str], labels: Collection[str]) -> None:
        """`emoji`: sign → words. `lookalikes`: sign → letter. `labels`: names of JSON fields that are not said."""
        self._labels = frozenset(labels)
        said = {ord(sign): f" {meaning} " for sign, meaning in emoji.items()}
        self._meanings = said | {ord(sign): letter for sign, letter in lookalikes.items()}

    def raw_words(self, text: str) -> RawWords:
        """The words as they are written, in small letters, without what cannot be seen."""
        unfolded = unicodedata.normalize("NFKD", _unwrapped(text, self._labels))
        letters = _translated(unfolded[:MOST_LETTERS].casefold(), self._meanings)
        whole = len(unfolded) <= MOST_LETTERS and len(letters) <= MOST_LETTERS
        letters = letters[:MOST_LETTERS].translate(_APOSTROPHES)
        words: list[str] = []
        breaks: set[int] = set()
        for match in _WORD_OR_END.finditer(letters):
            word = match.group(1)
            if word:
                words.append(word.rstrip("'!*"))
                if word[-1] == "!":
                    breaks.add(len(words) - 1)
            elif words:
                breaks.add(len(words) - 1)
        if words:
            breaks.add(len(words) - 1)
        return RawWords(words, breaks, whole)


def _unwrapped(text: str, labels: Collection[str]) -> str:
    """What stands in a JSON object, if the text is one, without the names in `labels`; else the text. Nothing else is left out."""
    bare = text.strip()
    if not (bare.startswith("{") and bare.endswith("}")):
        return text
    try:
        # pairs: a dict would keep only the last of two fields with the same name
        fields = json.loads(bare, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return text
    said: list[str] = []
    for name, value in fields:
        if name.casefold() not in labels:
            said.append(name)
        said.append(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return "\n".join(said)


def _translated(text: str, meanings: Mapping[int, str]) -> str:
    """Each sign with its meaning, those that cannot be seen left out."""
    table: dict[int, str | None] = {}
    for char in set(text):
        if _unseen(char):
            table[ord(char)] = None
        elif ord(char) in meanings:
            table[ord(char)] = meanings[ord(char)]
    return text.translate(table) if table else text


def _unseen(char: str) -> bool:
    """Marks, zero-width and direction signs, surrogates, control signs: nothing a reader sees as a letter."""
    if char < "\x7f":
        return char < " " and char not in "\n\t\r"
    return unicodedata.category(char) in ("Mn", "Me", "Cf", "Cs", "Cc", "Co")
