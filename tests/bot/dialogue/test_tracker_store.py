"""Dialogue state: sealed, kept only when a turn went well, and never the place where a word could be lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Engine, text

from bot.dialogue.tracker_store import SealedTrackerStore
from bot.dialogue.turn import AlreadyAnswered, Turn, TurnFailed, begin
from records.dialogue import DialogueRows
from records.errors import NotSaved
from records.settings import Settings
from tests.bot.dialogue.rows import FakeRows

SENDER = "c" * 64


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load(str(Settings().root / "domain.yml"))


def a_chat(domain: Domain, said: str = "canary words", message_id: str = "m1", answer: str = "question 1") -> DialogueStateTracker:
    """A tracker after one turn that opened a pathway."""
    parse = {"intent": {"name": "say_something", "confidence": 0.9}, "entities": [], "text": said, "intent_ranking": [{"name": "x"}]}
    return DialogueStateTracker.from_events(
        SENDER,
        [
            ActionExecuted("action_session_start"),
            SessionStarted(),
            ActionExecuted("action_listen"),
            UserUttered(said, parse["intent"], [], parse, input_channel="door", message_id=message_id),
            DefinePrevUserUtteredFeaturization(False),
            ActionExecuted("action_hear"),
            BotUttered("opening", {"buttons": None}, {"sayso": {"kind": "text"}}),
            ActiveLoop("pathway_form"),
            ActionExecuted("pathway_form"),
            SlotSet("answer", None),
            SlotSet("style", "easy"),
            SlotSet("requested_slot", "answer"),
            BotUttered(answer, {"custom": {"kind": "question"}}, {}),
            ActionExecuted("action_listen"),
        ],
        slots=domain.slots,
    )


def in_a_turn(message_id: str, said: int = 1) -> None:
    begin(Turn(message_id, [{"text": "something"}] * said))


async def test_what_is_saved_is_read_back_the_same_by_another_rasa(domain: Domain) -> None:
    rows = FakeRows()
    chat = a_chat(domain)
    in_a_turn("m1")
    await SealedTrackerStore(domain=domain, rows=rows).save(chat)
    in_a_turn("m2")
    again = await SealedTrackerStore(domain=domain, rows=rows).retrieve(SENDER)
    assert again is not None
    assert list(again.events) == list(chat.events)
    assert again.current_slot_values() == chat.current_slot_values()
    assert again.active_loop_name == "pathway_form"
    assert again.latest_action_name == "action_listen"


async def test_a_chat_that_did_not_change_is_not_read_from_its_row_again(domain: Domain) -> None:
    rows = FakeRows()
    store = SealedTrackerStore(domain=domain, rows=rows)
    in_a_turn("m1")
    await store.save(a_chat(domain))
    in_a_turn("m2")
    assert await store.retrieve(SENDER) is not None
    assert rows.loads == 0


async def test_a_chat_that_another_rasa_changed_is_read_from_its_row(domain: Domain) -> None:
    rows = FakeRows()
    first, second = SealedTrackerStore(domain=domain, rows=rows), SealedTrackerStore(domain=domain, rows=rows)
    in_a_turn("m1")
    await first.save(a_chat(domain))
    in_a_turn("m2")
    chat = await second.retrieve(SENDER)
    assert chat is not None
    chat.update(SlotSet("style", "standard"))
    chat.update(ActionExecuted("action_listen"))
    await second.save(chat)
    in_a_turn("m3")
    seen = await first.retrieve(SENDER)
    assert seen is not None
    assert seen.get_slot("style") == "standard"


async def test_a_turn_that_was_not_saved_leaves_nothing_behind(domain: Domain) -> None:
    store = SealedTrackerStore(domain=domain, rows=FakeRows())
    in_a_turn("m1")
    await store.save(a_chat(domain))
    in_a_turn("m2")
    chat = await store.retrieve(SENDER)
    assert chat is not None
    chat.update(SlotSet("style", "standard"))
    again = await store.retrieve(SENDER)
    assert again is not None
    assert again.get_slot("style") == "easy"


async def test_a_message_that_was_answered_gets_the_same_answer_and_no_other_turn(domain: Domain) -> None:
    store = SealedTrackerStore(domain=domain, rows=FakeRows())
    in_a_turn("m1")
    await store.save(a_chat(domain))
    for _ in range(2):
        in_a_turn("m1")
        with pytest.raises(AlreadyAnswered) as before:
            await store.retrieve(SENDER)
        assert before.value.messages == [
            {"text": "opening", "sayso": {"kind": "text"}},
            {"text": "question 1", "custom": {"kind": "question"}},
        ]


async def test_a_turn_in_which_nothing_was_said_is_not_saved(domain: Domain) -> None:
    rows = FakeRows()
    in_a_turn("m1", said=0)
    with pytest.raises(TurnFailed, match="silence"):
        await SealedTrackerStore(domain=domain, rows=rows).save(a_chat(domain))
    assert rows.kept == {}


async def test_a_turn_that_did_not_end_listening_is_not_saved(domain: Domain) -> None:
    chat = a_chat(domain)
    chat.update(ActionExecuted("action_hear"))
    in_a_turn("m1")
    with pytest.raises(TurnFailed, match="never listened"):
        await SealedTrackerStore(domain=domain, rows=FakeRows()).save(chat)


async def test_a_store_that_is_broken_says_so(domain: Domain) -> None:
    rows = FakeRows()
    rows.broken = True
    store = SealedTrackerStore(domain=domain, rows=rows)
    in_a_turn("m1")
    for work in (store.retrieve(SENDER), store.save(a_chat(domain))):
        with pytest.raises(OSError, match="disk"):
            await work


async def test_an_empty_chat_writes_nothing(domain: Domain) -> None:
    rows = FakeRows()
    store = SealedTrackerStore(domain=domain, rows=rows)
    in_a_turn("m1", said=0)
    assert await store.retrieve(SENDER) is None
    await store.get_or_create_tracker(SENDER, append_action_listen=False)
    assert rows.kept == {}


async def test_strange_text_survives(domain: Domain) -> None:
    rows = FakeRows()
    said = '\u202eright to left\u202c 👩‍👧 ünï {braces} \u200b/slash "quotes"'
    in_a_turn("m1")
    await SealedTrackerStore(domain=domain, rows=rows).save(a_chat(domain, said))
    in_a_turn("m2")
    again = await SealedTrackerStore(domain=domain, rows=rows).retrieve(SENDER)
    assert again is not None
    assert again.latest_message is not None
    assert again.latest_message.text == said


async def test_in_the_database_the_state_is_sealed_and_counted(domain: Domain, installation: Engine) -> None:
    store = SealedTrackerStore(domain=domain, rows=DialogueRows())
    in_a_turn("m1")
    await store.save(a_chat(domain))
    in_a_turn("m2")
    await store.save(a_chat(domain, "more canary words", "m2"))
    with installation.connect() as connection:
        state, version = connection.execute(text("select state, version from dialogue")).one()
    assert version == 2
    assert b"canary" not in bytes(state)
    in_a_turn("m3")
    chat = await SealedTrackerStore(domain=domain).retrieve(SENDER)
    assert chat is not None
    assert chat.latest_message is not None
    assert chat.latest_message.text == "more canary words"
    assert list(await store.keys()) == [SENDER]


async def test_a_database_that_is_away_is_not_taken_for_a_new_chat(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise NotSaved("OperationalError")

    monkeypatch.setattr(DialogueRows, "load", away)
    in_a_turn("m1")
    with pytest.raises(NotSaved):
        await SealedTrackerStore(domain=domain).retrieve(SENDER)


@pytest.mark.stack
async def test_a_failed_save_fails_the_turn_and_the_next_try_succeeds(
    say: Callable[..., Awaitable[list[str]]], rows: FakeRows, agent: Agent
) -> None:
    assert await say("hello", SENDER) == ["heard greet"]
    before = rows.kept[SENDER]
    store = agent.tracker_store
    original = rows.save

    def full(sender: str, state: bytes) -> int:
        raise OSError("no space left")

    rows.save = full  # type: ignore[method-assign]
    with pytest.raises(OSError, match="no space"):
        await say("bye", SENDER, "m9")
    assert rows.kept[SENDER] == before
    rows.save = original  # type: ignore[method-assign]
    assert await say("bye", SENDER, "m9") == ["heard goodbye"]
    with pytest.raises(AlreadyAnswered):
        await say("bye", SENDER, "m9")
    assert agent.tracker_store is store


async def test_many_chats_at_once_do_not_mix(domain: Domain) -> None:
    store = SealedTrackerStore(domain=domain, rows=FakeRows())

    async def one(n: int) -> None:
        sender = f"{n:064x}"
        in_a_turn(f"first {n}")
        chat = a_chat(domain, f"words of {n}")
        chat.sender_id = sender
        await store.save(chat)
        in_a_turn(f"second {n}")
        again = await store.retrieve(sender)
        assert again is not None
        assert again.latest_message is not None
        assert again.latest_message.text == f"words of {n}"

    await asyncio.gather(*(asyncio.create_task(one(n)) for n in range(20)))
