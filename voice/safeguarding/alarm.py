"""What the ear adds to the screening. It may raise, never lower (research: layer D)."""

from __future__ import annotations

from dataclasses import dataclass

from voice.safeguarding.model import Category, Severity
from voice.understanding.ear import HARM, NOW, Heard, Thresholds
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


_NEW = 0.3
"""By how much the chance of harm must have risen with the last message."""


@dataclass(frozen=True)
class Alarm:
    """A severity with the categories that were heard, the likeliest first."""

    severity: Severity
    categories: tuple[Category, ...]


def heard_alarm(listened: Listened, at: Thresholds, *, beside: bool = False) -> Alarm | None:
    """The gravest thing heard in a message; None when nothing was.

    `beside`: a pattern family found something in it too, and of two that agree less is needed. Alone, the ear must be surer of one
    piece of many, torn from what stands around it.
    """
    check, urgent = at.check, at.urgent_beside if beside else at.urgent
    piece = 0.0 if beside else at.piece
    alarms = [_alarm(listened.whole, at, check, urgent)]
    alarms += [_alarm(one, at, max(check, piece), max(urgent, piece)) for one in listened.pieces]
    # what was worrying by itself was flagged when it was said: only what the two make together, and clearly, is new
    if listened.together and listened.before:
        chance, before = listened.together.chances[HARM], listened.before.chances[HARM]
        if before < check and chance >= at.together and chance - before >= _NEW:
            alarms.append(_alarm(listened.together, at, check, urgent))
    return min((alarm for alarm in alarms if alarm), key=lambda alarm: alarm.severity.value, default=None)


def _alarm(heard: Heard, at: Thresholds, check: float, urgent: float) -> Alarm | None:
    chances = heard.chances
    if heard.urgency(at) >= urgent:
        return Alarm(Severity.S1 if chances[NOW] >= at.now else Severity.S2, heard.categories(at))
    return Alarm(Severity.S3, heard.categories(at)) if chances[HARM] >= check else None
