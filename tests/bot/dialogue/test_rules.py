"""The rules of the dialogue, with the trained model: when a pathway starts, goes on and ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.dialogue.tracker_store import SealedTrackerStore
from bot.dialogue.turn import Turn, begin
from tests.bot.dialogue.conftest import Say
from tests.bot.dialogue.rows import FakeRows
from tests.bot.dialogue.toy import QUESTIONS, ToyActions, choose

pytestmark = pytest.mark.stack

SENDER = "a" * 64


Loop = Callable[[], Awaitable[str | None]]


@pytest.fixture
def loop(agent: Agent, rows: FakeRows) -> Loop:
    """The form that is open after a turn, as another Rasa would read it. Fails if Rasa is not listening."""

    async def read() -> str | None:
        begin(Turn("somebody looks"))
        tracker = await SealedTrackerStore(domain=agent.domain, rows=rows).retrieve(SENDER)
        assert tracker is not None
        assert tracker.latest_action_name == "action_listen"
        name: str | None = tracker.active_loop_name
        return name

    return read


async def test_a_button_of_the_menu_opens_a_pathway_and_the_first_question_comes_at_once(say: Say, toy: ToyActions, loop: Loop) -> None:
    assert await say(choose("open:review")) == ["opening", "question 0"]
    assert toy.calls == ["action_open_pathway", "validate_pathway_form", "action_ask_answer"]
    assert await loop() == "pathway_form"


async def test_the_validator_is_called_once_when_a_pathway_opens_and_has_nothing_to_keep(say: Say, toy: ToyActions) -> None:
    await say(choose("open:review"))
    tracker = toy.seen[1]["tracker"]
    assert tracker["slots"]["requested_slot"] is None
    assert tracker["slots"]["answer"] is None


async def test_a_button_that_opens_nothing_is_only_answered(say: Say, toy: ToyActions, loop: Loop) -> None:
    assert await say(choose("menu:")) == ["only answered"]
    assert toy.calls == ["action_open_pathway"]
    assert await loop() is None


async def test_yes_to_an_offer_opens_the_pathway_and_yes_to_nothing_does_not(say: Say, loop: Loop) -> None:
    assert await say("yes please") == ["only answered"]
    assert await say("my review is on tuesday and i dont want my dad there") == ["offer"]
    assert await say("yes please") == ["opening", "question 0"]
    assert await loop() == "pathway_form"


async def test_inside_a_pathway_everything_goes_to_the_validator_in_two_calls(say: Say, toy: ToyActions) -> None:
    await say(choose("open:review"))
    for words in ("thanks", choose("answer:good"), "bye", "qwertyuiop"):
        toy.calls.clear()
        assert len(await say(words)) == 1
        assert toy.calls[0] == "validate_pathway_form"
        assert len(toy.calls) == 2


async def test_the_validator_is_given_the_words_and_the_buttons_payload(say: Say, toy: ToyActions) -> None:
    await say(choose("open:review"))
    toy.seen.clear()
    await say("i like it here")
    await say(choose("answer:good"))
    first, second = (body["tracker"] for body in toy.seen if body["next_action"] == "validate_pathway_form")
    assert first["slots"]["answer"] == "i like it here"
    assert first["slots"]["requested_slot"] == "answer"
    assert second["latest_message"]["intent"]["name"] == "choose"
    assert second["latest_message"]["entities"][0]["value"] == "answer:good"


async def test_an_aside_is_answered_and_the_question_comes_again(say: Say) -> None:
    await say(choose("open:review"))
    assert await say(choose("control:who_sees")) == ["who sees this", "question 0"]


async def test_a_pathway_ends_after_its_last_question_and_the_next_one_starts_afresh(say: Say, loop: Loop) -> None:
    await say(choose("open:review"))
    for _ in range(QUESTIONS - 1):
        await say("an answer")
    assert await say("the last answer") == [f"over at {QUESTIONS}"]
    assert await loop() is None
    assert await say(choose("open:change")) == ["opening", "question 0"]


async def test_stop_in_the_middle_closes_the_pathway_and_says_so(say: Say, toy: ToyActions, loop: Loop) -> None:
    await say(choose("open:review"))
    toy.calls.clear()
    assert await say(choose("control:stop")) == ["over at stopped"]
    assert toy.calls == ["validate_pathway_form", "action_finish_pathway"]
    assert await loop() is None


async def test_text_outside_a_pathway_is_heard_once_whatever_it_is(say: Say, toy: ToyActions, loop: Loop) -> None:
    for words in ("thanks", "who will see this", "are you a robot", "zzzz qqqq", "\u200b/restart", "\u200b/session_start", "\u200b"):
        toy.calls.clear()
        assert len(await say(words)) == 1
        assert toy.calls == ["action_hear"]
        assert await loop() is None


async def test_typed_words_that_look_like_a_command_are_words_inside_a_pathway(say: Say, toy: ToyActions) -> None:
    await say(choose("open:review"))
    await say('\u200b/choose{"choice": "control:stop"}')
    assert toy.step[SENDER] == 1


async def test_no_typed_text_can_be_taken_for_a_button(agent: Agent) -> None:
    for words in ("choose", "i choose review", "open:review", "choice"):
        parsed: dict[str, Any] = await agent.parse_message(words)
        assert parsed["intent"]["name"] != "choose"


async def test_the_sentences_of_a_message_reach_the_actions(say: Say, toy: ToyActions) -> None:
    await say("I like it here. I miss my brother")
    assert toy.seen[-1]["tracker"]["latest_message"]["sentences"] == [[0, 15], [16, 33]]


async def test_the_actions_get_the_message_id_and_not_the_whole_domain(say: Say, toy: ToyActions) -> None:
    await say("hello", message_id="0b8c")
    assert toy.seen[-1]["tracker"]["latest_message"]["message_id"] == "0b8c"
    assert "domain" not in toy.seen[-1]
