"""Messages as they would be understood, written by hand, so that tests of what follows need nothing that has learned."""

from __future__ import annotations

from pathlib import Path

from records.clauses import load_clauses
from voice.pathways.model import Topic
from voice.understanding.clauses import thoughts
from voice.understanding.lessons import Stance
from voice.understanding.understood import Part, Understood

_SHEET = load_clauses(Path(__file__).resolve().parents[3])

Spirit = tuple[Stance, Topic]


def understood(text: str, *each: Spirit) -> Understood:
    """The thoughts of a text; `each` is their stance and topic in order, statements about nothing where none is given."""
    spans = thoughts(text, _SHEET)
    spirits = [*each, *([("statement", "other")] * (len(spans) - len(each)))]
    parts = tuple(Part(start, end, (topic,), stance) for (start, end), (stance, topic) in zip(spans, spirits, strict=True))
    return Understood(tuple(dict.fromkeys(part.topics[0] for part in parts)), parts[0].stance, parts)
