"""Where one sentence ends and the next begins, for people who write without full stops."""

from __future__ import annotations

import unicodedata

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

_LINKS = {"and", "n", "nd", "&", "but", "oh", "plus"}
_NEW_THOUGHT = {"also", "then"}
_LEAST_WORDS = 3
"""A linking word only starts a new sentence when this much was said before it."""


@Language.component("sayso_breaks")
def break_where_children_break(doc: Doc) -> Doc:
    """Adds sentence starts after line breaks, after runs of emoji, and at "and also", "n then" and the like."""
    start = 0
    for index in range(1, len(doc)):
        token, before = doc[index], doc[index - 1]
        if not token.is_sent_start and (
            _ends_a_line(before) or (_is_emoji(before) and not _is_emoji(token)) or _starts_a_thought(doc, index, start)
        ):
            token.is_sent_start = True
        if token.is_sent_start:
            start = index
    return doc


def reading_pipeline() -> Language:
    """A blank English pipeline: spaCy's own tokeniser and sentence splitter, and our breaks. Needs no download."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("sayso_breaks")
    return pipeline


def sentence_spans(doc: Doc) -> list[list[int]]:
    """Start and end (in characters, end not included) of every sentence that holds more than white space."""
    spans = []
    for sentence in doc.sents:
        words = [token for token in sentence if not token.is_space]
        if words:
            spans.append([words[0].idx, words[-1].idx + len(words[-1].text)])
    return spans


def _ends_a_line(token: Token) -> bool:
    return bool(token.is_space) and "\n" in token.text


def _is_emoji(token: Token) -> bool:
    return not token.is_space and all(
        unicodedata.category(character) in ("So", "Sk", "Cf", "Mn") and not character.isascii() for character in token.text
    )


def _starts_a_thought(doc: Doc, index: int, start: int) -> bool:
    if index + 1 >= len(doc) or index - start < _LEAST_WORDS:
        return False
    return doc[index].lower_ in _LINKS and doc[index + 1].lower_ in _NEW_THOUGHT
