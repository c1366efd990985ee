"""Inside a pathway: hearing an answer, and asking the next question. Which question that is, `voice` decides."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.doing import Outcome, SaysoAction, knowledge
from actions.heard import Turn
from actions.pathway_turn import ON, PathwayTurn

OVER = "over"
"""A value that stays in the form's only slot: the form is finished."""


class ValidatePathwayForm(SaysoAction):
    """Keeps the answer, heeds the control; empties the slot to go on, fills it to end."""

    def name(self) -> str:
        """Rasa calls an action of this name to validate the form."""
        return "validate_pathway_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """The first call, when the form starts, brings no answer: nothing is to be kept."""
        if tracker.slots.get("requested_slot") is None:
            return []
        return await super().run(dispatcher, tracker, domain)

    def do(self, turn: Turn) -> Outcome:
        """Without a statement (its chat was cleared meanwhile) the form has nothing to be about and ends."""
        talk = PathwayTurn.of(turn, knowledge())
        return talk.hear() if talk else Outcome(result="nothing")

    def events(self, result: str) -> list[dict[str, Any]]:
        """Empty: ask on. Filled: over."""
        return [SlotSet("answer", None if result == ON else OVER)]


class AskAnswer(SaysoAction):
    """Asks the open question."""

    changes = False

    def name(self) -> str:
        """Rasa calls an action of this name to ask for the slot `answer`."""
        return "action_ask_answer"

    def do(self, turn: Turn) -> Outcome:
        """The bubbles of where the talk is."""
        talk = PathwayTurn.of(turn, knowledge())
        return Outcome(talk.ask()) if talk else Outcome([knowledge().speech.menu(turn.style)])
