"""What was said already to questions that are not asked yet: "my reviews thursday" needs no "When is your review?" after it.

Only what is sure is taken: a phrase of the pathway's file, or a thought whose topic or spirit was clear. It is shown back
for a yes before it becomes an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from voice.pathways.model import Pathway, Question
from voice.pathways.walk import Said
from voice.safeguarding.families import Pattern, Span
from voice.safeguarding.model import SpellingSheet
from voice.safeguarding.normalise import Normaliser, Plain
from voice.safeguarding.phrases import PhraseMistake, Source, anchored, either, read_phrase, read_slots
from voice.understanding.lessons import Stance
from voice.understanding.understood import Part, Understood

_LEAST_WORDS = 3
"""A thought of fewer words is too little to be taken as an answer in its spirit."""
_MOST_WORDS = 40
"""What goes on for longer is a story, not an answer."""
_MEANT: frozenset[Stance] = frozenset(("praise", "worry", "wish", "question"))
"""A topic is only picked for somebody who says something of it, not for one who mentions it."""


class HeardMistake(ValueError):
    """A phrase that cannot be read. `path` are the keys that lead to it in the pathway's file, `reason` is in plain words."""

    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class _Thought:
    """One thought of a message, with its plain copy."""

    part: Part
    plain: Plain

    @property
    def span(self) -> tuple[int, int]:
        return self.part.start, self.part.end


@dataclass(frozen=True)
class _Ready:
    """A question with its phrases ready to match."""

    question: Question
    phrases: Pattern | None
    unless: Pattern | None
    named: tuple[tuple[str, Pattern], ...]
    """Button → what it is called."""

    def heeded(self, thoughts: Sequence[_Thought]) -> list[_Thought]:
        """Those that are not to be left alone."""
        return [thought for thought in thoughts if not (self.unless and self.unless.found(thought.plain))]


class Beforehand:
    """Hears what is said of one pathway, and answers to its questions, in words from before they were asked."""

    def __init__(self, pathway: Pathway, slots: Mapping[str, Sequence[str]], spelling: SpellingSheet) -> None:
        """`slots` are the word lists of data/words/phrases.yml. Raises HeardMistake, and PhraseMistake for a slot."""
        reader = _Phrases(slots, spelling)
        heard = [(index, question) for index, question in enumerate(pathway.questions) if question.heard]
        self._ready = {question.id: reader.ready(index, question) for index, question in heard}
        self._meant = reader.of_pathway(pathway)
        self._plain = Normaliser(spelling, reader.vocabulary).plain

    def is_meant(self, text: str, understood: Understood) -> bool:
        """Whether one of several things that are said is what this pathway is about."""
        meant, thoughts = self._meant, self._thoughts(text, understood)
        return meant is not None and len(thoughts) > 1 and any(meant.found(thought.plain) for thought in thoughts)

    def in_opening(self, text: str, understood: Understood, message: str) -> tuple[Said, ...]:
        """Everything that words said before the first question answer. A thought in which a phrase stands is taken for that
        alone; the others are taken by their spirit and their topics. `message` is the id of the words' message."""
        thoughts = self._thoughts(text, understood)
        exactly = {name: _in_words(ready, thoughts, message) for name, ready in self._ready.items()}
        taken = {span for said in exactly.values() if said for span in said.spans}
        rest = [thought for thought in thoughts if thought.span not in taken]
        told = [exactly[name] or _in_spirit(ready, rest, message) for name, ready in self._ready.items()]
        return tuple(said for said in told if said)

    def in_words(self, question: str, text: str, understood: Understood, message: str) -> Said | None:
        """What answers one question in so many words. None when nothing does, or the question has no phrases."""
        return _in_words(self._ready[question], self._thoughts(text, understood), message) if question in self._ready else None

    def _thoughts(self, text: str, understood: Understood) -> list[_Thought]:
        thoughts = [_Thought(part, self._plain(text[part.start : part.end])) for part in understood.parts]
        return [thought for thought in thoughts if len(thought.plain.words) <= _MOST_WORDS]


def _in_words(ready: _Ready, thoughts: Sequence[_Thought], message: str) -> Said | None:
    """The thoughts that answer a question by a phrase, with the buttons named there."""
    if not ready.phrases and not ready.named:
        return None
    values: set[str] = set()
    spans: list[tuple[int, int]] = []
    for thought in ready.heeded(thoughts):
        plain = thought.plain
        found = list(ready.phrases.spans(plain)) if ready.phrases else [Span(0, len(plain.words) - 1)]
        named = {value for span in found for value in _named(ready, plain.slice(span.first, span.last))}
        if named or (found and ready.phrases):
            values |= named
            spans.append(thought.span)
    if not spans or (ready.question.kind in ("choice", "score") and len(values) > 1):
        return None
    ordered = tuple(choice.value for choice in ready.question.choices if choice.value in values)
    return Said(ready.question.id, message, ordered, tuple(spans))


def _named(ready: _Ready, plain: Plain) -> set[str]:
    """The buttons that are called by their name; "foster mum" is not "mum"."""
    found = [(value, span) for value, pattern in ready.named for span in pattern.spans(plain)]
    return {value for value, span in found if not any(_is_within(span, other) for _, other in found)}


def _is_within(span: Span, other: Span) -> bool:
    return span != other and other.first <= span.first and span.last <= other.last


def _in_spirit(ready: _Ready, thoughts: Sequence[_Thought], message: str) -> Said | None:
    """The buttons of the topics that were heard, or the thoughts said in the spirit that a question asks for."""
    question, heeded = ready.question, ready.heeded(thoughts)
    if question.heard and question.heard.topics:
        offered = question.choices_by_topic
        meant = [thought for thought in heeded if thought.part.stance in _MEANT]
        # of one thought the surest topic that has a button: "my foster mum" need not be "seeing my family" as well
        topics = {next((topic for topic in thought.part.topics if topic in offered), None) for thought in meant}
        values = tuple(choice.value for topic, choice in offered.items() if topic in topics)
        sure = bool(values) and (question.kind == "choices" or len(values) == 1)
        return Said(question.id, message, values) if sure else None
    stances = question.heard.stance if question.heard else ()
    spans = tuple(thought.span for thought in heeded if thought.part.stance in stances and len(thought.plain.words) >= _LEAST_WORDS)
    return Said(question.id, message, (), spans) if spans else None


class _Phrases:
    """Reads phrases, says where a bad one stands, and remembers every word."""

    def __init__(self, slots: Mapping[str, Sequence[str]], spelling: SpellingSheet) -> None:
        self._spell: Callable[[str], Sequence[str]] = Normaliser(spelling).spell
        self._slots = read_slots(slots, self._spell)
        self.vocabulary: set[str] = set()

    def of_pathway(self, pathway: Pathway) -> Pattern | None:
        """The phrases by which a pathway itself is known."""
        return _pattern(self._read(("heard",), pathway.heard, self._slots))

    def ready(self, index: int, question: Question) -> _Ready:
        """A question's phrases, ready to match. `index` is its place in the file."""
        heard = question.heard
        if heard is None:
            raise LookupError(f"question '{question.id}' has nothing to hear")
        path: tuple[str | int, ...] = ("questions", index)
        named = {
            choice.value: self._read((*path, "choices", place, "heard"), choice.heard, self._slots)
            for place, choice in enumerate(question.choices)
            if choice.heard
        }
        called = [source for sources in named.values() for source in sources]
        slots = {**self._slots, "choices": self._several(called)} if called else self._slots
        return _Ready(
            question,
            _pattern(self._read((*path, "heard", "phrases"), heard.phrases, slots)),
            _pattern(self._read((*path, "heard", "unless"), heard.unless, slots)),
            tuple((value, Pattern(_any(sources))) for value, sources in named.items()),
        )

    def _several(self, sources: Sequence[Source]) -> Source:
        return read_phrase("<one> ((and|or)? <one>)? ((and|or)? <one>)?", {"one": either(sources)}, self._spell)

    def _read(self, path: tuple[str | int, ...], phrases: Sequence[str], slots: Mapping[str, Source]) -> list[Source]:
        sources = []
        for index, phrase in enumerate(phrases):
            try:
                sources.append(read_phrase(phrase, slots, self._spell))
            except PhraseMistake as mistake:
                raise HeardMistake((*path, index), str(mistake)) from None
        for source in sources:
            self.vocabulary |= source.words
        return sources


def _any(sources: Sequence[Source]) -> Source:
    return either([anchored(source) for source in sources])


def _pattern(sources: Sequence[Source]) -> Pattern | None:
    return Pattern(_any(sources)) if sources else None
