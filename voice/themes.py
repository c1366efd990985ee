"""What a text is about and in which spirit it is said, by the words in it. A first reading: a person confirms every theme."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voice.pathways.model import Topic
from voice.plain_language import bare
from voice.wording import Sheet

Stance = Literal["praise", "worry", "wish", "question", "statement"]


class Themes(Sheet):
    """`data/words/topics.yml`. Cues are bare words or sayings (voice.plain_language.bare); `word*` is any word that starts so."""

    topics: dict[Topic, tuple[str, ...]] = Field(min_length=1)
    stances: dict[Stance, tuple[str, ...]] = Field(min_length=1)
    """In order of precedence: the first stance with a cue in the text is taken."""

    def topics_of(self, text: str) -> tuple[Topic, ...]:
        """The topics with a cue in the text, those with the most cues first."""
        plain = bare(text)
        found = {topic: _count(cues, plain) for topic, cues in self.topics.items()}
        return tuple(sorted((topic for topic in found if found[topic]), key=lambda topic: -found[topic]))

    def stance_of(self, text: str) -> Stance:
        """Praise, worry, wish or question; statement when nothing tells."""
        plain = bare(text)
        if text.rstrip().endswith("?"):
            return "question"
        return next((stance for stance, cues in self.stances.items() if _count(cues, plain)), "statement")


def _count(cues: tuple[str, ...], plain: str) -> int:
    words = plain.split()
    known = frozenset(words)
    around = f" {plain} "
    return sum(
        any(word.startswith(cue[:-1]) for word in known) if cue.endswith("*") else cue in known or (" " in cue and f" {cue} " in around)
        for cue in cues
    )
