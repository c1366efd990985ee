"""The trained model with a toy action server, in this process."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.dialogue.channel import Mouth
from bot.dialogue.tracker_store import SealedTrackerStore
from bot.dialogue.turn import Turn, begin
from records.settings import Settings
from tests.bot.dialogue.rows import FakeRows
from tests.bot.dialogue.toy import ToyActions

MODEL = Settings().root / "models" / "sayso.tar.gz"

Say = Callable[..., Awaitable[list[str]]]


@pytest.fixture(scope="session")
def model() -> str:
    """The trained model. `make train` makes it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if not MODEL.exists():
        pytest.fail("there is no trained model: run `make train` first")
    return str(MODEL)


@pytest.fixture(scope="session")
def loaded(model: str) -> Agent:
    """The assistant, loaded once: loading takes seconds."""
    return Agent.load(model)


@pytest.fixture
def toy() -> ToyActions:
    return ToyActions()


@pytest.fixture
def rows() -> FakeRows:
    return FakeRows()


@pytest.fixture
def agent(loaded: Agent, toy: ToyActions, rows: FakeRows) -> Iterator[Agent]:
    """The assistant with an action server and an empty tracker store of this test's own."""
    processor = loaded.processor
    assert processor is not None
    store = SealedTrackerStore(domain=loaded.domain, rows=rows)
    before = processor.action_endpoint, processor.tracker_store, loaded.tracker_store
    processor.action_endpoint, processor.tracker_store, loaded.tracker_store = toy, store, store
    yield loaded
    processor.action_endpoint, processor.tracker_store, loaded.tracker_store = before


@pytest.fixture
def say(agent: Agent) -> Say:
    """Says something to the assistant and returns what it answered."""
    count = iter(range(10_000))

    async def one(text: str, sender: str = "a" * 64, message_id: str | None = None) -> list[str]:
        turn = Turn(message_id or f"message {next(count)}")
        begin(turn)
        await agent.handle_message(UserMessage(text, Mouth(turn), sender, input_channel="door", message_id=turn.message_id))
        return [_text(message) for message in turn.messages]

    return one


def _text(message: dict[str, Any]) -> str:
    return str(message["text"])
