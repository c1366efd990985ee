"""Whether a text can be screened at all: the pattern families only know English."""

from __future__ import annotations

import unicodedata

from voice.safeguarding.families import Families
from voice.safeguarding.normalise import Plain

FEWEST_LETTERS = 3
"""Below this a text in another script says too little to tell (a smiley's Greek omega)."""


def unreadable(text: str, plain: Plain, families: Families) -> str | None:
    """`other_script` or `not_english` when the text is mostly that, else None.

    Lookalike letters that spell English words are not another script: the plain copy has undone them.
    """
    foreign = sum(1 for char in text if ord(char) > 0x24F and unicodedata.category(char)[0] == "L" and not _styled_latin(char))
    letters = sum(1 for char in text if char.isalpha())
    unread = sum(1 for word in plain.words if not word.isascii())
    if foreign >= FEWEST_LETTERS and foreign * 2 > letters and unread * 2 >= len(plain.words):
        return "other_script"
    theirs = sum(1 for word in plain.words if word in families.others)
    ours = sum(1 for word in plain.words if word in families.english)
    if theirs >= 2 and theirs > ours:
        return "not_english"
    return None


def _styled_latin(char: str) -> bool:
    """Full-width and mathematical letters, which fold to plain ones."""
    return unicodedata.normalize("NFKC", char).isascii()
