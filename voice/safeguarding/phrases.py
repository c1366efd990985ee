"""The little language in which pattern families are written, and its way to RE2.

    word          that word, in any spelling that spelling.yml knows ("dont" is also "do not" and "don't")
    word*         any word that starts so
    (a|b c|d)     one of these
    <slot>        one of the slot's phrases
    x?            x may be missing
    ~  ~5         up to 3 (or 5) other words between
    ^  $          the message starts / ends here

RE2 runs in time linear in the text, whatever a child pastes in, so nothing here can hang (research: length, regex, memory).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

WORD = "[^ ]+ "
"""Any one word. In the text each word is followed by one space, and one space stands before the first."""

Spell = Callable[[str], Sequence[str]]


class PhraseMistake(ValueError):
    """A phrase is not written as the little language wants it."""


@dataclass(frozen=True)
class Source:
    """A phrase as RE2 source, and the words it knows.

    `anchors`: no text without one of these words has the phrase in it ("word*" stands for all that begin so); None when
    there is no telling. They are what makes looking for a thousand phrases quick.
    """

    pattern: str
    words: frozenset[str]
    anchors: frozenset[str] | None


def read_phrase(phrase: str, slots: Mapping[str, Source], spell: Spell) -> Source:
    """One phrase as RE2 source. `spell` turns a word into the words it stands for. Raises PhraseMistake.

    The source begins at a word and ends behind the space after one.
    """
    reader = _Reader(phrase, slots, spell)
    pattern = reader.alternatives()
    if reader.rest():
        raise PhraseMistake(f"'{phrase}': a ')' too many")
    if not reader.told:
        raise PhraseMistake(f"'{phrase}': has no word and no slot in it")
    return Source(pattern, frozenset(reader.words), reader.anchors)


def read_slots(slots: Mapping[str, Sequence[str]], spell: Spell) -> dict[str, Source]:
    """All slots, and `<digits>`, any number in figures.

    Raises PhraseMistake, also for a slot that uses one which does not stand above it.
    """
    sources: dict[str, Source] = {"digits": Source("[0-9]+ ", frozenset(), None)}
    for name, phrases in slots.items():
        read = []
        for phrase in phrases:
            try:
                read.append(read_phrase(phrase, sources, spell))
            except PhraseMistake as mistake:
                raise PhraseMistake(f"slot '{name}': {mistake}") from None
        sources[name] = either(read)
    return sources


def either(sources: Sequence[Source]) -> Source:
    """Any one of several phrases."""
    pattern = "(?:" + "|".join(dict.fromkeys(source.pattern for source in sources)) + ")"
    return Source(pattern, frozenset().union(*(source.words for source in sources)), _any_of([source.anchors for source in sources]))


def anchored(source: Source) -> Source:
    """A phrase with the space before its first word, so that it cannot begin inside a word."""
    return source if source.pattern.startswith("^ ") else replace(source, pattern=" " + source.pattern)


def _any_of(choices: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """What anchors a choice: all that anchors one of its options."""
    known = [anchors for anchors in choices if anchors is not None]
    return frozenset().union(*known) if len(known) == len(choices) else None


def _best_of(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """What anchors a sequence: one of its parts is enough, the one with the fewest and rarest words."""
    known = [anchors for anchors in parts if anchors is not None]
    return min(known, key=lambda anchors: sum(20 if len(anchor) <= _COMMON else 1 for anchor in anchors), default=None)


_COMMON = 4
"""Letters. Words as short as this are in most texts, and so tell little."""


class _Reader:
    """Recursive descent over one phrase."""

    def __init__(self, phrase: str, slots: Mapping[str, Source], spell: Spell) -> None:
        self.phrase = phrase
        self.slots = slots
        self.spell = spell
        self.at = 0
        self.words: set[str] = set()
        self.anchors: frozenset[str] | None = None
        """Of what was read last."""
        self.told = False
        """Whether there is a word or a slot, not only gaps."""

    def rest(self) -> str:
        return self.phrase[self.at :]

    def alternatives(self) -> str:
        options = [self.sequence()]
        anchors = [self.anchors]
        while self.rest().startswith("|"):
            self.at += 1
            options.append(self.sequence())
            anchors.append(self.anchors)
        self.anchors = _any_of(anchors)
        return options[0] if len(options) == 1 else "(?:" + "|".join(options) + ")"

    def sequence(self) -> str:
        parts: list[str] = []
        anchors: list[frozenset[str] | None] = []
        while self.rest() and self.rest()[0] not in "|)":
            if self.rest()[0] == " ":
                self.at += 1
            else:
                self.anchors = None
                parts.append(self.item())
                anchors.append(self.anchors)
        self.anchors = _best_of(anchors)
        if not parts:
            raise PhraseMistake(f"'{self.phrase}': an empty choice; write x? for what may be missing")
        return "".join(parts)

    def item(self) -> str:
        sign = self.rest()[0]
        if sign == "^":
            if self.at:
                raise PhraseMistake(f"'{self.phrase}': '^' may only stand at the start")
            self.at += 1
            return "^ "
        if sign == "$":
            self.at += 1
            return "$"
        if sign == "~":
            return self.gap()
        if sign == "(":
            self.at += 1
            inner = self.alternatives()
            if not self.rest().startswith(")"):
                raise PhraseMistake(f"'{self.phrase}': a '(' is not closed")
            self.at += 1
        elif sign == "<":
            inner = self.slot()
        else:
            inner = self.word()
        if self.rest().startswith("?"):
            self.at += 1
            self.anchors = None
            return f"(?:{inner})?"
        return inner

    def gap(self) -> str:
        self.at += 1
        digits = ""
        while self.rest() and self.rest()[0].isdigit():
            digits += self.rest()[0]
            self.at += 1
        most = int(digits or "3")
        if not 1 <= most <= 8:
            raise PhraseMistake(f"'{self.phrase}': a gap is of 1 to 8 words")
        return f"(?:{WORD}){{0,{most}}}"

    def slot(self) -> str:
        end = self.phrase.find(">", self.at)
        name = self.phrase[self.at + 1 : end]
        if end < 0 or name not in self.slots:
            raise PhraseMistake(f"'{self.phrase}': there is no slot '{name}' above")
        self.at = end + 1
        self.told = True
        self.words |= self.slots[name].words
        self.anchors = self.slots[name].anchors
        return self.slots[name].pattern

    def word(self) -> str:
        start = self.at
        while self.rest() and (self.rest()[0].isalnum() or self.rest()[0] == "'"):
            self.at += 1
        word = self.phrase[start : self.at]
        if not word or word != word.lower() or not word.isascii():
            raise PhraseMistake(f"'{self.phrase}': '{self.rest()[:1] or word}' may not stand there; small letters only")
        self.told = True
        if self.rest().startswith("*"):
            self.at += 1
            self.anchors = frozenset({f"{word}*"})
            return f"{word}[^ ]* "
        spelt = self.spell(word)
        self.anchors = _best_of([frozenset({each}) for each in spelt])
        self.words.update(spelt)
        return "".join(f"{each} " for each in spelt)
