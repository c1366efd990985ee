"""The small dialogue state leads to the same dialogue as the whole history."""

from __future__ import annotations

import random
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.bounds import KEEP_TURNS, bounded
from bot.dialogue.channel import Mouth
from bot.dialogue.tracker_store import SealedTrackerStore
from bot.dialogue.turn import Turn, begin
from tests.bot.dialogue.rows import FakeRows
from tests.bot.dialogue.toy import ToyActions, choose

pytestmark = pytest.mark.stack

SENDER = "b" * 64
SAID = [
    *(choose(payload) for payload in ("open:review", "open:change", "menu:", "answer:good", "control:stop", "control:who_sees")),
    *("yes please", "no", "thanks", "my review is on tuesday", "i miss my brother", "stop", "zzzz qqqq", "who will see this"),
]


async def played(agent: Agent, store: Any, said: list[str]) -> list[tuple[list[str], list[str]]]:
    """For each message: the actions Rasa chose (as the actions server saw them) and what was said."""
    processor = agent.processor
    assert processor is not None
    toy = ToyActions()
    processor.action_endpoint, processor.tracker_store, agent.tracker_store = toy, store, store
    result = []
    for n, text in enumerate(said):
        toy.calls.clear()
        turn = Turn(f"message {n}")
        begin(turn)
        await agent.handle_message(UserMessage(text, Mouth(turn), SENDER, message_id=turn.message_id))
        result.append((list(toy.calls), [str(message["text"]) for message in turn.messages]))
    return result


async def test_two_hundred_turns_in_and_out_of_pathways_go_the_same_way_bounded_and_unbounded(agent: Agent) -> None:
    said = random.Random(1).choices(SAID, k=200)
    whole = await played(agent, InMemoryTrackerStore(agent.domain), said)
    small = await played(agent, SealedTrackerStore(domain=agent.domain, rows=FakeRows()), said)
    assert small == whole
    assert {"action_hear", "action_open_pathway", "validate_pathway_form", "action_ask_answer", "action_finish_pathway"} <= {
        name for calls, _ in whole for name in calls
    }


async def test_a_state_that_is_read_back_from_its_row_every_time_goes_the_same_way(agent: Agent) -> None:
    said = random.Random(4).choices(SAID, k=100)
    whole = await played(agent, InMemoryTrackerStore(agent.domain), said)
    rows = FakeRows()

    class Forgetful(SealedTrackerStore):
        """A Rasa that starts anew before every message."""

        async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
            return await SealedTrackerStore(domain=agent.domain, rows=rows).retrieve(sender_id)

    assert await played(agent, Forgetful(domain=agent.domain, rows=rows), said) == whole


async def test_the_state_does_not_grow_with_the_chat(agent: Agent) -> None:
    rows = FakeRows()
    store = SealedTrackerStore(domain=agent.domain, rows=rows)
    sizes = []
    for _ in range(6):
        await played(agent, store, random.Random(5).choices(SAID, k=20))
        begin(Turn("somebody looks"))
        tracker = await store.retrieve(SENDER)
        assert tracker is not None
        assert sum(isinstance(event, UserUttered) for event in tracker.events) == KEEP_TURNS
        sizes.append(len(rows.kept[SENDER][0]))
    assert max(sizes) < 1.1 * min(sizes)


async def test_the_head_stands_for_slots_and_open_form(agent: Agent) -> None:
    store = InMemoryTrackerStore(agent.domain)
    await played(agent, store, [choose("open:review"), *["an answer"] * 4])
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    tracker.events.insert(2, SlotSet("style", "easy"))
    small = DialogueStateTracker.from_events(SENDER, bounded(tracker, agent.domain, keep=1), slots=agent.domain.slots)
    assert sum(isinstance(event, UserUttered) for event in small.events) == 1
    assert small.active_loop_name == "pathway_form"
    assert small.current_slot_values() == {**tracker.current_slot_values(), "style": "easy"}
