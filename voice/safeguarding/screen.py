"""Screens what a young person wrote: pattern families, and an ear that can only raise what they found.

In-process, linear in the text, and it never raises an error.

A fault, or a text it cannot read, is itself a reason for a person to look (research: detector failure = flag).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

from voice.safeguarding.accused import Named
from voice.safeguarding.alarm import HARMS, Alarm, heard_alarm
from voice.safeguarding.families import MOST_MATCHES, Families, Family, Pattern, Span
from voice.safeguarding.language import unreadable
from voice.safeguarding.model import TRUSTED_ROLES, Category, Level, Severity
from voice.safeguarding.modifiers import Around
from voice.safeguarding.normalise import Normaliser, Plain, joined
from voice.understanding.ear import Ear
from voice.understanding.listening import Listened, listen, listen_to_all
from voice.understanding.understood import Understood, understand

__all__ = ["Level", "Screen", "Screening", "Severity", "raised"]

WINDOW = 600
OVERLAP = 60
"""Words. A long text is screened in windows, so that the work for each match stays bounded."""
LONG = 3_000
LONG_WINDOW = 2_000
"""Words. A very long text is screened in larger windows: every search has its price."""
MOST_SOFTENED = 36
"""Of one family in a whole text, the softened ones too. MOST_MATCHES that nothing softens are enough to know."""

EARLIER_MESSAGES = 5
EARLIER_WORDS = 60
"""How much of what was said before is read again with a new message."""

CATEGORIES: tuple[str, ...] = get_args(Category)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Screening:
    """What the screening says of one message.

    `about`: the roles the words accuse. `softened`: the strongest match was softened by the words around it.
    `unscreened`: why it could not be read (fault, other_script, not_english, too_much); the level is then at least check.
    """

    level: Level
    severity: Severity | None
    categories: tuple[str, ...]
    families: tuple[str, ...]
    about: tuple[str, ...]
    softened: bool
    unscreened: str | None


@dataclass(frozen=True)
class Match:
    """One family found in one text."""

    family: Family
    span: Span
    severity: Severity
    softened: bool
    where: Plain


@dataclass(frozen=True)
class Attended:
    """A message's screening, and what was heard in it; None where nothing listens, or it failed."""

    screening: Screening
    listened: Listened | None


class Screen:
    """Screens messages with the pattern families it is given."""

    def __init__(self, families: Families, ear: Ear | None = None) -> None:
        """Without an `ear` the pattern families work alone (that is how they are tested)."""
        self._families = families
        self._ear = ear

    @cached_property
    def normaliser(self) -> Normaliser:
        """What makes the plain copy that is screened."""
        own = self._families.normaliser
        return own.putting_right(self._ear.slips) if self._ear else own

    @property
    def listens(self) -> bool:
        """Whether it has an ear."""
        return self._ear is not None

    def plain(self, text: str) -> Plain:
        """The plain copy that is screened."""
        return self.normaliser.plain(text)

    def screen(self, text: str, *, before: Sequence[str] = (), question: str | None = None) -> Screening:
        """Screens one message.

        `before`: the young person's messages just before it, oldest first, for what is told in pieces.
        `question`: the question it answers. Never raises; never takes more than linear time.
        """
        return self.attend(text, before=before, question=question).screening

    def attend(self, text: str, *, before: Sequence[str] = (), question: str | None = None) -> Attended:
        """Screens one message and keeps what was heard in it besides. Never raises."""
        try:
            plain, earlier = self.plain(text), self._earlier(before)
            matches = self._found(plain, earlier, question)
            listened = listen(self._ear, plain, earlier, closely=not _urgent(matches)) if self._ear else None
            return Attended(self._concluded(text, plain, earlier, matches, listened), listened)
        except Exception as fault:
            return _failed(fault)

    def attend_all(self, texts: Sequence[str]) -> list[Attended]:
        """The same for many messages without any context; much faster than one by one."""
        try:
            plains = [self.plain(text) for text in texts]
            nothing = Plain(())
            found = [self._found(plain, nothing, None) for plain in plains]
            closely = [not _urgent(matches) for matches in found]
            listened = listen_to_all(self._ear, plains, closely) if self._ear else [None] * len(plains)
            return [
                Attended(self._concluded(text, plain, nothing, matches, one), one)
                for text, plain, matches, one in zip(texts, plains, found, listened, strict=True)
            ]
        except Exception:
            # one of them is at fault: the others are not to suffer for it
            return [self.attend(text) for text in texts]

    def understand(self, text: str, attended: Attended, spans: Sequence[tuple[int, int]]) -> Understood | None:
        """Topics and stance of a message that was attended to; None when nothing listens. `spans` are its thoughts."""
        if self._ear is None or attended.listened is None:
            return None
        return understand(self._ear, self.plain, text, attended.listened.whole, spans)

    def _earlier(self, before: Sequence[str]) -> Plain:
        earlier = joined([self.plain(message) for message in before[-EARLIER_MESSAGES:]])
        return earlier.slice(max(0, len(earlier.words) - EARLIER_WORDS), len(earlier.words) - 1)

    def _found(self, plain: Plain, earlier: Plain, question: str | None) -> list[Match]:
        """What the pattern families find."""
        matches = self._in_windows(plain, self.normaliser.plain(question) if question else None)
        return matches + self._told_in_pieces(earlier, plain) if earlier.words and plain.words else matches

    def _concluded(self, text: str, plain: Plain, earlier: Plain, matches: Sequence[Match], listened: Listened | None) -> Screening:
        accused = self._accused(matches, plain)
        if any(match.family.accuses for match in matches) and not accused and earlier.words:
            accused = Named.of(earlier, self._families).accused_by(None)
        found = _result(matches, accused, unreadable(text, plain, self._families))
        alarm = heard_alarm(listened, self._ear.thresholds, beside=bool(found.families)) if listened and self._ear else None
        return self._raised_by(alarm, found, plain) if alarm else found

    def _raised_by(self, alarm: Alarm, found: Screening, plain: Plain) -> Screening:
        """What the families found, raised by what the ear heard: it adds, and takes nothing away."""
        severity = min(filter(None, (found.severity, alarm.severity)), key=lambda each: each.value)
        accused = Named.of(plain, self._families).accused_by(None) if not found.families and HARMS & set(alarm.categories) else ()
        about = tuple(dict.fromkeys((*found.about, *accused)))
        categories = tuple(dict.fromkeys((*found.categories, *alarm.categories)))
        if accused and "allegation" not in categories and any(role in TRUSTED_ROLES for role in about):
            categories = (*categories, "allegation")
        return replace(
            found,
            level=max(found.level, severity.level, key=lambda level: level.rank),
            severity=severity,
            categories=categories,
            families=(*found.families, *(f"ear.{category}" for category in alarm.categories)),
            about=about,
            softened=found.softened and severity is found.severity,
        )

    def _in_windows(self, plain: Plain, asked: Plain | None) -> list[Match]:
        """Every family's matches; of a family that was found often enough no more are looked for."""
        matches: list[Match] = []
        found: Counter[str] = Counter()
        clear: Counter[str] = Counter()
        for window in _windows(plain):
            enough = {name for name in found if clear[name] >= MOST_MATCHES or found[name] >= MOST_SOFTENED}
            here = list(self._matches(window, asked, enough))
            found.update(match.family.name for match in here)
            clear.update(match.family.name for match in here if not match.softened)
            matches += here
        return matches

    def _accused(self, matches: Sequence[Match], plain: Plain) -> tuple[str, ...]:
        """The roles that the matches speak of. In a very long text not every match is known, so there it is all roles."""
        if len(plain.words) > LONG and any(match.family.accuses for match in matches):
            roles = (role for window in _windows(plain) for role in Named.of(window, self._families).accused_by(None))
            return tuple(dict.fromkeys(roles))
        named: dict[int, Named] = {}
        accused: list[str] = []
        for match in matches:
            if match.family.accuses:
                if id(match.where) not in named:
                    named[id(match.where)] = Named.of(match.where, self._families)
                accused += named[id(match.where)].accused_by(match.span)
        return tuple(dict.fromkeys(accused))

    def _matches(self, plain: Plain, asked: Plain | None, enough: Collection[str] = ()) -> Iterator[Match]:
        """The matches in one window of every family but those named in `enough`."""
        around: Around | None = None
        idioms = _Spans(self._families.idioms, plain)
        for family in (self._families.families[number] for number in self._families.index.candidates(plain)):
            if family.name in enough or (family.question is not None and (asked is None or not family.question.found(asked))):
                continue
            spared = _Spans(family.unless, plain, idioms if family.idioms else None)
            for pattern, own_no in ((family.plain, False), (family.negated, True)):
                for span in pattern.spans(plain, spared) if pattern else ():
                    around = around or Around.of(plain, self._families.modifiers, self._families.now)
                    severity, softened = around.weigh(family, span, own_no)
                    yield Match(family, span, severity, softened, plain)

    def _told_in_pieces(self, earlier: Plain, plain: Plain) -> list[Match]:
        """Matches that begin in an earlier message and end in this one."""
        opening = plain.slice(0, EARLIER_WORDS - 1)
        together = joined([earlier, opening])
        border = len(earlier.words)
        return [match for match in self._matches(together, None) if match.span.first < border <= match.span.last]


def raised(screening: Screening, level: Level) -> Screening:
    """The screening after a button said `level`. A button may raise, never lower."""
    if level.rank <= screening.level.rank:
        return screening
    severity = Severity.S2 if level is Level.urgent else Severity.S3
    return replace(screening, level=level, severity=severity)


class _Spans:
    """Where words mean something harmless, looked for once, and only when asked. A harmless word in the next sentence spares nothing."""

    __slots__ = ("_beside", "_found", "_pattern", "_plain")

    def __init__(self, pattern: Pattern | None, plain: Plain, beside: _Spans | None = None) -> None:
        self._pattern = pattern
        self._plain = plain
        self._beside = beside
        self._found: tuple[Span, ...] | None = None

    def __call__(self) -> tuple[Span, ...]:
        if self._found is None:
            own = self._pattern.spans_in_sentences(self._plain) if self._pattern else ()
            self._found = own + self._beside() if self._beside else own
        return self._found


def _urgent(matches: Sequence[Match]) -> bool:
    """Then listening more closely could not raise the level any more."""
    return any(match.severity.level is Level.urgent for match in matches)


def _failed(fault: Exception) -> Attended:
    # only the kind of fault: its message could hold the child's words
    log.error("screening failed: %s", type(fault).__name__)
    return Attended(_result((), (), "fault"), None)


def _windows(plain: Plain) -> Iterator[Plain]:
    if len(plain.words) <= WINDOW:
        yield plain
        return
    size = LONG_WINDOW if len(plain.words) > LONG else WINDOW
    for first in range(0, len(plain.words), size - OVERLAP):
        yield plain.slice(first, first + size - 1)


def _result(matches: Sequence[Match], accused: Sequence[str], unscreened: str | None) -> Screening:
    if not matches:
        level = Level.check if unscreened else Level.none
        return Screening(level, None, (), (), (), False, unscreened)
    severity = min((match.severity for match in matches), key=lambda each: each.value)
    strongest = [match for match in matches if match.severity is severity]
    worst: dict[str, str] = {}
    for match in matches:
        worst[match.family.category] = min(worst.get(match.family.category, "S9"), match.severity.value)
    about = tuple(dict.fromkeys(accused))
    harmed = [match.severity.value for match in matches if match.family.harm]
    if harmed and any(role in TRUSTED_ROLES for role in about):
        worst["allegation"] = min(worst.get("allegation", "S9"), *harmed)
    return Screening(
        level=severity.level,
        severity=severity,
        categories=tuple(sorted(worst, key=lambda category: (worst[category], CATEGORIES.index(category)))),
        families=tuple(dict.fromkeys(match.family.name for match in matches)),
        about=about,
        softened=all(match.softened for match in strongest),
        unscreened=unscreened,
    )
