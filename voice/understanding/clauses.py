"""Where one thought ends and the next begins, for people who write without full stops: "my reviews thursday n i hate my new school"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import Field

from voice.wording import Sheet

_WORD = re.compile(r"\S+")
_ENDS = (".", "!", "?", ";", "…")
_LEAST_WORDS = 3
"""A thought has at least so many words before a new beginning alone can end it."""
_LEAST_BEFORE_COMMA = 2
_MOST = 12
"""Thoughts of one message that are told apart; what follows belongs to the last."""
_MOST_LINKS = 3
"""Linking words that are read as one link: "but then also"."""
_LONGEST_SUBJECT = 3
_ANY = "*"


class ClauseSheet(Sheet):
    """`data/words/clauses.yml`: small letters, without apostrophes."""

    links: tuple[str, ...] = Field(min_length=1)
    """Words that tie two thoughts together ("and", "n", "but")."""
    openers: tuple[str, ...]
    """Words that begin a thought by themselves ("its", "idk")."""
    beginnings: Mapping[str, tuple[str, ...]]
    """First word → second words with which a new thought begins ("i": "hate", "can": "my")."""
    subjects: tuple[str, ...]
    """What begins a thought when one of `verbs` follows ("my mum" + "says"). A star is any one word ("the *")."""
    verbs: tuple[str, ...]
    unfinished: tuple[str, ...]
    """No thought ends with one of these words ("what", "because", "to"), so nothing begins behind it without a link."""
    halves: tuple[str, ...]
    """A thought that starts so ("when", "if") is only half of one until what follows has been said."""


def thoughts(text: str, sheet: ClauseSheet) -> list[tuple[int, int]]:
    """The start and end of every thought of `text`, in characters. Only the words that tie two together stand in none."""
    words = list(_WORD.finditer(text))
    if not words:
        return []
    bare = [re.sub(r"[^\w&+]", "", word.group().lower()) for word in words]
    reader = _Reader(bare, sheet)
    starts, links = [0], {0: 0}
    for at in range(1, len(words)):
        if len(starts) == _MOST:
            break
        before, so_far = words[at - 1].group(), at - starts[-1] - links[starts[-1]]
        if so_far < 1:
            continue
        new_line = "\n" in text[words[at - 1].end() : words[at].start()]
        tied = reader.links_at(at)
        cut = reader.cuts(starts[-1] + links[starts[-1]], at, tied, comma=before.endswith(","))
        if new_line or before.endswith(_ENDS) or cut:
            starts.append(at)
            links[at] = tied if at + tied < len(words) else 0
    ends = [*(start - 1 for start in starts[1:]), len(words) - 1]
    return [(words[start + links[start]].start(), words[end].end()) for start, end in zip(starts, ends, strict=True)]


class _Reader:
    """Looks at the words of one message."""

    def __init__(self, words: Sequence[str], sheet: ClauseSheet) -> None:
        self._words = words
        self._sheet = sheet
        self._links = frozenset(sheet.links)
        self._openers = frozenset(sheet.openers)
        self._subjects = frozenset(sheet.subjects)
        self._verbs = frozenset(sheet.verbs)
        self._unfinished = frozenset(sheet.unfinished)
        self._halves = frozenset(sheet.halves)

    def links_at(self, at: int) -> int:
        """How many linking words stand at `at`."""
        count = 0
        while count < _MOST_LINKS and at + count < len(self._words) and self._words[at + count] in self._links:
            count += 1
        return count

    def cuts(self, start: int, at: int, tied: int, *, comma: bool) -> bool:
        """Whether a new thought begins at `at`, with `tied` linking words, behind one that began at `start`."""
        begins = self._begins(at + tied)
        if tied:
            return begins or (self._does(at + tied) and self._is_whole(start, at))
        if self._words[at - 1] in self._unfinished or (self._words[start] in self._halves and not self._begins(start) and not comma):
            return False
        return (begins or self._does(at)) and at - start >= (_LEAST_BEFORE_COMMA if comma else _LEAST_WORDS)

    def _begins(self, at: int) -> bool:
        first, second = [*self._words[at : at + 2], "", ""][:2]
        return first in self._openers or second in self._sheet.beginnings.get(first, ())

    def _does(self, at: int) -> bool:
        """Whether somebody does something here ("my mum says")."""
        words = [*self._words[at : at + _LONGEST_SUBJECT + 1], ""]
        for length in range(1, len(words)):
            named = " ".join(words[:length]) in self._subjects or " ".join([*words[: length - 1], _ANY]) in self._subjects
            if named and words[length] in self._verbs:
                return True
        return False

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether something is said in these words: "my mum and my dad and my nan are" is all one."""
        return self._begins(start) or any(word in self._verbs for word in self._words[start:end])
