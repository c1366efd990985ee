"""The ear: what a text is about, in which spirit it is said, and whether it may tell of harm, each with a probability.

It reads three things: the text's vector of meaning, straight and through one hidden layer; what its filters found in a few
tokens of it; and the pieces of its words. What it has learned are arrays of numbers, and which words many examples share; no
example is in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voice.pathways.model import Topic
from voice.safeguarding.model import Category
from voice.safeguarding.slips import Slips
from voice.understanding.lessons import CATEGORIES, STANCES, TOPICS, Stance
from voice.understanding.ngrams import Pieces, pieces
from voice.understanding.vectors import SIZE, Filters, Floats, Thinning, of_groups
from voice.wording import Sheet

HARM, SERIOUS, NOW = "harm", "serious", "now"
"""The three questions of danger: does it tell of harm, of serious harm (S1 or S2), of danger now (S1)?"""
HEADS: tuple[str, ...] = (
    *(f"stance:{stance}" for stance in STANCES),
    *(f"topic:{topic}" for topic in TOPICS),
    *(f"category:{category}" for category in CATEGORIES),
    HARM,
    SERIOUS,
    NOW,
)
MEANING_WEIGHT = np.float32(6.0)
"""The vector has length 1; the layers learn better from larger numbers."""


class Thresholds(Sheet):
    """`data/words/ear.yml`: from which probability on the ear says a thing."""

    topic: float = Field(gt=0, lt=1)
    most_topics: int = Field(ge=1)
    stance: float = Field(gt=0, lt=1)
    """Below it nothing is clear, and the stance is "statement"."""
    check: float = Field(gt=0, lt=1)
    urgent: float = Field(gt=0, lt=1)
    urgent_beside: float = Field(gt=0, lt=1)
    """The same where a pattern family found something too."""
    fragment: float = Field(gt=0, lt=1)
    """For a message of a few words, where no pattern family found anything."""
    piece: float = Field(gt=0, lt=1)
    """For one piece of a long message, where no pattern family found anything."""
    together: float = Field(gt=0, lt=1)
    """For a short message together with what was said before it."""
    now: float = Field(gt=0, lt=1)
    category: float = Field(gt=0, lt=1)


class Encodes(Protocol):
    """Turns texts into rows of numbers (voice.understanding.vectors.Encoder)."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""


@dataclass(frozen=True)
class Learned:
    """What the ear has learned. `rows` says for each place of the pieces which row of `of_pieces` it has; -1: none.

    `at_a_glance` weighs the same rows for a first, quick look.
    """

    filters: Filters
    of_filters: Floats
    hidden: Floats
    hidden_bias: Floats
    of_hidden: Floats
    of_meaning: Floats
    of_pieces: Floats
    at_a_glance: Floats
    rows: NDArray[np.int32]
    bias: Floats
    rarity: Floats
    thinning: Thinning
    slips: Slips

    def __post_init__(self) -> None:
        if (
            not self.of_filters.shape[1]
            == self.of_hidden.shape[1]
            == self.of_meaning.shape[1]
            == self.of_pieces.shape[1]
            == len(self.bias)
            == len(HEADS)
        ):
            raise ValueError("what was learned does not fit this version; train again")


@dataclass(frozen=True)
class Heard:
    """The probability of everything the ear listens for, by its name in HEADS."""

    chances: Mapping[str, float]

    def topics(self, at: Thresholds) -> tuple[Topic, ...]:
        """What it is about, the surest first; `other` when nothing is sure enough."""
        found = sorted(((self.chances[f"topic:{topic}"], topic) for topic in TOPICS), reverse=True)
        sure = tuple(topic for chance, topic in found if chance >= at.topic and topic != "other")[: at.most_topics]
        return sure or ("other",)

    def stance(self, at: Thresholds) -> Stance:
        """The spirit it is said in; `statement` when none is clear."""
        chance, stance = max((self.chances[f"stance:{stance}"], stance) for stance in STANCES)
        return stance if chance >= at.stance else "statement"

    def categories(self, at: Thresholds) -> tuple[Category, ...]:
        """The kinds of harm it may tell of, the likeliest first: always at least one."""
        found = sorted(((self.chances[f"category:{category}"], category) for category in CATEGORIES), reverse=True)
        sure = tuple(category for chance, category in found if chance >= at.category)
        return sure or (found[0][1],)


class Ear:
    """Listens to plain words (voice.safeguarding.normalise)."""

    def __init__(self, encoder: Encodes, learned: Learned, thresholds: Thresholds) -> None:
        """`encoder` is the one whose vectors were learned from, thinned alike and looking with the filters that were learned."""
        self._encoder = encoder
        self._learned = learned
        self.thresholds = thresholds

    @property
    def slips(self) -> Slips:
        """What is put right in a message before it listens."""
        return self._learned.slips

    def hear(self, texts: Sequence[Sequence[str]]) -> list[Heard]:
        """What is heard in each text, given as its plain words."""
        return self._weigh(self._encoder.encode([" ".join(words) for words in texts]), texts) if texts else []

    def hear_groups(self, groups: Sequence[Sequence[Sequence[str]]]) -> list[tuple[Heard, tuple[Heard, ...]]]:
        """For each text, cut in pieces: what is heard in the whole of it, and in each piece when there are several."""
        if not groups:
            return []
        rows = self._encoder.encode([" ".join(words) for group in groups for words in group])
        heard = self._weigh(of_groups(rows, groups), [[word for words in group for word in words] for group in groups])
        of_several = np.repeat([len(group) > 1 for group in groups], [len(group) for group in groups])
        several = [words for group in groups if len(group) > 1 for words in group]
        pieces_heard = iter(self._weigh(rows[of_several], several) if several else ())
        apart = [tuple(islice(pieces_heard, len(group))) if len(group) > 1 else () for group in groups]
        return list(zip(heard, apart, strict=True))

    def _weigh(self, rows: Floats, texts: Sequence[Sequence[str]]) -> list[Heard]:
        learned, meaning, found = self._learned, rows[:, :SIZE] * MEANING_WEIGHT, rows[:, SIZE:]
        hidden = np.maximum(meaning @ learned.hidden + learned.hidden_bias, 0)
        scores = found @ learned.of_filters + hidden @ learned.of_hidden + meaning @ learned.of_meaning + learned.bias
        for at, words in enumerate(texts):
            scores[at] += self._by_pieces(pieces(words, learned.rarity))
        chances = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        # of the stances exactly one holds
        spirits = np.exp(scores[:, : len(STANCES)] - scores[:, : len(STANCES)].max(1, keepdims=True))
        chances[:, : len(STANCES)] = spirits / spirits.sum(1, keepdims=True)
        return [Heard(dict(zip(HEADS, row.tolist(), strict=True))) for row in chances]

    def glance(self, words: Sequence[str]) -> float:
        """How worrying the words look by their pieces alone: quick, only for telling which of several texts to listen to."""
        found = pieces(words, self._learned.rarity)
        rows = self._learned.rows[found.places]
        known = rows >= 0
        return float(found.amounts[known] @ self._learned.at_a_glance[rows[known]])

    def _by_pieces(self, found: Pieces) -> Floats:
        rows = self._learned.rows[found.places]
        known = rows >= 0
        return np.asarray(found.amounts[known] @ self._learned.of_pieces[rows[known]], dtype=np.float32)
