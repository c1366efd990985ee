"""What was understood of one message: its topics and stance, and those of each thought in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from voice.pathways.model import Topic
from voice.safeguarding.normalise import Plain
from voice.understanding.ear import Ear, Heard
from voice.understanding.lessons import Stance

_STRONGEST: tuple[Stance, ...] = ("worry", "wish", "question", "praise", "statement")
"""Of two stances that are met equally often, the one that most wants an answer."""


@dataclass(frozen=True)
class Part:
    """One thought: where it stands in the text (characters), what it is about, and in which spirit."""

    start: int
    end: int
    topics: tuple[Topic, ...]
    stance: Stance

    def to_plain(self) -> dict[str, Any]:
        """As plain data, to be kept: places and labels, no words."""
        return {"start": self.start, "end": self.end, "topics": list(self.topics), "stance": self.stance}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Part:
        """The part that `to_plain` described."""
        return cls(plain["start"], plain["end"], tuple(plain["topics"]), plain["stance"])


@dataclass(frozen=True)
class Understood:
    """Topics (`other` when none is clear), stance, and the thoughts in order."""

    topics: tuple[Topic, ...]
    stance: Stance
    parts: tuple[Part, ...]


def understand(ear: Ear, plain: Callable[[str], Plain], text: str, whole: Heard, spans: Sequence[tuple[int, int]]) -> Understood:
    """Reads a message whose whole was heard already. `spans` are its thoughts (voice.understanding.clauses)."""
    at = ear.thresholds
    alone = len(spans) < 2
    heard = [whole] * len(spans) if alone else ear.hear([plain(text[start:end]).words for start, end in spans])
    parts = tuple(Part(start, end, one.topics(at), one.stance(at)) for (start, end), one in zip(spans, heard, strict=True))
    told = [topic for part in parts for topic in part.topics if topic != "other"]
    topics = tuple(dict.fromkeys([topic for topic in whole.topics(at) if topic != "other"] + told)) or ("other",)
    return Understood(topics, whole.stance(at), parts)


def of_several(each: Sequence[tuple[Sequence[Topic], Stance]]) -> tuple[tuple[Topic, ...], Stance | None]:
    """Topics and stance of a whole statement from those of its answers; the stance is None when nothing was typed."""
    topics = Counter(topic for topics, _ in each for topic in topics if topic != "other")
    stances = Counter(stance for _, stance in each)
    ordered = tuple(topic for topic, _ in topics.most_common())
    stance = min(stances, key=lambda one: (-stances[one], _STRONGEST.index(one)), default=None)
    return ordered or (("other",) if each else ()), stance
