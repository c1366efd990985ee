"""A young person's browser, as far as the chat's calls go (the HTTP contract of docs/developers/http.md)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

import httpx

Shown = dict[str, Any]
"""A message as the page gets it."""


class Refused(Exception):
    """An answer other than 2xx. Carries `status` and the `body`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('error')}: {body.get('message')}")
        self.status = status
        self.body = body


class Visitor:
    """One device with one chat. What went wrong is raised: Refused, or httpx.TransportError when nobody answered."""

    def __init__(self, address: str, *, style: str = "standard", mode: str = "alone", join: str | None = None) -> None:
        self.address = address
        self._client = httpx.Client(base_url=address, timeout=120)
        self.style = style
        self.mode = mode
        self._join = join
        self.token = ""
        self.conversation = ""

    def start(self) -> list[Shown]:
        """Opens a chat; returns the first bubbles."""
        return self._enter("/chat/start", {"style": self.style, "mode": self.mode, "join": self._join})

    def resume(self, code: str) -> list[Shown]:
        """Comes back with a return code; returns the whole transcript."""
        return self._enter("/chat/resume", {"code": code})

    def says(self, text: str, client_id: str | None = None) -> list[Shown]:
        """Types something; returns it and the answers."""
        return self.sends({"id": client_id or new_id(), "text": text})

    def presses(self, *labels: str, client_id: str | None = None) -> list[Shown]:
        """Presses the live buttons with these labels. Raises LookupError unless each is there exactly once."""
        ids = [self.button(label) for label in labels]
        return self.sends({"id": client_id or new_id()} | ({"choice": ids[0]} if len(ids) == 1 else {"choices": ids}))

    def sends(self, body: dict[str, Any]) -> list[Shown]:
        """Sends a message as it is given."""
        return list(self.call("POST", "/chat/messages", body)["messages"])

    def tell_someone(self, text: str | None = None, client_id: str | None = None) -> list[Shown]:
        """Presses "Tell someone now"."""
        return list(self.call("POST", "/chat/tell-someone", {"id": client_id or new_id(), "text": text})["messages"])

    def switch(self, style: str) -> list[Shown]:
        """Asks for the other style; returns what that brought about."""
        self.style = style
        return list(self.call("POST", "/chat/style", {"style": style})["messages"])

    def code(self) -> str:
        """The return code."""
        return str(self.call("GET", "/chat/code")["code"])

    def leave(self) -> None:
        """Ends the token, as the quick exit does."""
        self._client.post("/chat/leave", content=self.token)

    def transcript(self, after: int = 0) -> list[Shown]:
        """Both sides in order."""
        return list(self.call("GET", f"/chat/messages?after={after}")["messages"])

    def live(self) -> list[Shown]:
        """The buttons that can be pressed now."""
        bubbles = [bubble for bubble in self.transcript() if bubble["open"]]
        return [button for bubble in bubbles for part in ("choices", "controls") for button in bubble.get(part, ())]

    def button(self, label: str) -> str:
        """The id of the one live button with this label."""
        found = [button["id"] for button in self.live() if button["label"] == label]
        if len(found) != 1:
            raise LookupError(f"{len(found)} live buttons are called '{label}'")
        return str(found[0])

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One call. Lone surrogates go out as JSON escapes, as a browser sends them."""
        content = json.dumps(body) if body is not None else None
        headers = {"Content-Type": "application/json", "X-Sayso-Style": self.style}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        response = self._client.request(method, path, content=content, headers=headers)
        answer: dict[str, Any] = response.json()
        if response.is_error:
            raise Refused(response.status_code, answer)
        return answer

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _enter(self, path: str, body: dict[str, Any]) -> list[Shown]:
        self.token = ""
        entered = self.call("POST", path, body)
        self.token, self.conversation, self.style = entered["token"], entered["conversation"], entered["style"]
        return list(entered["messages"])


def new_id() -> str:
    """An id for a message, as the page makes them."""
    return str(uuid.uuid4())


def is_answered(messages: Sequence[Shown]) -> bool:
    """Whether every message of the young person has its answer."""
    return not any(message.get("held") for message in messages)
