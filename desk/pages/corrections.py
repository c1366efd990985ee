"""Putting right what Sayso understood of a typed answer, or of a whole statement."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from starlette.responses import Response

from desk.visit import Visit
from records import corrections, meanings
from records.errors import NotAMeaning, NotFound, Stale
from records.statements import read_statement
from voice.understanding.lessons import STANCES, TOPICS

_TOPIC = "topic."
"""Each topic has a box of its own: a form of the desk has one value for each name."""


def form(visit: Visit) -> Response:
    """The words, what Sayso understood, and what workers said so far; through the gate like the statement itself."""
    return _show(visit, visit.asked("version"), visit.asked("line"))


def correct(visit: Visit) -> Response:
    """Keeps what the worker says. Back at the statement, at the line it was about."""
    version, line = visit.written("version"), visit.written("line")
    topics = [topic for topic in TOPICS if visit.written(_TOPIC + topic)]
    stance = visit.written("stance")
    with visit.desk.work() as work:
        try:
            kept = corrections.correct(
                work,
                visit.worker,
                visit.part("statement"),
                number=_number(version),
                place=_number(line) if line else None,
                topics=topics,
                stance=stance,
                now=visit.now,
                seen=visit.written("seen"),
            )
        except NotAMeaning as fault:
            work.session.rollback()
            return _show(visit, version, line, 422, fault=fault.what, picked=(topics, stance))
        except Stale:
            work.session.rollback()
            return _show(visit, version, line, 409, fault="stale", picked=(topics, stance))
        work.commit()
    back = urlencode({"version": version, "said": "corrected" if kept else "corrected_already"})
    return visit.go(f"/statements/{visit.part('statement')}?{back}#{f'line-{_number(line)}' if line else 'meaning'}")


def _show(
    visit: Visit, version: str, line: str, status: int = 200, *, fault: str = "", picked: tuple[Collection[str], str] | None = None
) -> Response:
    number = _number(version) if version else None
    with visit.desk.work() as work:
        view = read_statement(work, visit.worker, visit.part("statement"), visit.now, number=number)
        found = meanings.of_version(work, view.version)
    place = _number(line) if line else None
    if place is not None and place > len(found.lines):
        raise NotFound
    meaning = found.whole if place is None else found.lines[place - 1]
    if meaning is None:
        raise NotFound
    topics, stance = picked or (meaning.topics, meaning.stance)
    return visit.show(
        "correction.html",
        status,
        view=view,
        statement=view.statement,
        place=place,
        lines=[one for one in view.lines if one.said] if place is None else [view.lines[place - 1]],
        meaning=meaning,
        seen=corrections.stamp(view.versions[-1].number, meaning),
        all_topics=TOPICS,
        all_stances=STANCES,
        picked_topics=topics,
        picked_stance=stance,
        fault=fault,
    )


def _number(text: str) -> int:
    """A number from 1. Raises NotFound for anything else."""
    if not (text.isdecimal() and len(text) < 6 and int(text)):
        raise NotFound
    return int(text)
