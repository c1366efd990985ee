"""What Sayso says at each place of a talk, as bubbles. Pure: the sentences come from the data files, through `say`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from voice.messages import Bubble, Button, Kind
from voice.pathways.model import Choice, Ending, Menu, Pathway, Question
from voice.pathways.walk import Asked, Given, Place, Walk
from voice.wording import Style, Words

CONTROLS = ("skip", "dont_know", "back", "stop", "who_sees", "meaning", "advocate")
"""What can be pressed under every question (design: one form, many pathways). "Tell someone now" is on the page itself."""


class Tongue(Protocol):
    """Finds the sentences of data/responses by their keys (records.wording)."""

    def say(self, key: str, style: Style | str, **values: object) -> str:
        """The sentence with its values filled in."""

    def bubbles(self, key: str, style: Style | str, **values: object) -> list[str]:
        """The same, cut into bubbles where its file has a blank line."""


@dataclass(frozen=True)
class Line:
    """One answer as it is read back: the question as it was shown, and what was said; None: skipped."""

    asked: Asked
    question: str
    said: str | None


class Speech:
    """The bubbles for every place of every pathway."""

    def __init__(self, pathways: Mapping[str, Pathway], ending: Ending, menu: Menu, tongue: Tongue) -> None:
        self.pathways = pathways
        self.ending = ending
        self._menu = menu
        self.say = tongue.say
        self._tongue = tongue

    def walk(self, pathway_id: str) -> Walk:
        """The walk through a pathway. Raises KeyError for one that is not there."""
        return Walk(self.pathways[pathway_id], self.ending)

    def hello(self, style: Style, mode: str) -> list[Bubble]:
        """The first bubbles of a chat: who is speaking, then the menu."""
        greeting = "utter_hello_with_helper" if mode == "with_helper" else "utter_hello"
        return [*self.lines(greeting, style), self.menu(style)]

    def lines(self, key: str, style: Style, kind: Kind = "text", code: bool = False, /, **values: object) -> list[Bubble]:
        """A sentence of data/responses as bubbles, one idea in each. `code` marks a sentence with the return code in it."""
        if code:
            values["code"] = "{code}"
        return [Bubble(text, kind, code=code and "{code}" in text) for text in self._tongue.bubbles(key, style, **values)]

    def menu(self, style: Style, drafts: Sequence[tuple[str, str]] = (), sent: str | None = None) -> Bubble:
        """What someone can do. `drafts` are (statement id, pathway id) put aside; `sent` is the id of a statement that can be changed."""
        buttons = [self._draft_button(statement, pathway, style) for statement, pathway in drafts]
        for entry in self._menu.entries:
            pathway = self.pathways[entry.easy if style is Style.easy else entry.standard]
            buttons.append(Button(f"open:{pathway.id}", pathway.title.in_style(style), pathway.picture, raises=pathway.raises))
        if sent:
            buttons.append(Button(f"revise:{sent}", self.say("utter_change_what_i_sent", style), "change"))
        return Bubble(
            self._menu.ask.in_style(style),
            kind="question",
            choices=tuple(buttons),
            controls=self._controls(("who_sees", "advocate"), style),
        )

    def offer(self, pathway: Pathway, style: Style) -> Bubble:
        """Asks whether this is the pathway somebody means."""
        return Bubble(
            pathway.offer.in_style(style),
            kind="question",
            choices=(
                Button(f"offer:{pathway.id}", self.say("utter_offer_pathway_yes", style), "yes", raises=pathway.raises),
                Button("menu:", self.say("utter_offer_pathway_no", style), "menu"),
            ),
            controls=self._controls(("who_sees", "advocate"), style),
        )

    def opening(self, pathway: Pathway, style: Style) -> list[Bubble]:
        """What is said before the first question."""
        return [Bubble(line.in_style(style)) for line in pathway.opening]

    def closing(self, pathway: Pathway, style: Style) -> list[Bubble]:
        """What is said when a pathway without an ending is over."""
        return [Bubble(line.in_style(style)) for line in pathway.closing]

    def at(self, walk: Walk, place: Place, given: Mapping[Asked, Given], lines: Sequence[Line], style: Style) -> list[Bubble]:
        """The bubbles of a place: its question, with everything that can be pressed. `lines` are read back where that is due:
        the answers so far, or what was said already."""
        if place.stage == "question" and place.asked:
            return [self._question(walk, place, place.asked, given, style)]
        if place.stage == "said":
            return self._show_back(place, lines, style)
        if place.stage == "carry_on":
            return [self._carry_on(walk, style)]
        if place.stage == "which":
            return [self._which([line for line in lines if walk.has(line.asked)], style)]
        if place.stage == "send":
            return [self._stage(self.ending.send, "send", style)]
        return [*self._read_back(lines, style), self._stage(self.ending.check, "check", style)]

    def meaning(self, walk: Walk, place: Place, style: Style) -> str:
        """What the open question means, in other words."""
        if place.stage == "said":
            return self.say("utter_heard_meaning", style)
        question = walk.question(place.asked) if place.asked and place.stage == "question" else self._stage_question(place)
        return (question.meaning if question else self.ending.which_to_change).in_style(style)

    def pair(self, standard_and_easy: Words, style: Style) -> Bubble:
        """One sentence as a bubble."""
        return Bubble(standard_and_easy.in_style(style))

    def that_was_my_answer(self, payload: str, style: Style) -> Button:
        """For someone whose answer was taken for a control."""
        return Button(payload, self.say("utter_that_was_my_answer", style), "done")

    def _question(self, walk: Walk, place: Place, asked: Asked, given: Mapping[Asked, Given], style: Style) -> Bubble:
        question = walk.question(asked)
        progress = walk.progress(place, given)
        return Bubble(
            walk.wording(asked, style),
            kind="question",
            choices=tuple(_choice("answer", choice, style) for choice in question.choices),
            controls=self._controls(CONTROLS if progress[0] > 1 else tuple(name for name in CONTROLS if name != "back"), style),
            many=question.kind == "choices",
            progress=progress,
        )

    def _show_back(self, place: Place, lines: Sequence[Line], style: Style) -> list[Bubble]:
        said = [self.say("utter_summary_line", style, question=line.question, answer=line.said) for line in lines]
        first = place.said[0].question
        asks = Bubble(
            self.say("utter_heard_right", style),
            kind="question",
            choices=(
                Button(f"said:yes:{first}", self.say("utter_heard_yes", style), "yes"),
                Button(f"said:no:{first}", self.say("utter_heard_not_quite", style), "change"),
            ),
            controls=self._controls(("stop", "who_sees", "meaning", "advocate"), style),
        )
        return [Bubble(self.say("utter_heard_intro", style)), *(Bubble(text, kind="summary") for text in said), asks]

    def _carry_on(self, walk: Walk, style: Style) -> Bubble:
        buttons = [Button("carry:on", self.say("utter_carry_on", style), "yes")]
        if walk.pathway.ending:
            buttons.append(Button("carry:enough", self.say("utter_said_enough", style), "done"))
        buttons.append(Button("carry:stop", self.say("utter_control_stop", style), "stop"))
        return Bubble(
            self.say("utter_carry_on_or_stop", style),
            kind="question",
            choices=tuple(buttons),
            controls=self._controls(("back", "who_sees", "advocate"), style),
        )

    def _read_back(self, lines: Sequence[Line], style: Style) -> list[Bubble]:
        # what was skipped is not read back: a list of "skipped" looks like a list of faults
        said = [self.say("utter_summary_line", style, question=line.question, answer=line.said) for line in lines if line.said is not None]
        return [Bubble(self.say("utter_read_back_intro", style)), *(Bubble(text, kind="summary") for text in said)]

    def _which(self, lines: Sequence[Line], style: Style) -> Bubble:
        buttons = tuple(Button(f"edit:{line.asked.question}:{line.asked.round or ''}", line.question, None) for line in lines)
        return Bubble(
            self.ending.which_to_change.in_style(style),
            kind="question",
            choices=buttons,
            controls=self._controls(("back", "stop", "who_sees", "meaning", "advocate"), style),
        )

    def _stage(self, question: Question, stage: str, style: Style) -> Bubble:
        return Bubble(
            question.ask.in_style(style),
            kind="question",
            choices=tuple(_choice(stage, choice, style) for choice in question.choices),
            controls=self._controls(("back", "stop", "who_sees", "meaning", "advocate"), style),
        )

    def _stage_question(self, place: Place) -> Question | None:
        return {"check": self.ending.check, "send": self.ending.send}.get(place.stage)

    def _draft_button(self, statement_id: str, pathway_id: str, style: Style) -> Button:
        pathway = self.pathways[pathway_id]
        label = self.say("utter_carry_on_with", style, title=pathway.title.in_style(style))
        return Button(f"resume:{statement_id}", label, pathway.picture, raises=pathway.raises)

    def _controls(self, names: Sequence[str], style: Style) -> tuple[Button, ...]:
        return tuple(Button(f"control:{name}", self.say(f"utter_control_{name}", style), name, name=name) for name in names)


def _choice(kind: str, choice: Choice, style: Style) -> Button:
    return Button(f"{kind}:{choice.value}", choice.label.in_style(style), choice.picture, raises=choice.raises)
