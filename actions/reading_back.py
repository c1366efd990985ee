"""The answers of a statement as they are kept and read back: in the order of the pathway, each in one text."""

from __future__ import annotations

from collections.abc import Sequence

from records import drafts
from records.tables import Answer
from voice.pathways.model import ADDED, OPENING, Choice
from voice.pathways.speech import Line
from voice.pathways.walk import Asked, Place, Walk
from voice.wording import Style


def read_back(walk: Walk, place: Place, rows: Sequence[Answer], not_known: str) -> list[Line]:
    """The answers as they are read back. `not_known` is how "I don't know" is said."""
    return [Line(Asked(row.question, row.round), row.question_shown, _said(row, not_known)) for row in in_order(walk, place, rows)]


def in_order(walk: Walk, place: Place, rows: Sequence[Answer]) -> list[Answer]:
    """Opening words first, then in the order of the pathway, then what was added, and what was said to questions that the
    pathway's file has lost meanwhile. Answers that a change made moot are left out."""
    by_asked = {Asked(row.question, row.round): row for row in rows}
    first = [row for row in rows if row.question == OPENING]
    added = [row for row in rows if row.question == ADDED or not walk.has(Asked(row.question, row.round))]
    ending = {question.id for question in walk.ending_questions}
    order = walk.order(drafts.given(rows), enough=place.enough)
    body = [by_asked[asked] for asked in order if asked in by_asked and asked.question not in ending]
    last = [by_asked[asked] for asked in order if asked in by_asked and asked.question in ending]
    return [*first, *body, *added, *last]


def labelled(picked: Sequence[Choice], style: Style) -> tuple[dict[str, str], ...]:
    """Buttons as they are kept with an answer: with the label that was read."""
    return tuple({"value": choice.value, "label": choice.label.in_style(style)} for choice in picked)


def _said(row: Answer, not_known: str) -> str | None:
    """An answer in one text: the buttons, then the words. None when it was skipped, also in words ("skip")."""
    if row.how == "dont_know" and row.verbatim is None:
        return not_known
    if row.how == "skipped":
        return None
    labels = ", ".join(choice["label"] for choice in row.choices)
    if row.verbatim and labels and row.verbatim.strip().casefold() != labels.casefold():
        return f"{labels}: {row.verbatim}"
    return row.verbatim or labels or None
