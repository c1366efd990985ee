"""Whether a text can be screened at all: the pattern families only know English."""

from __future__ import annotations

import unicodedata
from collections import Counter

from voice.safeguarding.families import Families
from voice.safeguarding.normalise import Plain

FEWEST_LETTERS = 3
"""Below this a text in another script says too little to tell (a smiley's Greek omega)."""


def unreadable(text: str, plain: Plain, families: Families) -> str | None:
    """`other_script` or `not_english` when the text is mostly that, `too_much` when part of it was left out, else None.

    Lookalike letters that spell English words are not another script: the plain copy has undone them.
    """
    signs, words = Counter(text), Counter(plain.words)
    foreign = sum(
        count for char, count in signs.items() if ord(char) > 0x24F and unicodedata.category(char)[0] == "L" and not _styled_latin(char)
    )
    letters = sum(count for char, count in signs.items() if char.isalpha())
    unread = sum(count for word, count in words.items() if not word.isascii())
    if foreign >= FEWEST_LETTERS and foreign * 2 > letters and unread * 2 >= len(plain.words):
        return "other_script"
    theirs = sum(count for word, count in words.items() if word in families.others)
    ours = sum(count for word, count in words.items() if word in families.english)
    if theirs >= 2 and theirs > ours:
        return "not_english"
    return None if plain.whole else "too_much"


def _styled_latin(char: str) -> bool:
    """Full-width and mathematical letters, which fold to plain ones."""
    return unicodedata.normalize("NFKC", char).isascii()
