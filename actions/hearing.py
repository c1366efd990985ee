"""Outside a pathway: somebody just typed. What fits is offered, never started over their head."""

from __future__ import annotations

from actions.doing import Outcome, SaysoAction, knowledge
from actions.heard import Turn
from actions.menu import menu, who_sees
from records import understanding
from voice.pathways.model import Pathway
from voice.plain_language import bare

_ASIDES = {
    "greet": "utter_greeting",
    "goodbye": "utter_goodbye",
    "thanks": "utter_thanks_reply",
    "ask_if_person": "utter_are_you_a_person",
    "ask_advocate": "utter_advocate",
    "ask_what_happened": "utter_what_happened",
    "stop": "utter_goodbye",
}
_CONTROLS = {"advocate": "utter_advocate", "stop": "utter_goodbye"}
_ENOUGH_TO_SAY = 3
"""Words. What nobody understands but is this long is something somebody wants to say: it is offered to be kept and sent."""


class Hear(SaysoAction):
    """Answers typed words that are no answer to a question of ours."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_hear"

    def do(self, turn: Turn) -> Outcome:
        """An offer of the pathway that fits, or an answer to an aside; then always something to press."""
        known = knowledge()
        if turn.message:
            # what waited behind a "stop" was kept while the pathway was still open
            turn.message.statement_id = None
        control = known.controls.get(bare(turn.words))
        likeliest = known.library.for_intent(turn.heard.intent, turn.style)
        named = None if control or (likeliest and likeliest.raises) else _named(turn)
        if named:
            return Outcome([known.speech.offer(named, turn.style)])
        if control == "who_sees" or turn.heard.intent == "ask_who_sees":
            return Outcome([*who_sees(turn), menu(turn)])
        aside = _CONTROLS.get(control or "") or _ASIDES.get(turn.heard.intent)
        if aside:
            return Outcome([*known.speech.lines(aside, turn.style), menu(turn)])
        if control == "menu" or turn.heard.intent in ("ask_menu", "deny"):
            return Outcome([menu(turn)])
        pathway = likeliest
        if pathway is None and len(turn.words.split()) >= _ENOUGH_TO_SAY:
            pathway = known.library.pathways["say_anything"]
        if pathway is None:
            return Outcome([*known.speech.lines("utter_not_understood", turn.style), menu(turn)])
        return Outcome([known.speech.offer(pathway, turn.style)])


def _named(turn: Turn) -> Pathway | None:
    """The pathway that one of several things is about, in so many words."""
    understood = understanding.of_message(turn.work, turn.message.id) if turn.message else None
    if understood is None:
        return None
    known = knowledge()
    offered = known.library.offered(turn.style)
    return next((pathway for pathway in offered if known.beforehand[pathway.id].is_meant(turn.words, understood)), None)
