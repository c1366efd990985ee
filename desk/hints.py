"""Hints for a worker's reply: words young people asked us not to use, and what is hard to read. They never block."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from records.library import load_avoided
from voice.plain_language import READING_AGE, WORDS_IN_A_SENTENCE, bare, reading_age, sentences, words
from voice.wording import Style

_AGE_NEEDS_WORDS = 12
"""Of a shorter text a reading age says nothing."""


@dataclass(frozen=True)
class Hint:
    """`about` and `better`: a word and what to say instead, a long sentence and its number of words, or the reading age."""

    kind: Literal["word", "sentence", "age"]
    about: str
    better: str


def hints_for(root: Path, text: str) -> tuple[Hint, ...]:
    """What in a reply could be kinder or plainer, with the words of `root/data/words/avoid.yml`."""
    spoken = f" {bare(text)} "
    avoided = {phrase: instead for phrase, instead in load_avoided(root).items() if f" {phrase} " in spoken or f" {phrase}s " in spoken}
    # "contact centre" says it already, "contact" would say it twice
    longest = [phrase for phrase in avoided if not any(phrase != other and phrase in other.split() for other in avoided)]
    found = [Hint("word", phrase, avoided[phrase]) for phrase in longest]
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > WORDS_IN_A_SENTENCE[Style.standard]:
            found.append(Hint("sentence", sentence, str(count)))
    age = reading_age(text)
    if len(words(text)) >= _AGE_NEEDS_WORDS and age > READING_AGE[Style.standard]:
        found.append(Hint("age", f"{age:.0f}", f"{READING_AGE[Style.standard]:.0f}"))
    return tuple(found)
