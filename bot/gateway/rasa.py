"""Asking Rasa, over loopback. Every way it can fail to answer is one error."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Sequence

import httpx

from bot.gateway.body import UNSEEN_AT_START
from records.keys import keys
from voice.messages import Bubble

MAX_FOR_RASA = 2_000
"""Characters. Longer text is kept whole by us; Rasa's time and memory grow without bound with it (safety research, E30)."""


class NoAnswer(Exception):
    """Rasa is down, slow, broken or had nothing to say. `kind` says which, without any words."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Rasa:
    """The assistant, as the gateway sees it."""

    def __init__(self, address: str, client: httpx.AsyncClient | None = None) -> None:
        self._address = address
        self._client = client or httpx.AsyncClient(limits=httpx.Limits(max_connections=64, max_keepalive_connections=32))

    async def turn(self, sender: str, message_id: str, text: str, seconds: float) -> list[Bubble]:
        """What Rasa says to one message. The same message id asked again gives the same answer. Raises NoAnswer."""
        try:
            call = self._client.post(
                f"{self._address}/webhooks/door/turn",
                json={"sender": sender, "message_id": message_id, "text": text},
                headers={"X-Sayso-Key": keys().door},
                timeout=max(seconds, 0.05),
            )
            # httpx counts connecting, sending and reading apart; the lease counts them together
            response = await asyncio.wait_for(call, max(seconds, 0.05))
        except (httpx.HTTPError, asyncio.TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from None
        if response.status_code != 200:
            raise NoAnswer(f"status {response.status_code}")
        try:
            bubbles = [Bubble.from_plain(message["sayso"]) for message in response.json()["messages"] if "sayso" in message]
        except (ValueError, KeyError, TypeError):
            raise NoAnswer("unreadable answer") from None
        if not bubbles:
            raise NoAnswer("silence")
        return bubbles

    async def is_up(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            return (await self._client.get(f"{self._address}/", timeout=1.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def can_act(self, port: int) -> bool:
        """Whether Rasa's action server, on loopback, answers. Without it every turn fails."""
        try:
            return (await self._client.get(f"http://127.0.0.1:{port}/health", timeout=1.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def text_for_rasa(text: str, payloads: Sequence[str]) -> str:
    """What Rasa is given of a message.

    Pressed buttons become one `/choose` payload, made here from what we offered. Typed words are cut to what Rasa can
    bear, without NUL and lone surrogates, and a leading slash in any disguise gets an invisible space before it, so that
    it is no command (safety research, section 3.2).
    """
    if payloads:
        first, *more = payloads
        joined = ",".join([first, *(payload.partition(":")[2] for payload in more)])
        return "/choose" + json.dumps({"choice": joined})
    # cut behind what cannot be seen at the start: Rasa refuses a text that is blank
    words = UNSEEN_AT_START.sub("", text)[:MAX_FOR_RASA].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return "\u200b" + words if unicodedata.normalize("NFKC", words).strip().startswith("/") else words
