"""Where one thought ends and the next begins, for people who write without full stops: "my reviews thursday n i hate my new school"."""

from __future__ import annotations

import re

from pydantic import Field

from voice.wording import Sheet

_WORD = re.compile(r"\S+")
_ENDS = (".", "!", "?", ";", "…")
_LEAST_WORDS = 3
"""A thought has at least so many words before a linking word or a new beginning can end it."""
_MOST = 12
"""Thoughts of one message that are told apart; what follows belongs to the last."""


class ClauseSheet(Sheet):
    """`data/words/clauses.yml`: small letters, without apostrophes."""

    links: tuple[str, ...] = Field(min_length=1)
    """Words that tie two thoughts together ("and", "n", "but")."""
    beginnings: tuple[str, ...] = Field(min_length=1)
    """Words with which a new thought begins ("can my", "i hate")."""


def thoughts(text: str, sheet: ClauseSheet) -> list[tuple[int, int]]:
    """The start and end of every thought of `text`, in characters; together they hold every word of it."""
    words = list(_WORD.finditer(text))
    bare = [re.sub(r"[^\w]", "", word.group().lower()) for word in words]
    links, beginnings = frozenset(sheet.links), frozenset(sheet.beginnings)
    starts = [0] if words else []
    for at in range(1, len(words)):
        if len(starts) == _MOST:
            break
        before, so_far = words[at - 1].group(), at - starts[-1]
        new_line = "\n" in text[words[at - 1].end() : words[at].start()]
        begins = " ".join(bare[at : at + 2]) in beginnings
        tied = bare[at] in links and (" ".join(bare[at + 1 : at + 3]) in beginnings)
        after_link = bare[at - 1] in links
        if new_line or before.endswith(_ENDS) or (so_far >= _LEAST_WORDS and (tied or (begins and not after_link))):
            starts.append(at)
    ends = [*(start - 1 for start in starts[1:]), len(words) - 1]
    return [(words[start].start(), words[end].end()) for start, end in zip(starts, ends, strict=True)]
