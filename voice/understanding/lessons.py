"""What the reader learns from: the shape of `data/nlu/said/*.yml` and `data/nlu/worrying/*.yml`, and the examples in them.

One file of `said` is a topic with what is said about it, by stance; one of `worrying` is a category of harm with what is
told, by severity, and what only looks like it. `accounts.yml` of either folder holds whole accounts, each with its labels.
The sets that measure the reader (tests/understanding) have the same labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from voice.pathways.model import Topic
from voice.safeguarding.model import Category, Severity
from voice.wording import Sheet

Stance = Literal["praise", "worry", "wish", "question", "statement"]
STANCES: tuple[Stance, ...] = get_args(Stance)
TOPICS: tuple[Topic, ...] = get_args(Topic)
CATEGORIES: tuple[Category, ...] = get_args(Category)

Line = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Lesson:
    """One example. None means that nobody labelled it so; `harm` is False for what no person needs to be told of.

    `style` is how it is written, where a set that measures says so.
    """

    text: str
    topics: frozenset[Topic] | None = None
    stance: Stance | None = None
    harm: bool | None = None
    categories: tuple[Category, ...] = ()
    severity: Severity | None = None
    style: str | None = None

    @property
    def serious(self) -> bool | None:
        """Whether it tells of serious harm (S1 or S2)."""
        return None if self.harm is None else self.severity in (Severity.S1, Severity.S2)


_NEAR_HARM: frozenset[tuple[Topic, Stance]] = frozenset({("feelings_mind", "worry"), ("safety_bullying", "worry")})
"""Everyday lines that lie so near to a concern that they teach nothing about where one begins."""
_A_RIGHT: Topic = "advocacy_complaint"
"""A wish to complain is a flag of the lightest kind, so lines of this topic do not count as unflagged ones."""


class SaidSheet(Sheet):
    """One topic. A line may carry other topics behind a bar: "she took me to see my brother | brothers_sisters"."""

    topic: Topic
    praise: tuple[Line, ...] = ()
    worry: tuple[Line, ...] = ()
    wish: tuple[Line, ...] = ()
    question: tuple[Line, ...] = ()
    statement: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _topics_are_known(self) -> SaidSheet:
        list(self.lessons())
        return self

    def lessons(self) -> Iterator[Lesson]:
        """Every line with its labels. Raises ValueError for a topic nobody knows."""
        for stance in STANCES:
            for line in getattr(self, stance):
                text, _, rest = line.partition(" | ")
                others = [one.strip() for one in rest.split(",") if one.strip()]
                for one in others:
                    if one not in TOPICS:
                        raise ValueError(f"'{one}' behind the bar of '{text}' is no topic")
                yield everyday(text.strip(), frozenset((self.topic, *others)), stance)


class WorrySheet(Sheet):
    """One category of harm, by severity, and harmless lines that look like it."""

    category: Category
    S1: tuple[Line, ...] = ()
    S2: tuple[Line, ...] = ()
    S3: tuple[Line, ...] = ()
    S4: tuple[Line, ...] = ()
    harmless: tuple[Line, ...] = Field(min_length=1)

    def lessons(self) -> Iterator[Lesson]:
        """Every line with its labels."""
        for severity in Severity:
            for line in getattr(self, severity.value):
                yield Lesson(line, harm=True, categories=(self.category,), severity=severity)
        for line in self.harmless:
            yield Lesson(line, harm=False)


class Account(Sheet):
    """One line with its labels: topics and stance; categories and severity, or that it is harmless; or all of these."""

    says: Line
    topics: tuple[Topic, ...] = ()
    stance: Stance | None = None
    category: tuple[Category, ...] = ()
    severity: Severity | None = None
    harmless: bool = False
    """It looks like harm and is none."""

    @model_validator(mode="after")
    def _says_enough(self) -> Account:
        if bool(self.topics) != (self.stance is not None) or bool(self.category) != (self.severity is not None):
            raise ValueError("topics and stance go together, and so do category and severity")
        if self.category and self.harmless:
            raise ValueError("what has a category is not harmless")
        if not (self.topics or self.category or self.harmless):
            raise ValueError("an account has topics and a stance, or a category and a severity, or it is harmless")
        return self

    def lesson(self) -> Lesson:
        """The account as an example."""
        topics = frozenset(self.topics) or None
        if topics and self.stance and not (self.category or self.harmless):
            return everyday(self.says, topics, self.stance)
        return Lesson(self.says, topics, self.stance, not self.harmless, self.category, self.severity)


class AccountsSheet(Sheet):
    """A file of accounts."""

    accounts: tuple[Account, ...] = Field(min_length=1)


def everyday(text: str, topics: frozenset[Topic], stance: Stance) -> Lesson:
    """An everyday line. It tells of no harm, unless it is of the kinds that cannot be told apart from a concern."""
    unclear = _A_RIGHT in topics or any((topic, stance) in _NEAR_HARM for topic in topics)
    return Lesson(text, topics=topics, stance=stance, harm=None if unclear else False)
