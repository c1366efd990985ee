"""Whom the words accuse, by role, so that whoever it is does not read the flag (research: the accused must not be the reader)."""

from __future__ import annotations

from dataclasses import dataclass

from voice.safeguarding.families import Families, Span
from voice.safeguarding.normalise import Plain


@dataclass(frozen=True)
class Named:
    """The roles that one text speaks of and where, found once for all its matches.

    Someone who was only told ("i told my teacher that …") is not among them.
    """

    plain: Plain
    roles: tuple[tuple[str, Span], ...]

    @classmethod
    def of(cls, plain: Plain, families: Families) -> Named:
        """Finds all roles of `plain`."""
        told = tuple(families.told.spans(plain))
        return cls(
            plain,
            tuple(
                (role, span)
                for role, pattern in families.roles.items()
                for span in pattern.spans(plain)
                if not any(listener.last + 1 >= span.first and listener.first <= span.first for listener in told)
            ),
        )

    def accused_by(self, match: Span | None) -> tuple[str, ...]:
        """The roles that a match speaks of: those named in it, else those in its sentence, else those anywhere in the text.

        Hiding too much is the safe mistake, hiding too little is not.
        """
        if match is not None:
            for where in (match, Span(*self.plain.sentence(match.first, match.last))):
                inside = tuple(dict.fromkeys(role for role, span in self.roles if span.overlaps(where)))
                if inside:
                    return inside
        return tuple(dict.fromkeys(role for role, _ in self.roles))
