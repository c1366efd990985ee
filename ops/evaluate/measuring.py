"""Counts how often the right thing was said of each line of a set."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ops.evaluate.disguises import DISGUISES
from ops.evaluate.sets import Set
from voice.safeguarding.model import Level, Severity
from voice.safeguarding.screen import Screen
from voice.understanding.ear import Thresholds
from voice.understanding.lessons import STANCES, Lesson


@dataclass(frozen=True)
class Said:
    """What a reader says of one text."""

    level: Level
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    stance: str
    chance: float | None = None
    """Of harm, where the reader gives one."""


class Reads(Protocol):
    """Something that can be measured."""

    def read(self, texts: Sequence[str]) -> list[Said]:
        """What it says of each text."""


class SaysoReads:
    """Sayso as it screens and understands at the door."""

    def __init__(self, screen: Screen, at: Thresholds) -> None:
        self._screen = screen
        self._at = at

    def read(self, texts: Sequence[str]) -> list[Said]:
        """In chunks, as `sayso screen` does."""
        said = []
        for start in range(0, len(texts), 64):
            for attended in self._screen.attend_all(texts[start : start + 64]):
                found, heard = attended.screening, attended.listened
                said.append(
                    Said(
                        found.level,
                        found.categories,
                        heard.whole.topics(self._at) if heard else ("other",),
                        heard.whole.stance(self._at) if heard else "statement",
                        max(one.chances["harm"] for one in (heard.whole, *heard.pieces)) if heard else None,
                    )
                )
        return said


@dataclass
class Share:
    """How many of how many."""

    yes: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """One more."""
        self.yes += right
        self.of += 1

    @property
    def value(self) -> float:
        """Between 0 and 1."""
        return self.yes / self.of if self.of else 0.0


def _shares() -> defaultdict[str, Share]:
    return defaultdict(Share)


@dataclass
class Figures:
    """Everything that was counted on one part."""

    flagged: Mapping[str, Share] = field(default_factory=_shares)
    """By severity: flagged at all."""
    urgent: Mapping[str, Share] = field(default_factory=_shares)
    by_category: Mapping[str, Share] = field(default_factory=_shares)
    named: Mapping[str, Share] = field(default_factory=_shares)
    """By category: flagged with this very category."""
    by_writing: Mapping[str, Share] = field(default_factory=_shares)
    """Of S1 and S2, by how it is written."""
    false_flags: Mapping[str, Share] = field(default_factory=_shares)
    """look-alikes, everyday, all: flagged though harmless."""
    false_urgent: Mapping[str, Share] = field(default_factory=_shares)
    topics: Counter[str] = field(default_factory=Counter)
    """right, missing, wrong."""
    stances: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(meant, said)."""
    chances: list[tuple[float, bool]] = field(default_factory=list)
    """What the reader's chance of harm was, and whether there was harm."""
    seconds: float = 0.0
    lines: int = 0

    @property
    def topic_f1(self) -> float:
        """Micro-averaged over all topics."""
        right = 2 * self.topics["right"]
        return right / max(1, right + self.topics["missing"] + self.topics["wrong"])

    @property
    def stance_accuracy(self) -> float:
        """Share of everyday lines whose stance is right."""
        return sum(count for (meant, said), count in self.stances.items() if meant == said) / max(1, sum(self.stances.values()))


def measure(reader: Reads, part: Set) -> Figures:
    """Reads a whole part and counts."""
    figures = Figures()
    started = time.process_time()
    groups = {name: (lessons, reader.read([lesson.text for lesson in lessons])) for name, lessons in _groups(part).items()}
    figures.seconds, figures.lines = time.process_time() - started, sum(len(lessons) for lessons, _ in groups.values())
    for lesson, said in zip(*groups["disclosures"], strict=True):
        _count_disclosure(figures, lesson, said)
    for name in ("look-alikes", "everyday"):
        for lesson, said in zip(*groups[name], strict=True):
            if lesson.harm is False:
                for kind in (name, "all"):
                    figures.false_flags[kind].count(said.level is not Level.none)
                    figures.false_urgent[kind].count(said.level is Level.urgent)
                _note_chance(figures, said, harm=False)
    for lesson, said in zip(*groups["everyday"], strict=True):
        meant, heard = set(lesson.topics or ()), set(said.topics)
        figures.topics.update(right=len(meant & heard), missing=len(meant - heard), wrong=len(heard - meant))
        figures.stances[(str(lesson.stance), said.stance)] += 1
    return figures


def under_disguise(reader: Reads, part: Set, severity: Severity) -> dict[str, float]:
    """Share of the part's lines of this severity that are flagged, plain and under each of the twelve disguises."""
    texts = [lesson.text for lesson in part.disclosures if lesson.severity is severity]
    plain: Callable[[str], str] = str
    ways = {"plain": plain, **DISGUISES}
    return {name: _flagged(reader.read([disguise(text) for text in texts])) for name, disguise in ways.items()}


def confusion(figures: Figures) -> list[list[int]]:
    """Stances: a row for what was meant, a column for what was said, in the order of STANCES."""
    return [[figures.stances[(meant, said)] for said in STANCES] for meant in STANCES]


def _groups(part: Set) -> dict[str, tuple[Lesson, ...]]:
    return {"disclosures": part.disclosures, "look-alikes": part.look_alikes, "everyday": part.everyday}


def _flagged(said: Iterable[Said]) -> float:
    levels = [one.level is not Level.none for one in said]
    return sum(levels) / max(1, len(levels))


def _count_disclosure(figures: Figures, lesson: Lesson, said: Said) -> None:
    severity, category = str(lesson.severity.value if lesson.severity else ""), lesson.categories[0]
    flagged = said.level is not Level.none
    figures.flagged[severity].count(flagged)
    figures.urgent[severity].count(said.level is Level.urgent)
    figures.by_category[category].count(flagged)
    figures.named[category].count(category in said.categories)
    if lesson.serious:
        figures.by_writing[str(lesson.style)].count(flagged)
    _note_chance(figures, said, harm=True)


def _note_chance(figures: Figures, said: Said, *, harm: bool) -> None:
    if said.chance is not None:
        figures.chances.append((said.chance, harm))
