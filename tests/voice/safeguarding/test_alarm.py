"""How sure the ear must be, for a whole message, a piece of one, and two messages together."""

from __future__ import annotations

import pytest

from voice.safeguarding.alarm import heard_alarm
from voice.safeguarding.model import Severity
from voice.understanding.ear import HARM, HEADS, NOW, SERIOUS, Heard, Thresholds
from voice.understanding.listening import Listened

AT = Thresholds(
    topic=0.5,
    most_topics=3,
    stance=0.5,
    check=0.4,
    urgent=0.5,
    urgent_beside=0.3,
    harm_counts=0,
    now_counts=0,
    piece=0.7,
    together=0.8,
    now=0.5,
    category=0.5,
    doubt_from=0.2,
    doubt_to=0.9,
    closer_adds=0.0,
)


def heard(harm: float = 0.0, serious: float = 0.0, now: float = 0.0) -> Heard:
    return Heard({**dict.fromkeys(HEADS, 0.0), HARM: harm, SERIOUS: serious, NOW: now})


def severity(listened: Listened, *, beside: bool = False) -> Severity | None:
    alarm = heard_alarm(listened, AT, beside=beside)
    return alarm.severity if alarm else None


@pytest.mark.parametrize(
    ("one", "whole", "piece", "beside"),
    [
        (heard(0.39, 0.29), None, None, None),
        (heard(0.45), Severity.S3, None, Severity.S3),
        (heard(0.75), Severity.S3, Severity.S3, Severity.S3),
        (heard(0.45, 0.35), Severity.S3, None, Severity.S2),
        (heard(0.75, 0.6), Severity.S2, Severity.S3, Severity.S2),
        (heard(0.95, 0.75, 0.6), Severity.S1, Severity.S1, Severity.S1),
    ],
)
def test_a_piece_must_be_surer_than_a_whole_unless_a_family_agrees(
    one: Heard, whole: Severity | None, piece: Severity | None, beside: Severity | None
) -> None:
    assert severity(Listened(one, ())) is whole
    assert severity(Listened(heard(), (heard(), one))) is piece
    for listened in (Listened(one, ()), Listened(heard(), (one,))):
        assert severity(listened, beside=True) is beside


def test_two_messages_together_tell_only_what_is_new_and_clear() -> None:
    def both(together: float, before: float) -> Severity | None:
        return severity(Listened(heard(), (), together=heard(together), before=heard(before)))

    assert both(0.85, 0.3) is Severity.S3
    assert both(0.75, 0.3) is None
    assert both(0.85, 0.45) is None


def test_the_gravest_thing_heard_counts() -> None:
    assert severity(Listened(heard(0.5), (heard(0.9, 0.8), heard(0.9, 0.8, 0.9)))) is Severity.S1


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (heard(0.9, 0.6, 0.1), Severity.S2),
        (heard(0.45, 0.6, 0.01), Severity.S3),
        (heard(0.9, 0.45, 0.01), Severity.S3),
        (heard(0.9, 0.45, 0.6), Severity.S1),
        (heard(0.99, 0.45, 0.1), Severity.S2),
        (heard(1.0, 0.0, 0.0), Severity.S3),
        (heard(1.0, 1.0, 1.0), Severity.S1),
    ],
)
def test_what_is_surely_harm_or_sounds_like_danger_now_is_urgent_sooner(one: Heard, level: Severity) -> None:
    at = AT.model_copy(update={"harm_counts": 0.5, "now_counts": 0.25})
    alarm = heard_alarm(Listened(one, ()), at)
    assert alarm
    assert alarm.severity is level
