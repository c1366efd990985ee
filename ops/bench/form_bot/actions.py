"""The actions of a five-question form, as rasa-sdk's documentation has people write them."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

SHORTEST = 3
FEELINGS = ("happy", "calm", "sad")
SCORES = ("1", "2", "3", "4", "5")


class ValidateFeedbackForm(FormValidationAction):
    """Checks each answer, and asks again when it does not fit."""

    def name(self) -> str:
        """Rasa calls an action of this name to validate the form."""
        return "validate_feedback_form"

    def validate_news(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        """Something was said."""
        return said("news", value, dispatcher)

    def validate_feeling(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        """One of the buttons."""
        return offered("feeling", value, FEELINGS, dispatcher)

    def validate_listens(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        """From 1 to 5."""
        return offered("listens", value, SCORES, dispatcher)

    def validate_better(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        """Something was said."""
        return said("better", value, dispatcher)

    def validate_wanted(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        """Something was said."""
        return said("wanted", value, dispatcher)


class ActionSubmit(Action):
    """Reads the answers back, and forgets them so that the form can be filled in again."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_submit"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Nothing is kept but what Rasa's own tracker keeps."""
        dispatcher.utter_message(response="utter_summary")
        return [AllSlotsReset()]


def said(slot: str, value: Any, dispatcher: CollectingDispatcher) -> dict[str, Any]:
    """The words, if there are enough of them."""
    if len(str(value).strip()) >= SHORTEST:
        return {slot: value}
    dispatcher.utter_message(response="utter_too_short")
    return {slot: None}


def offered(slot: str, value: Any, choices: tuple[str, ...], dispatcher: CollectingDispatcher) -> dict[str, Any]:
    """The choice, if it was offered."""
    if value in choices:
        return {slot: value}
    dispatcher.utter_message(response="utter_not_offered")
    return {slot: None}
