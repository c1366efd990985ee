"""What the ear adds to the screening. It may raise, never lower (research: layer D)."""

from __future__ import annotations

from dataclasses import dataclass

from voice.safeguarding.model import Category, Severity
from voice.understanding.ear import HARM, NOW, SERIOUS, Heard, Thresholds
from voice.understanding.listening import Listened

HARMS: frozenset[Category] = frozenset(
    {
        "sexual_abuse",
        "physical_abuse",
        "restraint",
        "neglect",
        "emotional_abuse",
        "domestic_abuse",
        "sexual_exploitation",
        "peer_harm",
        "allegation",
    }
)
"""Kinds of harm that somebody does, so that the words may accuse someone."""


_FRAGMENT = 7
"""Plain words."""
_NEW = 0.3
"""By how much the chance of harm must have risen with the last message."""


@dataclass(frozen=True)
class Alarm:
    """A severity with the categories that were heard, the likeliest first."""

    severity: Severity
    categories: tuple[Category, ...]


def heard_alarm(listened: Listened, at: Thresholds, *, words: int, beside: bool = False) -> Alarm | None:
    """The gravest thing heard in a message of so many words; None when nothing was.

    `beside`: a pattern family found something in it too, and of two that agree less is needed. A fragment ("dad not to be
    there") says little, so alone the ear must be surer of it.
    """
    urgent = at.urgent_beside if beside else at.urgent
    if words <= _FRAGMENT and not beside:
        at = at.model_copy(update={"check": max(at.check, at.fragment)})
        urgent = max(urgent, at.fragment)
    heard = [listened.whole, *listened.pieces]
    # what was worrying by itself was flagged when it was said: only what the two make together, and clearly, is new
    if listened.together and listened.before:
        chance, before = listened.together.chances[HARM], listened.before.chances[HARM]
        if before < at.check and chance >= at.together and chance - before >= _NEW:
            heard.append(listened.together)
    alarms = [Alarm(severity, one.categories(at)) for one in heard if (severity := _severity(one, at, urgent))]
    return min(alarms, key=lambda alarm: alarm.severity.value, default=None)


def _severity(heard: Heard, at: Thresholds, urgent: float) -> Severity | None:
    chances = heard.chances
    if chances[SERIOUS] >= urgent:
        return Severity.S1 if chances[NOW] >= at.now else Severity.S2
    return Severity.S3 if chances[HARM] >= at.check else None
