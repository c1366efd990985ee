"""What somebody means who is being asked something: an answer, a button, or "wait, who will see this?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.heard import Heard
from voice.pathways.model import Question
from voice.plain_language import bare
from voice.wording import Style

_SURE = 0.85
_SHORT = 9
"""Words. Only a short line that is surely an aside is taken for one; everything else is an answer."""

_NO_MORE_THAN_YES = 4
"""Words. "yes but its on friday" says more than yes, and is kept."""

_ASIDES = {
    "ask_who_sees": "who_sees",
    "ask_meaning": "meaning",
    "ask_advocate": "advocate",
}
"""Intents that are questions to Sayso rather than answers, and the control each means."""


@dataclass(frozen=True)
class Meant:
    """`control`, or `values` of buttons, or neither: then the words are the answer. `guessed` is set when the words were
    only taken for a control, so that somebody who meant them as an answer can say so."""

    control: str | None = None
    values: tuple[str, ...] = ()
    guessed: bool = False


def meant(heard: Heard, words: str, question: Question | None, style: Style, controls: Mapping[str, str]) -> Meant:
    """Reads typed words. A phrase of data/words/controls.yml is a control, a label typed out is its button, a short sure
    aside is a control too, and all else is an answer in the young person's own words."""
    said = bare(words)
    label = _label_typed(said, question, style)
    if label:
        return Meant(values=(label,))
    if said in controls:
        return Meant(control=controls[said])
    aside = _ASIDES.get(heard.intent)
    if aside and heard.confidence >= _SURE and len(said.split()) <= _SHORT:
        return Meant(control=aside, guessed=True)
    return Meant()


def yes_or_no(heard: Heard, words: str, yes: str, no: str) -> bool | None:
    """Whether typed words are the button `yes`, or the button `no`, or mean so; None for what has more to say."""
    said = bare(words)
    if said in (bare(yes), bare(no)):
        return said == bare(yes)
    if heard.intent in ("affirm", "deny") and len(said.split()) <= _NO_MORE_THAN_YES:
        return heard.intent == "affirm"
    return None


def _label_typed(said: str, question: Question | None, style: Style) -> str | None:
    """The button whose label was typed out. Of a score's label, "4 Good", either half will do."""
    for choice in question.choices if question else ():
        label = bare(choice.label.in_style(style))
        number, _, rest = label.partition(" ")
        if said in (label, choice.value) or (number.isdigit() and said in (number, rest)):
            return choice.value
    return None
