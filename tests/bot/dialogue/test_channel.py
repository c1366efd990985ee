"""The door into Rasa: who may come in, with what, and what they are told when something failed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from ruamel.yaml import YAML
from sanic.compat import Header
from sanic.request import Request

from bot.dialogue.channel import Door
from records.keys import keys
from records.settings import Settings
from tests.conftest import forget

SENDER = "d" * 64
BODY = {"sender": SENDER, "message_id": "m1", "text": "hello"}

Handler = Callable[[UserMessage], Awaitable[Any]]


class FakeAgent:
    """An assistant that does what the test says."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.does: Handler = self.answer

    async def answer(self, message: UserMessage) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": "hi", "sayso": {"kind": "text"}, "buttons": None})

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.does(message)


@pytest.fixture
def assistant() -> FakeAgent:
    return FakeAgent()


@dataclass
class Reply:
    """What came back through the door."""

    status: int
    body: Any


Knock = Callable[..., Awaitable[Reply]]


@pytest.fixture
def knock(assistant: FakeAgent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Knock]:
    """Sends a body through the door's own route. The key is the right one unless another is given."""
    monkeypatch.setenv("SAYSO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SAYSO_RASA_DEADLINE", "0.3")
    forget()
    (route,) = Door().blueprint(assistant.handle_message)._future_routes
    assert (route.uri, route.methods) == ("/turn", {"POST"})

    async def send(body: Any, key: str | None = None) -> Reply:
        headers = Header({"X-Sayso-Key": keys().door if key is None else key, "Content-Type": "application/json"})
        request = Request(b"/webhooks/door/turn", headers, "1.1", "POST", None, None)
        request.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = await route.handler(request)
        return Reply(response.status, json.loads(response.body))

    yield send
    forget()


async def test_a_message_goes_in_and_whole_answers_come_out(knock: Knock, assistant: FakeAgent) -> None:
    response = await knock(BODY)
    assert response.status == 200
    assert response.body == {"messages": [{"text": "hi", "sayso": {"kind": "text"}}]}
    (heard,) = assistant.heard
    assert (heard.sender_id, heard.message_id, heard.text, heard.input_channel) == (SENDER, "m1", "hello", "door")


@pytest.mark.parametrize("key", ["", "0" * 64, "né"])
async def test_nobody_comes_in_without_the_key(knock: Knock, assistant: FakeAgent, key: str) -> None:
    response = await knock(BODY, key)
    assert response.status == 401
    assert assistant.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"\xff\xfe",
        b'{"sender": "' + SENDER.encode() + b'", "message_id": "m", "text": "\\ud800"}',
        [],
        None,
        "text",
        {},
        {**BODY, "metadata": {"role": "worker"}},
        {**BODY, "input_channel": "staff"},
        {"sender": SENDER, "text": "hello"},
        {**BODY, "sender": "child"},
        {**BODY, "sender": [SENDER]},
        {**BODY, "sender": SENDER.upper()},
        {**BODY, "message_id": ""},
        {**BODY, "message_id": "m" * 65},
        {**BODY, "message_id": 7},
        {**BODY, "text": 123},
        {**BODY, "text": None},
        {**BODY, "text": ""},
        {**BODY, "text": " \n\t "},
        {**BODY, "text": "a\x00b"},
        {**BODY, "text": "a" * 4_001},
    ],
)
async def test_a_body_of_any_other_shape_is_refused_before_rasa_sees_it(knock: Knock, assistant: FakeAgent, body: Any) -> None:
    response = await knock(body)
    assert (response.status, response.body) == (400, {"error": "bad_body"})
    assert assistant.heard == []


async def nothing(_: UserMessage) -> None:
    return None


async def breaks(message: UserMessage) -> None:
    await FakeAgent().answer(message)
    raise ValueError(f"cannot read {message.text}")


async def hangs(_: UserMessage) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("failure", [nothing, breaks, hangs])
async def test_silence_an_error_and_a_hang_are_all_a_failed_turn_and_no_word_is_logged(
    knock: Knock, assistant: FakeAgent, failure: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.does = failure
    with caplog.at_level(logging.DEBUG):
        response = await knock({**BODY, "text": "canary words"})
    assert (response.status, response.body) == (502, {"error": "turn_failed"})
    assert "a turn failed" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.stack
async def test_the_same_message_sent_again_gets_the_same_answer_and_nothing_runs_twice(
    knock: Knock, assistant: FakeAgent, agent: Any, toy: Any
) -> None:
    assistant.does = agent.handle_message
    answers = [await knock(BODY) for _ in range(5)]
    assert {answer.status for answer in answers} == {200}
    assert len({str(answer.body) for answer in answers}) == 1
    assert toy.calls == ["action_hear"]


@pytest.mark.stack
@pytest.mark.parametrize("action", ["action_open_pathway", "validate_pathway_form", "action_ask_answer"])
async def test_an_action_that_fails_fails_the_turn_and_a_later_try_starts_from_before(
    knock: Knock, assistant: FakeAgent, agent: Any, toy: Any, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.does = agent.handle_message
    toy.fails_in = action
    opens = {**BODY, "text": '/choose{"choice": "open:review"}'}
    with caplog.at_level(logging.INFO):
        assert (await knock(opens)).status == 502
    assert toy.calls[-1] == action
    assert "canary" not in caplog.text
    toy.fails_in = None
    response = await knock(opens)
    assert [message["text"] for message in response.body["messages"]] == ["opening", "question 0"]


@pytest.mark.stack
@pytest.mark.parametrize("nonsense", [[], "text", {"events": [{"event": "nonsense"}]}, {"events": "none", "responses": []}])
async def test_an_action_server_that_answers_nonsense_fails_the_turn(
    knock: Knock, assistant: FakeAgent, agent: Any, toy: Any, nonsense: Any
) -> None:
    assistant.does = agent.handle_message
    toy.answers_with = nonsense
    assert (await knock(BODY)).status == 502


@pytest.mark.stack
async def test_actions_that_say_nothing_at_all_fail_the_turn(knock: Knock, assistant: FakeAgent, agent: Any, toy: Any, rows: Any) -> None:
    assistant.does = agent.handle_message
    toy.silent_in = "action_hear"
    assert (await knock(BODY)).status == 502
    assert rows.kept == {}


def test_the_door_is_the_only_channel_in_the_credentials() -> None:
    credentials = YAML(typ="safe").load((Settings().root / "credentials.yml").read_text())
    assert list(credentials) == ["bot.dialogue.channel.Door"]
