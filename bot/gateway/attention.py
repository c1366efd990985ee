"""Attends to a message before the database is locked for it: screens it, and understands what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.safeguarding.screen import Screen, Screening
from voice.understanding.clauses import ClauseSheet, thoughts
from voice.understanding.understood import Understood


@dataclass(frozen=True)
class Attention:
    """What was made of one text with what stood around it at that moment."""

    screening: Screening
    understood: Understood | None
    next_n: int
    """The number the chat had for it then. When its next message has another one, something else was said meanwhile."""


class Attendant:
    """Screens and understands. Takes some ten milliseconds of a processor, so it is never called while others wait."""

    def __init__(self, screen: Screen, clauses: ClauseSheet) -> None:
        self._screen = screen
        self._clauses = clauses

    def attend(self, text: str, before: Sequence[str], question: str | None, next_n: int) -> Attention:
        """Never raises: what cannot be screened is flagged as such, and what cannot be understood is left open."""
        attended = self._screen.attend(text, before=before, question=question)
        understood = self._screen.understand(text, attended, thoughts(text, self._clauses))
        return Attention(attended.screening, understood, next_n)
