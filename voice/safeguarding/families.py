"""Pattern families made ready to match: phrases and slots become RE2 patterns, once, when the data is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from voice.safeguarding.model import (
    CategorySheet,
    FamilySheet,
    FigurativeSheet,
    LanguagesSheet,
    ModifiersSheet,
    RolesSheet,
    Severity,
    SlotsSheet,
    SpellingSheet,
)
from voice.safeguarding.normalise import Normaliser, Plain
from voice.safeguarding.phrases import PhraseMistake, Source, anchored, either, read_phrase, read_slots

NEGATIONS = frozenset({"not", "never", "no", "nobody", "nothing", "none", "without"})
"""A phrase with one of these says its own no ("i do not want to be here"), so a no inside it softens nothing."""

MOST_MATCHES = 12
"""Of one family in one window. More of the same adds nothing, and bounds the work."""
MOST_LOOKS = 4 * MOST_MATCHES
"""The same with what is spared."""


class FamilyMistake(ValueError):
    """A phrase that cannot be read. `file` is a name in data/screening, `path` the keys that lead to it, `reason` plain words."""

    def __init__(self, file: str, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class Sheets:
    """All files of `data/screening/`, read but not yet made ready."""

    slots: SlotsSheet
    spelling: SpellingSheet
    modifiers: ModifiersSheet
    figurative: FigurativeSheet
    roles: RolesSheet
    languages: LanguagesSheet
    categories: Mapping[str, CategorySheet]
    """By file name without ".yml"."""


@dataclass(frozen=True)
class Span:
    """Words `first` to `last` of a plain text."""

    first: int
    last: int

    def overlaps(self, other: Span) -> bool:
        """Whether they share a word."""
        return self.first <= other.last and other.first <= self.last


class Pattern:
    """Several phrases as one RE2 pattern over plain text."""

    def __init__(self, source: Source) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.never_capture = True
        options.max_mem = 64 << 20
        self.words = source.words
        self.anchors = source.anchors
        self._compiled: Any = re2.compile(source.pattern.encode("ascii"), options)

    def spans(self, plain: Plain, spared: Callable[[], Sequence[Span]] = tuple) -> Iterator[Span]:
        """Where it matches, from left to right, at most MOST_MATCHES times, but where it overlaps what is spared.

        `spared` is only asked for when there is a match.
        """
        text = plain.letters
        at = found = 0
        for _ in range(MOST_LOOKS):
            match = self._compiled.search(text, at) if found < MOST_MATCHES else None
            if match is None:
                return
            start, end = match.span()
            span = Span(plain.word_at(start + 1), plain.word_at(end - 1))
            if any(span.overlaps(other) for other in spared()):
                # what is harmless must not hide what begins inside it
                at = text.index(b" ", start + 1)
                continue
            found += 1
            yield span
            # the space behind this match is the one before the next
            at = end - 1

    def spans_in_sentences(self, plain: Plain) -> tuple[Span, ...]:
        """The same, but none that goes on into the next sentence."""
        return tuple(span for span in self.spans(plain) if not any(span.first <= end < span.last for end in plain.ends))

    def found(self, plain: Plain) -> bool:
        """Whether it matches anywhere."""
        return self._compiled.search(plain.letters) is not None


@dataclass(frozen=True)
class Family:
    """One pattern family, ready."""

    name: str
    category: str
    harm: bool
    severity: Severity
    now: Severity | None
    idioms: bool
    accuses: bool
    question: Pattern | None
    plain: Pattern | None
    """The phrases that a no before or inside softens."""
    negated: Pattern | None
    """The phrases that say their own no."""
    unless: Pattern | None


class Index:
    """Which families may match a text, by the words a match must have: spares most texts most searches."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._always: set[int] = set()
        self._by_word: dict[str, set[int]] = {}
        self._by_beginning: dict[str, set[int]] = {}
        for number, family in enumerate(families):
            for pattern in (family.plain, family.negated):
                if pattern and pattern.anchors is None:
                    self._always.add(number)
                for anchor in pattern.anchors or () if pattern else ():
                    by = self._by_beginning if anchor.endswith("*") else self._by_word
                    by.setdefault(anchor.rstrip("*"), set()).add(number)

    def candidates(self, plain: Plain) -> list[int]:
        """The numbers of the families to search for, in their order."""
        found = set(self._always)
        for word in plain.vocabulary:
            found |= self._by_word.get(word, _NONE)
            for beginning, numbers in self._by_beginning.items():
                if word.startswith(beginning):
                    found |= numbers
        return sorted(found)


_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Modifier:
    """One way to soften, ready."""

    name: str
    floor: Severity
    before: bool
    reach: int
    not_for: tuple[str, ...]
    cues: Pattern
    unless: Pattern | None


@dataclass(frozen=True)
class Families:
    """Everything the screening knows."""

    families: tuple[Family, ...]
    index: Index
    modifiers: tuple[Modifier, ...]
    now: Pattern
    idioms: Pattern
    roles: Mapping[str, Pattern]
    told: Pattern
    english: frozenset[str]
    others: frozenset[str]
    normaliser: Normaliser


def compile_families(sheets: Sheets) -> Families:
    """Makes the sheets ready. Raises FamilyMistake for a phrase that cannot be read."""
    bare = Normaliser(sheets.spelling)
    try:
        slots = read_slots(sheets.slots.root, bare.spell)
    except PhraseMistake as mistake:
        raise FamilyMistake("slots", (), str(mistake)) from None
    reader = _Phrases(slots, bare)
    families = tuple(
        _family(reader, file, sheet, index, family)
        for file, sheet in sheets.categories.items()
        for index, family in enumerate(sheet.families)
    )
    modifiers = tuple(
        Modifier(
            name=sheet.name,
            floor=sheet.floor,
            before=sheet.where == "before",
            reach=sheet.reach,
            not_for=sheet.not_for,
            cues=reader.pattern("modifiers", ("modifiers", index, "cues"), sheet.cues),
            unless=reader.maybe("modifiers", ("modifiers", index, "unless"), sheet.unless),
        )
        for index, sheet in enumerate(sheets.modifiers.modifiers)
    )
    now = reader.pattern("modifiers", ("now",), sheets.modifiers.now)
    idioms = reader.pattern("figurative", ("idioms",), sheets.figurative.idioms)
    roles: dict[str, Pattern] = {role: reader.pattern("roles", ("roles", role), phrases) for role, phrases in sheets.roles.roles.items()}
    told = reader.pattern("roles", ("told",), sheets.roles.told)
    return Families(
        families=families,
        index=Index(families),
        modifiers=modifiers,
        now=now,
        idioms=idioms,
        roles=roles,
        told=told,
        english=frozenset(sheets.languages.english),
        others=frozenset(word for words in sheets.languages.others.values() for word in words),
        normaliser=Normaliser(sheets.spelling, reader.vocabulary),
    )


class _Phrases:
    """Reads phrases, says where a bad one stands, and remembers every word."""

    def __init__(self, slots: Mapping[str, Source], normaliser: Normaliser) -> None:
        self._slots = slots
        self._normaliser = normaliser
        self.vocabulary: set[str] = set()

    def read(self, file: str, path: tuple[str | int, ...], phrases: Sequence[str]) -> list[Source]:
        sources = []
        for index, phrase in enumerate(phrases):
            try:
                sources.append(anchored(read_phrase(phrase, self._slots, self._normaliser.spell)))
            except PhraseMistake as mistake:
                raise FamilyMistake(file, (*path, index), str(mistake)) from None
        for source in sources:
            self.vocabulary |= source.words
        return sources

    def pattern(self, file: str, path: tuple[str | int, ...], phrases: Sequence[str]) -> Pattern:
        return Pattern(either(self.read(file, path, phrases)))

    def maybe(self, file: str, path: tuple[str | int, ...], phrases: Sequence[str]) -> Pattern | None:
        return self.pattern(file, path, phrases) if phrases else None


def _family(reader: _Phrases, file: str, sheet: CategorySheet, index: int, family: FamilySheet) -> Family:
    path: tuple[str | int, ...] = ("families", index)
    sources = reader.read(file, (*path, "phrases"), family.phrases)
    plain = [source for source in sources if not source.words & NEGATIONS]
    negated = [source for source in sources if source.words & NEGATIONS]
    return Family(
        name=f"{sheet.category}.{family.name}",
        category=sheet.category,
        harm=sheet.harm,
        severity=family.severity,
        now=family.now,
        idioms=family.idioms,
        accuses=family.accuses,
        question=reader.maybe(file, (*path, "question"), family.question),
        plain=Pattern(either(plain)) if plain else None,
        negated=Pattern(either(negated)) if negated else None,
        unless=reader.maybe(file, (*path, "unless"), family.unless),
    )
