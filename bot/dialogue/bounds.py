"""Keeping the dialogue state small: the last few turns, with a head that stands for everything before them.

Rasa reads the whole history of a chat again and again in every turn, so that a chat of a hundred turns is many times slower
than a new one. RulePolicy with rules of one turn needs only: the slots, the open form, and the last turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

KEEP_TURNS = 3
"""Turns kept as they were. The rules need one; answering a message again whose answer was lost needs that message."""


def bounded(tracker: DialogueStateTracker, domain: Domain, keep: int = KEEP_TURNS) -> list[Event]:
    """The events that stand for this tracker: at most `keep` turns of the young person, and a head for all before them."""
    events = list(tracker.events)
    turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= keep:
        return events
    cut = turns[-keep]
    return [*_head(tracker.sender_id, events[:cut], domain), *events[cut:]]


def _head(sender: str, events: Sequence[Event], domain: Domain) -> list[Event]:
    """A few events that bring an empty tracker to where `events` bring it."""
    before = DialogueStateTracker.from_events(sender, list(events), slots=domain.slots)
    at = events[-1].timestamp
    head: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at), SessionStarted(timestamp=at)]
    slots = [slot for slot in before.slots.values() if slot.value != slot.initial_value and slot.name != REQUESTED_SLOT]
    head += [SlotSet(slot.name, slot.value, timestamp=at) for slot in slots]
    loop = before.active_loop_name
    if loop:
        # without a run of the form in the history, Rasa would take the next run for its first
        head += [
            ActionExecuted(ACTION_LISTEN_NAME, timestamp=at),
            ActiveLoop(loop, timestamp=at),
            ActionExecuted(loop, timestamp=at),
            SlotSet(REQUESTED_SLOT, before.get_slot(REQUESTED_SLOT), timestamp=at),
        ]
    head.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return head
