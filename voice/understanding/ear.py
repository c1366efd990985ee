"""The ear: what a text is about, in which spirit it is said, and whether it may tell of harm, each with a probability.

It reads three things: the text's vector of meaning, straight and through one hidden layer; what its filters found in a few
tokens of it; and the pieces of its words. What it has learned are arrays of numbers, and which words many examples share; no
example is in them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from voice.pathways.model import Topic
from voice.safeguarding.model import Category
from voice.safeguarding.slips import Slips
from voice.understanding.closer import MOST_WORDS, CloserEar
from voice.understanding.lessons import CATEGORIES, STANCES, TOPICS, Stance
from voice.understanding.ngrams import Pieces, pieces
from voice.understanding.vectors import SIZE, Encodes, Filters, Floats, Thinning, of_groups
from voice.wording import Sheet

HARM, SERIOUS, NOW = "harm", "serious", "now"
"""The three questions of danger: does it tell of harm, of serious harm (S1 or S2), of danger now (S1)?"""
DANGERS = (HARM, SERIOUS, NOW)
HEADS: tuple[str, ...] = (
    *(f"stance:{stance}" for stance in STANCES),
    *(f"topic:{topic}" for topic in TOPICS),
    *(f"category:{category}" for category in CATEGORIES),
    *DANGERS,
)
MEANING_WEIGHT = np.float32(6.0)
"""The vector has length 1; the layers learn better from larger numbers."""
_HARM_AT = HEADS.index(HARM)
_SLIGHT = 1e-6
"""No chance is taken to be nearer to 0 or 1."""


class Thresholds(Sheet):
    """`data/words/ear.yml`: from which probability on the ear says a thing."""

    topic: float = Field(gt=0, lt=1)
    most_topics: int = Field(ge=1)
    stance: float = Field(gt=0, lt=1)
    """Below it nothing is clear, and the stance is "statement"."""
    check: float = Field(gt=0, lt=1)
    urgent: float = Field(gt=0, lt=1)
    """Of urgency, as `Heard.urgency` has it."""
    harm_counts: float = Field(ge=0)
    now_counts: float = Field(ge=0)
    """In urgency, beside the score for serious harm: those for any harm and for danger now."""
    urgent_beside: float = Field(gt=0, lt=1)
    """The same where a pattern family found something too."""
    piece: float = Field(gt=0, lt=1)
    """For one piece of a long message, where no pattern family found anything."""
    together: float = Field(gt=0, lt=1)
    """For a short message together with what was said before it."""
    now: float = Field(gt=0, lt=1)
    category: float = Field(gt=0, lt=1)
    doubt_from: float = Field(gt=0, lt=1)
    """From this chance of harm to the next a text is listened to once more, closely."""
    doubt_to: float = Field(gt=0, lt=1)
    closer_adds: float
    """To the scores for danger, where both ears decide: the closer ear, taught what is doubtful, keeps more to the middle."""

    @model_validator(mode="after")
    def _doubt_has_room(self) -> Thresholds:
        if self.doubt_from >= self.doubt_to:
            raise ValueError("doubt_from must be below doubt_to, or nothing would ever be listened to closely")
        return self


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

    def urgency(self, at: Thresholds) -> float:
        """The chance that somebody must look at once.

        The graver it may be, the less sure need it be: what sounds like danger now counts as more, what may be no harm at all as less.
        """
        counts = {SERIOUS: 1.0, HARM: at.harm_counts, NOW: at.now_counts}
        score = sum(share * _logit(self.chances[danger]) for danger, share in counts.items()) / sum(counts.values())
        return 1 / (1 + math.exp(-score))

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

    def __init__(self, encoder: Encodes, learned: Learned, thresholds: Thresholds, closer: CloserEar | None = None) -> None:
        """`encoder` is the one whose vectors were learned from, thinned alike and looking with the filters that were learned.

        Without a `closer` ear nothing is listened to twice.
        """
        self._encoder = encoder
        self._learned = learned
        self._closer = closer
        self.thresholds = thresholds

    @property
    def slips(self) -> Slips:
        """What is put right in a message before it listens."""
        return self._learned.slips

    def hear(self, texts: Sequence[Sequence[str]]) -> list[Heard]:
        """What is heard in each text, given as its plain words."""
        return _heard(self._scores(self._encoder.encode([" ".join(words) for words in texts]), texts)) if texts else []

    def hear_groups(self, groups: Sequence[Sequence[Sequence[str]]], closely: Sequence[int]) -> list[tuple[Heard, tuple[Heard, ...]]]:
        """For each text, cut in pieces: what is heard in the whole of it, and in each piece when there are several.

        `closely` says of which to make sure where they leave it in doubt, and in how many of their pieces, the most worrying first; 0: of
        none. Of what is longer than the closer ear listens to, it hears the pieces only.
        """
        if not groups:
            return []
        rows = self._encoder.encode([" ".join(words) for group in groups for words in group])
        texts = [[word for words in group for word in words] for group in groups]
        wholes = self._scores(of_groups(rows, groups), texts)
        of_several = np.repeat([len(group) > 1 for group in groups], [len(group) for group in groups])
        parts = [words for group in groups if len(group) > 1 for words in group]
        pieces_apart = self._scores(rows[of_several], parts)
        if self._closer:
            self._listen_closely(self._closer, texts, [most > 0 for most in closely], wholes)
            several = [(len(group), most) for group, most in zip(groups, closely, strict=True) if len(group) > 1]
            self._listen_closely(self._closer, parts, _worst(pieces_apart[:, _HARM_AT], several), pieces_apart)
        heard = iter(_heard(pieces_apart))
        apart = [tuple(islice(heard, len(group))) if len(group) > 1 else () for group in groups]
        return list(zip(_heard(wholes), apart, strict=True))

    def _listen_closely(self, closer: CloserEar, texts: Sequence[Sequence[str]], closely: Sequence[bool], scores: Floats) -> None:
        """Where the scores of a text that is not long leave it in doubt, both ears decide."""
        chances = _chances(scores[:, _HARM_AT])
        may = np.array([may and len(words) <= MOST_WORDS for may, words in zip(closely, texts, strict=True)], dtype=bool)
        asked = np.flatnonzero(may & (chances >= self.thresholds.doubt_from) & (chances <= self.thresholds.doubt_to))
        if len(asked):
            both = (scores[asked] + closer.listen([" ".join(texts[at]) for at in asked])) / 2
            both[:, -len(DANGERS) :] += np.float32(self.thresholds.closer_adds)
            scores[asked] = both

    def _scores(self, rows: Floats, texts: Sequence[Sequence[str]]) -> Floats:
        learned, meaning, found = self._learned, rows[:, :SIZE] * MEANING_WEIGHT, rows[:, SIZE:]
        hidden = np.maximum(meaning @ learned.hidden + learned.hidden_bias, 0)
        scores: Floats = found @ learned.of_filters + hidden @ learned.of_hidden + meaning @ learned.of_meaning + learned.bias
        for at, words in enumerate(texts):
            scores[at] += self._by_pieces(pieces(words, learned.rarity))
        return scores

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


def _worst(harm: Floats, groups: Sequence[tuple[int, int]]) -> list[bool]:
    """Of each group, given as its size and how many are wanted: which have the highest scores."""
    chosen = np.zeros(len(harm), dtype=bool)
    start = 0
    for size, most in groups:
        chosen[start + np.argsort(-harm[start : start + size], kind="stable")[:most]] = True
        start += size
    return [bool(one) for one in chosen]


def _logit(chance: float) -> float:
    chance = min(max(chance, _SLIGHT), 1 - _SLIGHT)
    return math.log(chance / (1 - chance))


def _chances(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)


def _heard(scores: Floats) -> list[Heard]:
    if not len(scores):
        return []
    chances = _chances(scores)
    # of the stances exactly one holds
    spirits = np.exp(scores[:, : len(STANCES)] - scores[:, : len(STANCES)].max(1, keepdims=True))
    chances[:, : len(STANCES)] = spirits / spirits.sum(1, keepdims=True)
    return [Heard(dict(zip(HEADS, row.tolist(), strict=True))) for row in chances]
