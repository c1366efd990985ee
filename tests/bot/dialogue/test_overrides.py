"""Every override replaces what we think it replaces, and does the same where it should."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.dialogue import fast, overrides
from bot.dialogue.overrides import OVERRIDES, Override
from bot.dialogue.turn import TurnFailed
from tests.bot.dialogue.test_bounds import SENDER, played
from tests.bot.dialogue.toy import choose


def override(name: str) -> Override:
    (found,) = (one for one in OVERRIDES if one.name == name)
    return found


@pytest.mark.parametrize("one", OVERRIDES, ids=lambda one: f"{getattr(one.owner, '__name__', '')}.{one.name}")
def test_rasa_has_not_changed_under_an_override(one: Override) -> None:
    assert one.fingerprint_now() == one.fingerprint


def test_every_override_is_in_its_place_and_putting_it_there_again_changes_nothing() -> None:
    for _ in range(2):
        overrides.apply()
        for one in OVERRIDES:
            assert getattr(one.owner, one.name) is getattr(one.replacement, "__func__", one.replacement)


def test_every_event_of_rasa_is_found_by_its_name() -> None:
    original = override("resolve_by_type").original.__func__
    for known in all_subclasses(Event):
        assert fast.resolve_by_type(known.type_name) is original(known.type_name)
    with pytest.raises(ValueError, match="Unknown event"):
        fast.resolve_by_type("no such event")
    assert fast.resolve_by_type("no such event", SlotSet) is SlotSet


@pytest.mark.parametrize("result", [{}, {"events": [], "responses": []}, {"events": [{"event": "slot", "name": "answer", "value": None}]}])
def test_good_answers_of_the_action_server_are_taken(result: Any) -> None:
    assert RemoteAction("action_hear", None)._validate_action_result(result)


@pytest.mark.parametrize("result", [None, [], {"events": {}}, {"responses": ["canary"]}, {"events": [{"event": "canary"}]}])
def test_bad_answers_of_the_action_server_fail_the_turn_without_quoting_them(result: Any) -> None:
    with pytest.raises(TurnFailed) as failed:
        RemoteAction("action_hear", None)._validate_action_result(result)
    assert "canary" not in str(failed.value)


@pytest.fixture
async def chat(agent: Agent) -> DialogueStateTracker:
    """A whole chat in the middle of a pathway."""
    store = InMemoryTrackerStore(agent.domain)
    await played(agent, store, ["hello", "yes", choose("open:review"), "one", choose("control:stop"), choose("open:change"), "two"])
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    return DialogueStateTracker.from_events(SENDER, list(tracker.events), slots=agent.domain.slots)


@pytest.mark.stack
async def test_an_action_is_sent_the_latest_message_and_the_slots_and_no_more(agent: Agent, chat: DialogueStateTracker) -> None:
    action = RemoteAction("validate_pathway_form", None)
    ours = action._action_call_format(chat, agent.domain)
    theirs = override("_action_call_format").original(action, chat, agent.domain)
    for one in (theirs, theirs["tracker"]):
        one.pop("domain", None)
        one["events"] = None
    theirs.pop("events")
    assert ours == theirs
    assert ours["tracker"]["latest_message"]["text"] == "two"


@pytest.mark.stack
async def test_the_model_gives_the_same_results_run_in_a_fixed_order(agent: Agent, chat: DialogueStateTracker) -> None:
    processor = agent.processor
    assert processor is not None
    runner: Any = processor.graph_runner
    original = override("run").original
    metadata = processor.model_metadata
    for words in ("my review is on tuesday", choose("open:review"), "zzzz"):
        inputs = {"__message__": [UserMessage(words)], "__tracker__": chat}
        again = {"__message__": [UserMessage(words)], "__tracker__": chat}
        ours = runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]
        theirs = original(runner, inputs=again, targets=[metadata.nlu_target])[metadata.nlu_target][0]
        assert ours.as_dict(only_output_properties=True) == theirs.as_dict(only_output_properties=True)
    prediction = runner.run(inputs={"__tracker__": chat}, targets=[metadata.core_target])[metadata.core_target]
    expected = original(runner, inputs={"__tracker__": chat}, targets=[metadata.core_target])[metadata.core_target]
    assert prediction.probabilities == expected.probabilities
