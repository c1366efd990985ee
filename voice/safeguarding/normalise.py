"""A plain copy of what a child wrote, for the screening only. The child's words themselves are never changed.

Disguises and child spelling are undone: invisible letters, lookalike letters, digits for letters, stars, stretched
letters, s p a c e d letters, emoji, text-speak, slips of the fingers. Every step is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from voice.safeguarding.model import SpellingSheet
from voice.safeguarding.signs import Signs
from voice.safeguarding.slips import Slips

SENTENCE_REACH = 25
LONGEST_WORD = 40
"""A longer "word" is not a word; it is kept, but nothing costly is tried on it."""
LONGEST_RUN = 60
"""How many single letters in a row are read as one spaced-out saying."""
LEAST_APART = 3
LONGEST_APART = 14
"""Letters: of a saying that is written apart at least, of a word in it at most."""
MOST_APART = 2_000
"""Single letters of one text that are tried to be read as spaced-out sayings."""
MOST_REPAIRED = 2_500
"""Different strange words of one text that are tried to be put right. An honest text has fewer."""
MOST_WORDS = 20_000
"""Of one text; more are left out."""


@dataclass(frozen=True)
class Plain:
    """Words in small ASCII letters where possible, and the numbers of the words that end a sentence."""

    words: tuple[str, ...]
    ends: frozenset[int] = field(default_factory=frozenset)
    whole: bool = True
    """False when there was more than could be read: such a text is for a person."""

    @cached_property
    def text(self) -> str:
        """The words with one space before, between and after. A word in other letters is an underscore."""
        return " " + "".join(f"{word if word.isascii() else '_'} " for word in self.words)

    @cached_property
    def letters(self) -> bytes:
        """`text` as the patterns read it."""
        return self.text.encode("ascii")

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that are in it."""
        return frozenset(self.words)

    @cached_property
    def _ends(self) -> list[int]:
        return sorted(self.ends)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 1
        for word in self.words:
            starts.append(at)
            at += (len(word) if word.isascii() else 1) + 1
        return starts

    def word_at(self, offset: int) -> int:
        """The number of the word that the character at `offset` of `text` belongs to."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The first and last word of the sentence, or sentences, that the words `first` to `last` stand in.

        Many children write without full stops, so it reaches at most SENTENCE_REACH words to each side.
        """
        before, behind = bisect_left(self._ends, first), bisect_left(self._ends, last)
        start = max(0, first - SENTENCE_REACH, self._ends[before - 1] + 1 if before else 0)
        stop = min(len(self.words) - 1, last + SENTENCE_REACH, self._ends[behind] if behind < len(self._ends) else len(self.words))
        return start, max(last, stop)

    def slice(self, first: int, last: int) -> Plain:
        """The words from `first` up to and with `last`."""
        words = self.words[first : last + 1]
        return Plain(words, frozenset(index for index in range(len(words)) if index + first in self.ends))


def joined(parts: Sequence[Plain]) -> Plain:
    """Several messages as one. Each ends a sentence."""
    words: list[str] = []
    ends: set[int] = set()
    for part in parts:
        ends.update(end + len(words) for end in part.ends)
        words.extend(part.words)
        if words:
            ends.add(len(words) - 1)
    return Plain(tuple(words), frozenset(ends))


@dataclass
class _Work:
    """What was done for one text so far."""

    read: dict[str, tuple[str, ...]] = field(default_factory=dict)
    repaired: int = 0
    apart: int = 0
    whole: bool = True


class Normaliser:
    """Makes plain copies. `vocabulary`: the words that the pattern families know."""

    def __init__(self, spelling: SpellingSheet, vocabulary: Iterable[str] = ()) -> None:
        self._words = {key: tuple(value.split()) for key, value in spelling.words.items()}
        self._signs = Signs(spelling.emoji, spelling.lookalikes, spelling.labels)
        self._leet = str.maketrans(spelling.leet)
        self._units = frozenset(spelling.units)
        self._masked = spelling.masked
        self._no_slips = frozenset(spelling.no_slips)
        self._key_slips = _slips(spelling.key_words)
        self._slips = Slips()
        self.vocabulary = frozenset(vocabulary) | frozenset(spelling.key_words) | frozenset(spelling.masked) | {"i", "a"}

    def putting_right(self, slips: Slips) -> Normaliser:
        """The same, but it also puts right these slips."""
        other = copy(self)
        other._slips = slips
        return other

    def spell(self, word: str) -> tuple[str, ...]:
        """What a word of a pattern stands for."""
        return self._words.get(word) or self._words.get(word.replace("'", "")) or (word.replace("'", ""),)

    def plain(self, text: str) -> Plain:
        """The plain copy of `text`, whatever is in it."""
        raw = self._signs.raw_words(text)
        # only while this text is read: nothing of it is kept
        work = _Work()
        words: list[str] = []
        ends: set[int] = set()
        for tokens, ends_here in self._unspaced(raw.words, raw.breaks, work):
            for token in tokens:
                words.extend(self._read(token, work))
            if ends_here and words:
                ends.add(len(words) - 1)
            if len(words) > MOST_WORDS:
                work.whole = False
                break
        return Plain(tuple(words), frozenset(ends), raw.whole and work.whole)

    def _read(self, token: str, work: _Work) -> tuple[str, ...]:
        """The words one raw word stands for, looked up only once in a text."""
        known = work.read.get(token)
        if known is None:
            known = self._words.get(token)
            if known is None and token in self.vocabulary and token.isalpha():
                known = (token,)
            if known is None:
                work.repaired += 1
                if work.repaired > MOST_REPAIRED:
                    work.whole = False
                    return (token,)
                known = self._known(token)
            work.read[token] = known
        return known

    def _unspaced(self, raw: Sequence[str], breaks: set[int], work: _Work) -> Iterator[tuple[Sequence[str], bool]]:
        """Joins letters that were written apart ("d i e", "k.i.l.l") where they make words we know."""
        at = 0
        while at < len(raw):
            end = at
            while end < len(raw) and len(raw[end]) == 1:
                end += 1
            if end - at < LEAST_APART:
                yield (raw[at],), at in breaks
                at += 1
                continue
            for found, last in self._sayings("".join(raw[at:end]), work):
                yield found, at + last in breaks
            at = end

    def _sayings(self, run: str, work: _Work) -> Iterator[tuple[tuple[str, ...], int]]:
        """Single letters with the sayings among them put together, each with the number of its last letter."""
        letters = run.translate(self._leet)
        tried = min(len(run), max(0, MOST_APART - work.apart)) if len(letters) == len(run) else 0
        work.apart += tried
        work.whole = work.whole and tried == len(run)
        ends = [self._ends_of_words(letters, at) for at in range(tried)]
        at = 0
        while at < len(run):
            length = min(len(ends) - at, LONGEST_RUN)
            # bit n: the first n letters from here on are words we know
            reached = 1
            for step in range(max(0, length)):
                if reached >> step & 1:
                    reached |= ends[at + step] << step
            found = self._segmented(letters[at : at + length]) if length >= LEAST_APART and reached >> length & 1 else None
            last = at + length - 1 if found else at
            yield found or (run[at],), last
            at = last + 1

    def _ends_of_words(self, letters: str, start: int) -> int:
        """Bit n: the n letters from `start` on are a word we know."""
        longest = min(LONGEST_APART, len(letters) - start)
        words = (letters[start : start + length] for length in range(1, longest + 1))
        return sum(1 << length for length, word in enumerate(words, 1) if word in self.vocabulary or word in self._words)

    def _segmented(self, letters: str) -> tuple[str, ...] | None:
        """`letters` cut into the fewest words we know, or None."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - LONGEST_APART), end):
                head, word = best[start], letters[start:end]
                if head is None or (word not in self.vocabulary and word not in self._words):
                    continue
                current = best[end]
                if current is None or len(head) + 1 < len(current):
                    best[end] = (*head, word)
        return best[-1]

    def _known(self, token: str) -> tuple[str, ...]:
        """The words one raw word stands for."""
        bare = token.replace("'", "")
        found = self._words.get(token) or self._words.get(bare)
        if found:
            return found
        if bare.isalpha() and bare in self.vocabulary:
            return (bare,)
        if not bare.isalpha():
            return self._undisguised(bare)
        bare = self._unstretched(bare)
        if bare in self._words:
            return self._words[bare]
        if bare in self.vocabulary or not 4 <= len(bare) <= LONGEST_WORD:
            return (bare,)
        if bare.endswith("in") and f"{bare}g" in self.vocabulary:
            return (f"{bare}g",)
        return (bare,) if bare in self._no_slips else (self._slips.put_right(self._unslipped(bare)),)

    def _undisguised(self, token: str) -> tuple[str, ...]:
        """Words with digits, signs or stars in them."""
        digits = len(token) - len(token.lstrip("0123456789"))
        if token.isdigit():
            return (token,)
        if digits and token[digits:] in self._units:
            return (token[:digits], *self.spell(token[digits:]))
        if "*" in token and len(token) <= LONGEST_WORD:
            for word in self._masked:
                if _fits(token, word):
                    return (word,)
        if token[0] == "@" and token[1:] in self.vocabulary:
            return (token[1:],)
        letters = token.translate(self._leet)
        letters = "".join(char for char in letters if char.isalnum())
        if not letters:
            return ()
        return self._known(letters) if letters.isalpha() else (letters,)

    def _unstretched(self, word: str) -> str:
        """ "killll" → "kill", "diiie" → "die": of the ways to shorten each stretch to two letters or one, one that we know."""
        stretches: list[str] = []
        for char in word:
            if not stretches or stretches[-1][0] != char:
                stretches.append(char)
            elif len(stretches[-1]) < 3:
                stretches[-1] += char
        long = [index for index, stretch in enumerate(stretches) if len(stretch) > 2]
        if not long or len(stretches) > LONGEST_WORD:
            return word
        for choice in range(2 ** min(len(long), 4)):
            doubled = {index for bit, index in enumerate(long) if choice >> bit & 1}
            tried = _shortened(stretches, doubled)
            if tried in self.vocabulary or tried in self._words:
                return tried
        return _shortened(stretches, set())

    def _unslipped(self, word: str) -> str:
        """A long key word with one slip in it, put right."""
        if len(word) < 6:
            return word
        for shorter in (word, *_one_left_out(word)):
            for key in self._key_slips.get(shorter, ()):
                if _one_slip(word, key):
                    return key
        return word


def _shortened(stretches: Sequence[str], doubled: set[int]) -> str:
    """The word with each long stretch cut to one letter, or to two where `doubled` says so."""
    return "".join(
        stretch if len(stretch) < 3 else stretch[:2] if index in doubled else stretch[:1] for index, stretch in enumerate(stretches)
    )


def _one_left_out(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(len(word))]


def _slips(key_words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Each key word, and each with one letter left out → the key words."""
    slips: dict[str, tuple[str, ...]] = {}
    for key in key_words:
        for form in {key, *_one_left_out(key)}:
            slips[form] = (*slips.get(form, ()), key)
    return slips


def _one_slip(word: str, key: str) -> bool:
    """Whether one letter is wrong, missing, added or swapped with its neighbour, the first letter being right."""
    if word[0] != key[0] or abs(len(word) - len(key)) > 1:
        return False
    if len(word) == len(key):
        wrong = [index for index in range(len(key)) if word[index] != key[index]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0]] == key[wrong[1]] and word[wrong[1]] == key[wrong[0]]
        return len(wrong) <= 1 or swapped
    short, long = sorted((word, key), key=len)
    return short in _one_left_out(long)


def _fits(masked: str, word: str) -> bool:
    return len(masked) == len(word) and all(star in ("*", char) for star, char in zip(masked, word, strict=True))
