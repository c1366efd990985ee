"""Users as programs: each holds one chat with one bot, says its next line, and looks at what comes back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

import httpx

from ops.bench.walks import Step


@dataclass(frozen=True)
class Turn:
    """One turn as the user met it. `wrong` says in a few words what was not right with the answer; None: it was right."""

    seconds: float
    wrong: str | None = None


class Visitor(Protocol):
    """One user."""

    steps: Sequence[Step]

    async def begin(self) -> None:
        """Begins a new chat. Not part of any measured turn."""

    async def turn(self, step: Step) -> Turn:
        """Says one line and waits for the answer. Raises nothing: an error is a wrong answer."""


class RestVisitor:
    """Talks to a Rasa bot through its REST channel."""

    def __init__(self, http: httpx.AsyncClient, steps: Sequence[Step]) -> None:
        self.steps = steps
        self._http = http
        self._sender = ""

    async def begin(self) -> None:
        """A sender id Rasa has not met."""
        self._sender = uuid4().hex

    async def turn(self, step: Step) -> Turn:
        """One POST to the REST channel."""
        sent = {"sender": self._sender, "message": step.say}
        seconds, answer = await _post(self._http, "/webhooks/rest/webhook", sent, {})
        if isinstance(answer, str):
            return Turn(seconds, answer)
        said = [message.get("text") for message in answer]
        return Turn(seconds, None if step.expected in said else f"expected {step.expected!r}, got {said!r}")


@dataclass
class Chat:
    """A chat that was held with Sayso: the way back into it, and what was acknowledged as saved in it, in order."""

    token: str
    saved: list[str] = field(default_factory=list)


class SaysoVisitor:
    """Talks to the gateway as the chat page does. `chats` collects what was acknowledged, to be compared with what is kept."""

    def __init__(self, http: httpx.AsyncClient, steps: Sequence[Step], chats: list[Chat]) -> None:
        self.steps = steps
        self._http = http
        self._chats = chats
        self._chat = Chat("")
        self._buttons: Mapping[str, str] = {}

    async def begin(self) -> None:
        """A new chat, with the menu on the screen. Raises httpx.HTTPError."""
        response = await self._http.post("/chat/start", json={"style": "standard", "mode": "alone"})
        response.raise_for_status()
        entry = response.json()
        self._chat = Chat(entry["token"])
        self._chats.append(self._chat)
        self._buttons = _buttons(entry["messages"][-1])

    async def turn(self, step: Step) -> Turn:
        """One message, typed or pressed, which must come back as it was sent, saved, and be answered by the expected question."""
        if not set(step.press) <= set(self._buttons):
            return Turn(0.0, f"no button for {step.press!r} among {sorted(self._buttons)!r}")
        picked = [self._buttons[label] for label in step.press]
        sent = {"id": str(uuid4())} | ({"choices": picked} if picked else {"text": step.say})
        headers = {"Authorization": f"Bearer {self._chat.token}"}
        seconds, answer = await _post(self._http, "/chat/messages", sent, headers)
        if isinstance(answer, str):
            return Turn(seconds, answer)
        mine, *said = answer["messages"]
        if answer["saved"] is not True or mine["from"] != "me" or mine["text"] != (step.say or ", ".join(step.press)):
            return Turn(seconds, "the message did not come back as it was sent")
        self._chat.saved.append(mine["text"])
        if mine["held"] or not said or said[-1]["text"] != step.expected:
            return Turn(seconds, f"expected {step.expected!r}, got {[message['text'] for message in said]!r}")
        self._buttons = _buttons(said[-1])
        return Turn(seconds)


async def not_kept(http: httpx.AsyncClient, chats: Sequence[Chat]) -> int:
    """How many acknowledged messages are not in their chat's transcript, in their order."""
    missing = 0
    for chat in chats:
        response = await http.get("/chat/messages", headers={"Authorization": f"Bearer {chat.token}"})
        kept = iter(message["text"] for message in response.json()["messages"] if message["from"] == "me")
        missing += sum(words not in kept for words in chat.saved)
    return missing


async def _post(http: httpx.AsyncClient, path: str, sent: Mapping[str, object], headers: Mapping[str, str]) -> tuple[float, Any]:
    """(seconds, the answer read from JSON, or what went wrong as a text)."""
    begun = time.perf_counter()
    try:
        response = await http.post(path, json=sent, headers=headers)
    except httpx.HTTPError as error:
        return time.perf_counter() - begun, type(error).__name__
    seconds = time.perf_counter() - begun
    return seconds, response.json() if response.status_code == 200 else f"status {response.status_code}"


def _buttons(message: Mapping[str, Any]) -> dict[str, str]:
    return {button["label"]: button["id"] for button in message.get("choices", ())}
