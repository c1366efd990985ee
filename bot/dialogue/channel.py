"""The door into Rasa: the only channel that is open, and only to the gateway.

POST /webhooks/door/turn with the header X-Sayso-Key and {"sender", "message_id", "text"} answers 200 {"messages": [...]},
each message one whole dictionary as the action dispatched it. A body of any other shape is refused with 400, a wrong key
with 401. Anything that went wrong in the turn is 502 {"error": "turn_failed"}: nothing of it is kept, and the same message
may be sent again. A message that was answered before gets the same answer, and nothing runs twice.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue import overrides
from bot.dialogue.turn import AlreadyAnswered, Turn, TurnFailed, as_said, begin
from bot.one_core import calculate_on_one_core
from records.keys import keys
from records.settings import settings

overrides.apply()

logger = logging.getLogger(__name__)

_SENDER = re.compile(r"[0-9a-f]{64}")
_LONGEST_ID = 64
_LONGEST_TEXT = 4_000
"""Characters. The gateway sends 2,000 at most; Rasa's time and memory grow without bound with it (safety research, E30)."""
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class Mouth(OutputChannel):
    """Collects what is said in one turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    @classmethod
    def name(cls) -> str:
        return "door"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message whole. Rasa would send text, buttons and custom parts as messages of their own, and drop the rest."""
        self._turn.messages.append(as_said(message))


class Door(InputChannel):
    """The gateway's channel. Listed in credentials.yml."""

    @classmethod
    def name(cls) -> str:
        return "door"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one route of this channel. Called once, when a Rasa begins to serve."""
        calculate_on_one_core()
        blueprint = Blueprint("door")

        @blueprint.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not _is_the_gateway(request):
                return json_response({"error": "wrong_key"}, status=401)
            asked = _read(request)
            if asked is None:
                return json_response({"error": "bad_body"}, status=400)
            return await _answer(asked, on_new_message)

        return blueprint


async def _answer(asked: dict[str, str], on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
    turn = Turn(asked["message_id"])
    begin(turn)
    message = UserMessage(asked["text"], Mouth(turn), asked["sender"], input_channel=Door.name(), message_id=turn.message_id)
    try:
        # the gateway has given up by then, and a turn that nobody waits for must not hold up the next one
        await asyncio.wait_for(on_new_message(message), settings().rasa_deadline)
        if not turn.messages:
            raise TurnFailed("silence")
    except AlreadyAnswered as before:
        return json_response({"messages": before.messages})
    except TurnFailed as failure:
        return _failed(failure.kind)
    except asyncio.TimeoutError:
        return _failed("deadline")
    except Exception as error:
        # the error itself may quote the young person
        return _failed(type(error).__name__)
    return json_response({"messages": turn.messages})


def _failed(kind: str) -> HTTPResponse:
    logger.warning("a turn failed: %s", kind)
    return json_response({"error": "turn_failed"}, status=502)


def _is_the_gateway(request: Request) -> bool:
    return hmac.compare_digest(request.headers.get("X-Sayso-Key", "").encode(), keys().door.encode())


def _read(request: Request) -> dict[str, str] | None:
    """The body, if it has exactly the shape the gateway sends."""
    try:
        body = request.json
    except Exception:
        return None
    if not isinstance(body, dict) or set(body) != {"sender", "message_id", "text"}:
        return None
    if not all(isinstance(value, str) for value in body.values()):
        return None
    fits = (
        _SENDER.fullmatch(body["sender"])
        and 0 < len(body["message_id"]) <= _LONGEST_ID
        and body["text"].strip()
        and len(body["text"]) <= _LONGEST_TEXT
        and not _UNFIT.search(body["text"] + body["message_id"])
    )
    return body if fits else None
