"""Walking a pathway: which question comes next, given what has been answered. Pure: no clock, no storage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from voice.pathways.model import ADDED, OPENING, Choice, Ending, Pathway, Question
from voice.wording import Style

How = Literal["answered", "skipped", "dont_know"]
Stage = Literal["question", "said", "carry_on", "check", "which", "send"]

QUESTIONS_BEFORE_A_REST = 8
"""After this many answers the young person is asked whether to carry on or stop (field research, section 5c)."""


class Asked(NamedTuple):
    """A question, and for a repeated one the picked choice it is about."""

    question: str
    round: str | None = None


@dataclass(frozen=True)
class Given:
    """An answer, as far as the walk cares: which buttons, and how it was given."""

    asked: Asked
    values: tuple[str, ...]
    how: How


@dataclass(frozen=True)
class Said:
    """What seems to have been said already to a question not asked yet: buttons, and places in a message (characters).

    No words: those stay in the message.
    """

    question: str
    message: str
    values: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def words(self, text: str) -> str | None:
        """The thoughts as they stand in the message whose text this is; None where only buttons were heard."""
        return "\n".join(text[start:end] for start, end in self.spans) or None

    def to_plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "question": self.question,
            "message": self.message,
            "values": list(self.values),
            "spans": [list(span) for span in self.spans],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Said:
        """What `to_plain` described."""
        spans = tuple((int(start), int(end)) for start, end in plain["spans"])
        return cls(plain["question"], plain["message"], tuple(plain["values"]), spans)


@dataclass(frozen=True)
class Place:
    """Where the talk is.

    `stage` says what is open: a question; what was `said` already, shown back for a yes; the offer to rest; the read-back
    ("Is this right?"); the list of answers to change; send or keep. `enough` means the young person wants to go straight to
    the ending. `rested_at` is the number of answers at the last rest. `shown` are the questions, each with the message, that
    were shown back once: that is not done again.
    """

    stage: Stage
    asked: Asked | None = None
    enough: bool = False
    rested_at: int = 0
    said: tuple[Said, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()

    def showing(self, said: Sequence[Said]) -> Place:
        """This place with what was said already shown back first."""
        shown = tuple(dict.fromkeys([*self.shown, *((one.question, one.message) for one in said)]))
        return replace(self, stage="said", said=tuple(said), shown=shown)

    def to_plain(self) -> dict[str, Any]:
        """As plain data, to be kept with the draft."""
        plain: dict[str, Any] = {"stage": self.stage, "enough": self.enough, "rested_at": self.rested_at}
        if self.asked:
            plain["asked"] = [self.asked.question, self.asked.round]
        if self.said:
            plain["said"] = [one.to_plain() for one in self.said]
        if self.shown:
            plain["shown"] = [list(pair) for pair in self.shown]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Place:
        """The place that `to_plain` described."""
        asked = plain.get("asked")
        return cls(
            stage=plain["stage"],
            asked=Asked(asked[0], asked[1]) if asked else None,
            enough=bool(plain.get("enough")),
            rested_at=int(plain.get("rested_at", 0)),
            said=tuple(Said.from_plain(one) for one in plain.get("said", ())),
            shown=tuple((question, message) for question, message in plain.get("shown", ())),
        )


class Walk:
    """One pathway with the ending every statement has."""

    def __init__(self, pathway: Pathway, ending: Ending) -> None:
        self.pathway = pathway
        self.ending_questions = (ending.wanted, ending.recipients, ending.hide_from) if pathway.ending else ()
        questions = (*pathway.questions, *self.ending_questions, ending.opening, ending.added)
        self._questions: dict[str, Question] = {question.id: question for question in questions}

    def question(self, asked: Asked) -> Question:
        """The question that was asked. Raises KeyError when the pathway has none of that name."""
        return self._questions[asked.question]

    def has(self, asked: Asked) -> bool:
        """Whether the pathway has this question still. Words that no question asked for can always be asked for again."""
        return asked.question in self._questions

    def picked(self, asked: Asked) -> Choice | None:
        """Of a repeated question: the choice it is about."""
        source = self.question(asked).for_each
        if source is None:
            return None
        return next((choice for choice in self._questions[source].choices if choice.value == asked.round), None)

    def wording(self, asked: Asked, style: Style) -> str:
        """The question as it is shown."""
        text = self.question(asked).ask.in_style(style)
        choice = self.picked(asked)
        return text.replace("{picked}", choice.label.in_style(style)) if choice else text

    def topic(self, asked: Asked) -> str:
        """What the answer is about: the picked choice's topic for a repeated question, else the question's own."""
        choice = self.picked(asked)
        return choice.topic if choice and choice.topic else self.question(asked).topic

    def order(self, given: Mapping[Asked, Given], *, enough: bool = False) -> tuple[Asked, ...]:
        """Every question in the order it is asked, as the answers so far decide.

        With `enough`, the unanswered ones are left out up to the ending.
        """
        asked = tuple(self._pathway_order(given))
        if enough:
            asked = tuple(one for one in asked if one in given)
        return asked + tuple(Asked(question.id) for question in self.ending_questions)

    def start(self) -> Place:
        """The first question."""
        return Place("question", Asked(self.pathway.questions[0].id))

    def after(self, place: Place, given: Mapping[Asked, Given]) -> Place | None:
        """Where the talk goes when `place` has been answered. None: the pathway is finished (it has no ending of its own)."""
        asked = next((one for one in self.order(given, enough=place.enough) if one not in given), None)
        if asked is None:
            return replace(place, stage="check", asked=None, said=()) if self.pathway.ending else None
        ahead = replace(place, stage="question", asked=asked, said=())
        count = len(given)
        due = count - place.rested_at >= QUESTIONS_BEFORE_A_REST
        if due and not place.enough and asked.question not in {question.id for question in self.ending_questions}:
            return replace(ahead, stage="carry_on", rested_at=count)
        return ahead

    def before(self, place: Place, given: Mapping[Asked, Given]) -> Place | None:
        """The question before this place, to be asked again; from what comes after the read-back, the read-back. None: there is none."""
        changing_words = place.asked is not None and place.asked.question in (OPENING, ADDED)
        place = replace(place, said=())
        if place.stage in ("which", "send") or changing_words:
            return replace(place, stage="check", asked=None)
        order = self.order(given, enough=place.enough)
        upto = order
        if place.stage != "check" and place.asked:
            # further on there may be answers already, to what was said before it was asked
            upto = order[: order.index(place.asked)] if place.asked in order else ()
        answered = [one for one in upto if one in given]
        return replace(place, stage="question", asked=answered[-1]) if answered else None

    def progress(self, place: Place, given: Mapping[Asked, Given]) -> tuple[int, int]:
        """(which question this is, of how many), counting from 1."""
        order = self.order(given, enough=place.enough)
        at = order.index(place.asked) + 1 if place.asked in order else len(order)
        return at, len(order)

    def _pathway_order(self, given: Mapping[Asked, Given]) -> Iterable[Asked]:
        group: list[Question] = []
        for question in self.pathway.questions:
            if group and question.for_each != group[0].for_each:
                yield from self._rounds(group, given)
                group = []
            if question.for_each:
                group.append(question)
            elif self._wanted(question, given):
                yield Asked(question.id)
        if group:
            yield from self._rounds(group, given)

    def _rounds(self, group: list[Question], given: Mapping[Asked, Given]) -> Iterable[Asked]:
        """Repeated questions that stand together are asked together, pick by pick, in the order of the file."""
        source = self._questions[str(group[0].for_each)]
        answer = given.get(Asked(source.id))
        for choice in source.choices:
            if answer and choice.value in answer.values:
                yield from (Asked(question.id, choice.value) for question in group if self._wanted(question, given))

    def _wanted(self, question: Question, given: Mapping[Asked, Given]) -> bool:
        if question.when is None:
            return True
        answer = given.get(Asked(question.when.question))
        values = set(answer.values) if answer else set()
        if question.when.any_of and not values & set(question.when.any_of):
            return False
        return not values & set(question.when.none_of)
