"""Whom the words accuse, by role, so that whoever it is does not read the flag (research: the accused must not be the reader)."""

from __future__ import annotations

from voice.safeguarding.families import Families, Span
from voice.safeguarding.normalise import Plain


def accused_by(plain: Plain, match: Span | None, families: Families) -> tuple[str, ...]:
    """The roles that a match speaks of: those named in it, else those in its sentence, else those anywhere in the text.

    Someone who was only told ("i told my teacher that …") is not accused. Hiding too much is the safe mistake, hiding too little is not.
    """
    told = tuple(families.told.spans(plain))
    found: list[tuple[str, Span]] = []
    for role, pattern in families.roles.items():
        for span in pattern.spans(plain):
            if not any(listener.last + 1 >= span.first and listener.first <= span.first for listener in told):
                found.append((role, span))
    if match is None:
        return tuple(dict.fromkeys(role for role, _ in found))
    first, last = plain.sentence(match.first, match.last)
    for where in (match, Span(first, last)):
        inside = tuple(dict.fromkeys(role for role, span in found if span.overlaps(where)))
        if inside:
            return inside
    return tuple(dict.fromkeys(role for role, _ in found))
