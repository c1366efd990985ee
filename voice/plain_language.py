"""How plain a text is. Filled in below."""

from __future__ import annotations

import re
import unicodedata


def bare(text: str) -> str:
    """`text` in small letters, without punctuation or emoji, words parted by single spaces.

    Apostrophes vanish without a gap ("don't" → "dont"), because children leave them out.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"['’‘`´]", "", folded)
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded).split())
