"""Which sentences praise or are glad (tests/wording/cheerful.yml), and the words by which such a sentence is found."""

from __future__ import annotations

import re
from pathlib import Path

from records.reading import read_tree
from tests.wording.test_what_a_child_reads import SENTENCES
from voice.plain_language import bare
from voice.wording import Style

_SORTED = read_tree(Path(__file__).with_name("cheerful.yml"))
CHEERFUL = frozenset(_SORTED["cheerful"])
PLAIN = frozenset(_SORTED["plain"])
_JOY = re.compile(
    r"\b(?:amaz\w*|awesome|best|brav\w*|brill\w*|celebrat\w*|cheer\w*|clever|congrat\w*|cool|delight\w*|enjoy\w*|excellent|excit\w*"
    r"|fab\w*|fantastic|fun|glad|good|great|happ(?:y|ily|iness|ier)|hooray|impress\w*|keep (?:it up|going|swimming)|lovely|love|loving"
    r"|nice\w*|perfect\w*|pleased|proud\w*|smil\w*|strong\w*|super\w*|well done|won|wonderful\w*|wow|yay)\b"
)
_NOT_JUDGED = re.compile(r"\.(?:label|meaning)$")


def has_joy(text: str) -> bool:
    """Whether there is a word in it that praise and joy are made of."""
    return _JOY.search(bare(text)) is not None


def joyful() -> frozenset[str]:
    """Names of all sentences with such a word in either style."""
    return frozenset(where for where, _, text in SENTENCES if has_joy(text) and not _NOT_JUDGED.search(where))


def cheerful_lines(style: Style) -> tuple[str, ...]:
    """Every cheerful sentence in one style."""
    return tuple(text for where, spoken, text in SENTENCES if where in CHEERFUL and spoken is style)
