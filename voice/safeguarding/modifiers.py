"""What stands around a match: a no, the past, someone else, a what-if, a story, a joke, and "now".

Research on youth counselling texts found that grammar makes alerts more precise but costs recall when it drops them.
So here it softens, one step, and never drops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.safeguarding.families import Family, Modifier, Pattern, Span
from voice.safeguarding.model import Severity
from voice.safeguarding.normalise import Plain


@dataclass(frozen=True)
class Around:
    """Where the cues are in one text, found once for all its matches."""

    plain: Plain
    now: tuple[Span, ...]
    cues: tuple[tuple[Modifier, tuple[Span, ...]], ...]

    @classmethod
    def of(cls, plain: Plain, modifiers: Sequence[Modifier], now: Pattern) -> Around:
        """Finds all cues of `plain`."""
        cues = []
        for modifier in modifiers:
            spared = tuple(modifier.unless.spans(plain)) if modifier.unless else ()
            spans = (span for span in modifier.cues.spans(plain) if not any(span.overlaps(other) for other in spared))
            cues.append((modifier, tuple(spans)))
        return cls(plain, tuple(now.spans(plain)), tuple(cues))

    def weigh(self, family: Family, match: Span, own_no: bool) -> tuple[Severity, bool]:
        """The severity of a match in its surroundings, and whether something softened it.

        `own_no`: the phrase says its own no, so a no inside it belongs to it.
        """
        first, last = self.plain.sentence(match.first, match.last)
        sentence = Span(first, last)
        severity = family.severity
        if family.now and any(span.overlaps(sentence) for span in self.now):
            severity = family.now
        softened = False
        for modifier, spans in self.cues:
            if family.category not in modifier.not_for and any(_applies(modifier, span, match, sentence, own_no) for span in spans):
                severity = severity.lowered(modifier.floor)
                softened = True
        return severity, softened


def _applies(modifier: Modifier, cue: Span, match: Span, sentence: Span, own_no: bool) -> bool:
    if not cue.overlaps(sentence):
        return False
    if not modifier.before:
        return True
    if match.first <= cue.first and cue.last <= match.last:
        return not own_no
    return cue.last < match.first and match.first - cue.last <= modifier.reach + 1
