"""Takes names out of words that leave the records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MARK = "[name]"
_WORD = re.compile(r"[^\W_]+")
_SEVERAL = re.compile(rf"{re.escape(MARK)}(?:[ \-]+{re.escape(MARK)})+")
_INITIAL = 1
"""Letters. An initial that stands alone would take every "i" with it."""


class Names:
    """Names of people, each word of them by itself: "Anne-Marie O'Neill" is Anne, Marie, Annemarie, Neill and Oneill."""

    def __init__(self, names: Iterable[str]) -> None:
        self._words = {word for name in names for word in _words_of(name) if len(word) > _INITIAL}

    def taken_out(self, text: str) -> str:
        """The text with [name] for every whole word that is one of the names, also in small letters, without its accents,
        or with an s behind it. Names in other spellings, and names of other people, stay."""
        marked = _WORD.sub(lambda found: self._marked(found[0]), unicodedata.normalize("NFC", text))
        return _SEVERAL.sub(MARK, marked)

    def _marked(self, word: str) -> str:
        bare = _bare(word)
        if bare in self._words:
            return MARK
        return f"{MARK}s" if bare.endswith("s") and bare[:-1] in self._words else word


def _words_of(name: str) -> Iterable[str]:
    for part in name.split():
        pieces = [_bare(piece) for piece in _WORD.findall(unicodedata.normalize("NFC", part))]
        yield from pieces
        yield "".join(pieces)


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word).casefold() if not unicodedata.combining(char))
