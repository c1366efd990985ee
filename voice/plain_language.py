"""How plain a text is: reading age, length of sentences, ideas in a paragraph, words that hurt.

Pure measures. The reading age is the median of three formulas made for whole pages, so on one line it is a rough
guide; it catches the hard line among easy ones and does not replace reading aloud with children (research: field 5c).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from voice.wording import Style

READING_AGE: Mapping[Style, float] = {Style.standard: 9.0, Style.easy: 7.0}
"""Highest reading age in years (research: safety 1.7)."""
WORDS_IN_A_SENTENCE: Mapping[Style, int] = {Style.standard: 18, Style.easy: 12}
IDEAS_IN_A_PARAGRAPH = 2
PARAGRAPHS = 2
"""Parted by a blank line; each becomes a bubble of its own, and two in a row are enough."""

_AGE_AT_GRADE_0 = 5.0
_YOUNGEST = 5.0
_SHORT = 6
"""Words. In a label the formulas measure nothing; there it is each word that must not be too long."""
_BEATS = 3
"""Syllables of the longest word that may stand in a label."""
_NOT_AN_IDEA = 3
"""Words. "Thank you." and "Hi." are manners, not something to be understood."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_INSIDE = re.compile(r"(?<=[aeiouy][^aeiouy])e(?=(?:ly|ful|less|ment|thing|times?|one|body|where|how|side|work)$)")
"""The e of "safely", "something" and their like."""

Kind = Literal["reading_age", "hard_word", "long_sentence", "ideas", "paragraphs", "avoided_word"]


@dataclass(frozen=True)
class Finding:
    """One thing in a text that could be plainer or kinder. `detail` says what was measured, `where` quotes the place."""

    kind: Kind
    detail: str
    where: str


def bare(text: str) -> str:
    """`text` in small letters, without punctuation or emoji, words parted by single spaces.

    Apostrophes vanish without a gap ("don't" → "dont"), because children leave them out.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"['’‘`´]", "", folded)
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded).split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text. A new line ends one too; the dot in "9.30" does not."""
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def words(text: str) -> tuple[str, ...]:
    """The words of a text; "don't" and "grown-up" are one each, a number is one."""
    return tuple(_WORD.findall(text))


def syllables(word: str) -> int:
    """An estimate: groups of vowels, without silent ones. A number counts as one, as it is read at a glance."""
    lower = _SILENT_INSIDE.sub("", re.sub(r"[^a-z]", "", word.casefold()))
    if not lower:
        return 1
    count = len(_VOWELS.findall(lower))
    silent_e = lower.endswith("e") and not lower.endswith(("le", "ee", "ye")) and count > 1
    silent_ed = lower.endswith("ed") and not lower.endswith(("ted", "ded", "eed")) and count > 1
    silent_es = lower.endswith("es") and not lower.endswith(("ses", "zes", "xes", "ches", "shes", "ces", "ges", "ies")) and count > 1
    return max(1, count - (silent_e or silent_ed or silent_es))


def reading_age(text: str, known: Collection[str] = ()) -> float:
    """The age in years at which a text can be read, 5 at the least: the median of Flesch-Kincaid, the automated
    readability index and Gunning fog.

    `known` are hard words and phrases, bare, that these readers meet all the time ("social worker"): each counts as one
    short word.
    """
    plain = _with_known_words_short(text, known)
    parts = [words(sentence) for sentence in sentences(plain)]
    spoken = [word for part in parts for word in part]
    if not spoken:
        return _YOUNGEST
    long = len(spoken) / len([part for part in parts if part])
    beats = [syllables(word) for word in spoken]
    letters = sum(len(word) for word in spoken)
    flesch_kincaid = 0.39 * long + 11.8 * sum(beats) / len(spoken) - 15.59
    automated = 4.71 * letters / len(spoken) + 0.5 * long - 21.43
    fog = 0.4 * (long + 100 * sum(beat > 2 for beat in beats) / len(spoken))
    return max(_YOUNGEST, median((flesch_kincaid, automated, fog)) + _AGE_AT_GRADE_0)


def findings(text: str, style: Style, avoid: Mapping[str, str], known: Collection[str] = ()) -> tuple[Finding, ...]:
    """What in `text` is too hard for `style`, or unkind.

    `avoid` maps words and phrases, bare, to what we say instead; the plural is meant too. An empty tuple: all is well.
    """
    found = [*_too_hard(text, style, known)]
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > WORDS_IN_A_SENTENCE[style]:
            found.append(Finding("long_sentence", f"{count} words, at most {WORDS_IN_A_SENTENCE[style]}", sentence))
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    if len(paragraphs) > PARAGRAPHS:
        found.append(Finding("paragraphs", f"{len(paragraphs)}, at most {PARAGRAPHS}", text))
    for paragraph in paragraphs:
        ideas = sum(len(words(sentence)) > _NOT_AN_IDEA for sentence in sentences(paragraph))
        if ideas > IDEAS_IN_A_PARAGRAPH:
            found.append(Finding("ideas", f"{ideas}, at most {IDEAS_IN_A_PARAGRAPH}", paragraph))
    spoken = f" {bare(text)} "
    for phrase, instead in avoid.items():
        if f" {phrase} " in spoken or f" {phrase}s " in spoken:
            found.append(Finding("avoided_word", f"'{phrase}'; say: {instead}", text))
    return tuple(found)


def has_emoji(text: str) -> bool:
    """Whether a text has an emoji or another pictograph in it."""
    return any(unicodedata.category(letter) == "So" for letter in text)


def _too_hard(text: str, style: Style, known: Collection[str]) -> Iterator[Finding]:
    spoken = words(_with_known_words_short(text, known))
    if len(spoken) < _SHORT:
        for word in spoken:
            if syllables(word) > _BEATS:
                yield Finding("hard_word", f"{syllables(word)} syllables, at most {_BEATS}", word)
        return
    age = reading_age(text, known)
    if age > READING_AGE[style]:
        yield Finding("reading_age", f"{age:.1f} years, at most {READING_AGE[style]:.0f}", text)


def _with_known_words_short(text: str, known: Collection[str]) -> str:
    for phrase in sorted(known, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(phrase)}s?\b", "word", text, flags=re.IGNORECASE)
    return text
