"""What a pathway file may say.

The files are `data/pathways/*.yml`, one pathway a file, and `data/pathways/ending.yml` for the questions every
pathway ends with. The models here are their schema: a mistake in a file is refused with file, line and reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from pydantic import Field, model_validator

from voice.wording import Sheet, Style, Words

Topic = Literal[
    "home",
    "bedroom_things",
    "carers",
    "family_time",
    "brothers_sisters",
    "friends",
    "school_college_work",
    "health_body",
    "feelings_mind",
    "safety_bullying",
    "my_worker",
    "meetings_reviews",
    "my_plan",
    "being_listened_to",
    "why_in_care_story",
    "identity_culture_faith_language",
    "fun_hobbies_pets",
    "food_routine_rules",
    "money",
    "phone_internet",
    "moving_home",
    "travel_distance",
    "growing_up_pathway",
    "housing_18plus",
    "records",
    "language_used",
    "advocacy_complaint",
    "thanks_good_news",
    "other",
]
"""The theme codes of the field research, section 3.4."""

TOPICS: tuple[str, ...] = get_args(Topic)

Identifier = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")
Raises = Literal["check", "urgent"]


class Choice(Sheet):
    """One button under a question."""

    value: str = Identifier
    label: Words
    picture: str | None = None
    topic: Topic | None = None
    raises: Raises | None = None
    """Picking this button raises a flag of this level with no detector in between ("I do not feel safe")."""
    heard: tuple[str, ...] = ()
    """Phrases (voice.safeguarding.phrases) that stand for this button where the question has `heard`."""

    @model_validator(mode="after")
    def _a_flag_is_raised_by_hand(self) -> Choice:
        if self.heard and self.raises:
            raise ValueError(f"'{self.value}' raises a flag, so it is never picked from what was heard; leave out its 'heard'")
        return self


class Heard(Sheet):
    """From what a question may be answered before it is asked. Sayso shows back what it heard, and asks for a yes.

    `topics` picks the buttons whose topic was heard, `stance` takes the thoughts said in that spirit, and `phrases` the
    thoughts in which one of them stands, with the buttons that are named in it. In a phrase `<choices>` is up to three of
    the question's own buttons, by their `heard`. Without `phrases`, those of the buttons are looked for by themselves.
    """

    topics: bool = False
    stance: tuple[Literal["praise", "worry", "wish"], ...] = ()
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Thoughts with one of these phrases in them are left alone."""


class When(Sheet):
    """Skip logic: the question is asked only if an earlier one was answered so."""

    question: str = Identifier
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> When:
        if not self.any_of and not self.none_of:
            raise ValueError("'when' needs any_of or none_of, or it decides nothing")
        return self


class Question(Sheet):
    """One question, in both styles.

    `kind`: `text` waits for words; `choice` offers buttons, one answer; `choices` lets several be picked;
    `score` is a choice whose values are 1 to 5 (1 to 3 in easy pictures). Typed words are welcome at every kind
    and are kept as they are.
    """

    id: str = Identifier
    save: str = Identifier
    kind: Literal["text", "choice", "choices", "score"]
    ask: Words
    meaning: Words
    topic: Topic = "other"
    choices: tuple[Choice, ...] = ()
    when: When | None = None
    for_each: str | None = None
    """Ask once for each button picked at that earlier question; `{picked}` in `ask` becomes its label."""
    heard: Heard | None = None

    @model_validator(mode="after")
    def _buttons_fit_the_kind(self) -> Question:
        if self.kind == "text" and self.choices:
            raise ValueError("a text question has no choices; make it kind 'choice', typed words are welcome there too")
        if self.kind != "text" and len(self.choices) < 2:
            raise ValueError(f"a {self.kind} question needs at least two choices")
        _no_twins("choice", (choice.value for choice in self.choices))
        if self.for_each is None and any("{picked}" in self.ask.in_style(style) for style in Style):
            raise ValueError("'{picked}' only means something with for_each")
        return self

    @model_validator(mode="after")
    def _can_be_heard(self) -> Question:
        if self.heard is None:
            if any(choice.heard for choice in self.choices):
                raise ValueError("its choices have 'heard', the question has not")
            return self
        if self.when or self.for_each:
            raise ValueError("a question with 'when' or 'for_each' may never be asked, so it has no 'heard'")
        if self.heard.stance and self.kind != "text":
            raise ValueError("'stance' takes thoughts as they were said, which only a text question does")
        if self.heard.topics:
            if not self.choices_by_topic:
                raise ValueError("'topics' needs choices with a topic")
            _no_twins("topic", (choice.topic or "" for choice in self.choices if choice.topic and not choice.raises))
        elif not (self.heard.stance or self.heard.phrases or any(choice.heard for choice in self.choices)):
            raise ValueError("'heard' needs topics, stance or phrases, or it hears nothing")
        return self

    @property
    def choices_by_topic(self) -> dict[Topic, Choice]:
        """Topic → the button that may be picked because it was heard. What raises a flag is only ever picked by hand."""
        return {choice.topic: choice for choice in self.choices if choice.topic and choice.topic != "other" and not choice.raises}


class Pathway(Sheet):
    """One pathway file."""

    id: str = Identifier
    code: str = Field(pattern=r"^[A-G]\d{1,2}$")
    version: int = Field(ge=1)
    title: Words
    picture: str
    styles: tuple[Style, ...] = (Style.standard, Style.easy)
    """In which styles the menu offers it. Every sentence has both styles anyway, so a switch half-way is safe."""
    intents: tuple[str, ...] = ()
    """The intents (data/nlu) that make Sayso offer this pathway to someone who just typed."""
    heard: tuple[str, ...] = ()
    """Phrases (voice.safeguarding.phrases) that say so too, in a message of several things: one of them may be the likeliest
    intent by far, and "my reviews thursday" be meant all the same."""
    offer: Words
    """Said when typed words look like this pathway, before the yes."""
    opening: tuple[Words, ...] = ()
    """Said before the first question, one bubble each."""
    closing: tuple[Words, ...] = ()
    """Said when a pathway without an ending is finished."""
    ending: bool = True
    """Whether it ends with the questions of ending.yml and becomes a statement. Hello and 'I need help now' do not."""
    raises: Raises | None = None
    """Opening it raises a flag of this level at once."""
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Pathway:
        _no_twins("question", (question.id for question in self.questions))
        _no_twins("saved field", (question.save for question in self.questions))
        _looks_back(self.questions)
        return self


OPENING = "opening_words"
"""The name of the words that began a pathway before it asked anything."""
ADDED = "added_words"
"""The name of words that came while only buttons were asked for."""


class Ending(Sheet):
    """The questions with which every statement ends (`data/pathways/ending.yml`)."""

    opening: Question
    """Asked only to change the words that began the pathway."""
    added: Question
    """Asked only to change words that were added."""
    wanted: Question
    recipients: Question
    hide_from: Question
    check: Question
    send: Question
    which_to_change: Words
    nothing_said: Words

    @model_validator(mode="after")
    def _unasked_words_have_their_names(self) -> Ending:
        for question, name in ((self.opening, OPENING), (self.added, ADDED)):
            if (question.id, question.save) != (name, name):
                raise ValueError(f"the question '{question.id}' must have '{name}' as its id and as what it saves")
        return self

    @model_validator(mode="after")
    def _who_reads_it_is_always_asked(self) -> Ending:
        questions = (self.opening, self.added, self.wanted, self.recipients, self.hide_from, self.check, self.send)
        if any(question.heard for question in questions):
            raise ValueError("the questions of the ending are always asked, so they have no 'heard'")
        return self


class MenuEntry(Sheet):
    """One line of the menu: the pathway it opens in each style."""

    standard: str = Identifier
    easy: str = Identifier


class Menu(Sheet):
    """`data/pathways/menu.yml`: what is offered, in which order, in each style."""

    ask: Words
    entries: tuple[MenuEntry, ...] = Field(min_length=1)


def _no_twins(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two of kind '{kind}' are called '{name}'")
        seen.add(name)


def _looks_back(questions: tuple[Question, ...]) -> None:
    """Skip logic and repeats may only refer to a question asked earlier, and to buttons it has."""
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.when:
            source = earlier.get(question.when.question)
            if source is None:
                raise ValueError(f"question '{question.id}': 'when' names '{question.when.question}', which is not asked before it")
            for value in (*question.when.any_of, *question.when.none_of):
                if value not in {choice.value for choice in source.choices}:
                    raise ValueError(f"question '{question.id}': '{source.id}' has no choice '{value}'")
        if question.for_each:
            source = earlier.get(question.for_each)
            if source is None or source.kind != "choices":
                raise ValueError(
                    f"question '{question.id}': for_each names '{question.for_each}', which is not an earlier 'choices' question"
                )
        earlier[question.id] = question
