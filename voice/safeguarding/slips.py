"""Slips of the fingers: a word that nobody knows is put right where one slip makes it of a common word.

Which words are known and common, the lessons of the ear say; what children misspell often is known there, and stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

_SHORTEST = 4
"""Letters. A shorter word with a slip in it could be too many others."""
_KNOWN, _COMMON = 3, 25
"""In how many lessons a word is at least."""


@dataclass(frozen=True)
class Slips:
    """`known` words are right as they are; of the `common` ones, the commonest first, slips are known."""

    known: frozenset[str] = frozenset()
    common: Sequence[str] = ()

    @cached_property
    def _of(self) -> dict[str, str]:
        """Each slip of a common word, and the word that was meant."""
        of: dict[str, str] = {}
        for slip in (_swapped, _doubled, _left_out):
            for word in self.common:
                for form in slip(word):
                    of.setdefault(form, word)
        return of

    @classmethod
    def learned(cls, texts: Iterable[Iterable[str]]) -> Slips:
        """From the plain words of the lessons."""
        lessons = Counter(word for words in texts for word in set(words) if word.isalpha())
        by_number = sorted(lessons, key=lambda word: (-lessons[word], word))
        known = frozenset(word for word in by_number if lessons[word] >= _KNOWN)
        return cls(known, tuple(word for word in by_number if lessons[word] >= _COMMON and len(word) >= _SHORTEST))

    def put_right(self, word: str) -> str:
        """The word that was meant, or `word` where that is not clear."""
        return word if len(word) < _SHORTEST or word in self.known else self._of.get(word, word)


def _swapped(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def _doubled(word: str) -> Iterable[str]:
    return (word[:at] + word[at] + word[at:] for at in range(len(word)))


def _left_out(word: str) -> Iterable[str]:
    """Never the first letter: "ough" could be anything."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))
