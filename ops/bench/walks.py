"""What users say and what must come back (walks.yml), with every expected sentence looked up where the bot has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from records.library import load_pathways
from records.reading import read_sheet, read_tree
from voice.wording import Sheet, Style

_FILE = Path(__file__).parent / "walks.yml"


@dataclass(frozen=True)
class Step:
    """One turn. Typed words, or the labels of buttons to press; and the sentence that must be in the answer."""

    say: str
    press: tuple[str, ...]
    expected: str


class _Pathway(Sheet):
    pathway: str
    answers: dict[str, str | tuple[str, ...]]


class _Turn(Sheet):
    say: str
    then: str
    slot: str = ""
    value: str = ""
    """What lands in the slot, when it is not what was said."""


class _Walks(Sheet):
    sayso: _Pathway
    form_bot: tuple[_Turn, ...]
    init_bot: tuple[_Turn, ...]


def sayso_walk(root: Path) -> list[Step]:
    """From the menu through a whole pathway to its sending, after which the menu is there again. Raises DataMistake, KeyError."""
    plan = _read().sayso
    library = load_pathways(root)
    pathway, ending = library.pathways[plan.pathway], library.ending
    fixed = (ending.wanted, ending.recipients, ending.hide_from, ending.check, ending.send)
    questions = {question.id: question for question in (*pathway.questions, *fixed)}
    asked = [questions[name].ask.in_style(Style.standard) for name in plan.answers] + [library.menu.ask.in_style(Style.standard)]
    steps = [Step("", (pathway.title.in_style(Style.standard),), asked[0])]
    for (name, answer), following in zip(plan.answers.items(), asked[1:], strict=True):
        labels = {choice.value: choice.label.in_style(Style.standard) for choice in questions[name].choices}
        steps.append(
            Step(answer, (), following) if isinstance(answer, str) else Step("", tuple(labels[value] for value in answer), following)
        )
    return steps


def form_walk(project: Path) -> list[Step]:
    """The form bot's five questions, with its domain's sentences. Raises DataMistake, KeyError."""
    return _rest_walk(_read().form_bot, project)


def init_walk(project: Path) -> list[Step]:
    """Small talk with the bot of `rasa init`, with its domain's sentences. Raises DataMistake, KeyError."""
    return _rest_walk(_read().init_bot, project)


def _rest_walk(turns: Sequence[_Turn], project: Path) -> list[Step]:
    responses = read_tree(project / "domain.yml")["responses"]
    slots = {turn.slot: turn.value or turn.say for turn in turns if turn.slot}
    return [Step(turn.say, (), _filled(str(responses[turn.then][0]["text"]), slots)) for turn in turns]


def _filled(template: str, slots: Mapping[str, str]) -> str:
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format_map(slots) if names else template


def _read() -> _Walks:
    return read_sheet(_FILE, _Walks)
