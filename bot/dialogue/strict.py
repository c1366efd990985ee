"""What Rasa does when something fails, replaced: it stops, and says so, instead of going on as if nothing had happened.

Each function here takes the place of one of Rasa 3.6.21; `overrides.py` lists which, and puts them there.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.turn import TurnFailed


async def run_action(
    self: MessageProcessor,
    action: Action,
    tracker: DialogueStateTracker,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    prediction: PolicyPrediction,
) -> bool:
    """Replaces MessageProcessor._run_action (rasa/core/processor.py).

    Rasa's own catches every exception of an action, drops its events, and runs the next action of the rule: a "thank you, that
    is saved" after a save that failed (Rasa issue 5588). Here the exception ends the turn as TurnFailed, naming the action and
    the kind of error, never its text, which may quote the young person. An action is given a copy of the tracker only when
    the policy has events for it: no action changes the tracker it is given.
    """
    working = tracker
    if prediction.events:
        working = tracker.copy()
        working.update_with_events(prediction.events, self.domain)
    try:
        events = await action.run(output_channel, nlg, working, self.domain)
    except ActionExecutionRejection:
        tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
        return bool(self.should_predict_another_action(action.name()))
    except TurnFailed:
        raise
    except Exception as error:
        raise TurnFailed(f"{action.name()} {type(error).__name__}") from None
    self._log_action_on_tracker(tracker, action, events, prediction)
    await self.execute_side_effects(events, tracker, output_channel)
    return bool(self.should_predict_another_action(action.name()))


def create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """Replaces Agent._create_tracker_store (rasa/core/agent.py).

    Rasa's own wraps every store so that a failed read looks like a new chat and a failed save goes to memory, both unnoticed
    (safety research, E14 to E20). Here a store that fails fails the turn.
    """
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


def refuse(result: Any) -> TurnFailed:
    """The failure of an action server that answered something else than events and responses."""
    return TurnFailed(f"action server answered {type(result).__name__} of a wrong shape")
