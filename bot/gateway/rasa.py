"""Asking Rasa, over loopback. Every way it can fail to answer is one error."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Sequence

import aiohttp

from bot.gateway.body import UNSEEN_AT_START
from records.keys import keys
from voice.messages import Bubble

MAX_FOR_RASA = 2_000
"""Characters. Longer text is kept whole by us; Rasa's time and memory grow without bound with it (safety research, E30)."""

_CALLS = 64
"""At once."""
_IDLE_SECONDS = 2.0
"""Below the 5 s after which Rasa's server closes an idle connection, so that a turn never meets a closed one."""


class NoAnswer(Exception):
    """Rasa is down, slow, broken or had nothing to say. `kind` says which, without any words."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Line:
    """Calls over HTTP on loopback, on connections that are kept."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, address: str, seconds: float, sent: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of the answer. `seconds` is for all of it. Raises NoAnswer."""
        if self._session is None:
            # only inside the loop that it is to serve
            connector = aiohttp.TCPConnector(limit=_CALLS, keepalive_timeout=_IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        key = {"X-Sayso-Key": keys().door} if sent else None
        patience = aiohttp.ClientTimeout(total=seconds)
        try:
            # never led elsewhere: the call carries the key and a young person's words
            asked = self._session.request(method, address, json=sent, headers=key, timeout=patience, allow_redirects=False)
            async with asked as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from None

    async def close(self) -> None:
        """Closes the connections."""
        if self._session:
            await self._session.close()


class Rasa:
    """The assistant, as the gateway sees it."""

    def __init__(self, address: str, line: Line | None = None) -> None:
        self._address = address
        self._line = line or Line()

    async def turn(self, sender: str, message_id: str, text: str, seconds: float) -> list[Bubble]:
        """What Rasa says to one message. The same message id asked again gives the same answer. Raises NoAnswer."""
        asked = {"sender": sender, "message_id": message_id, "text": text}
        status, body = await self._line.call("POST", f"{self._address}/webhooks/door/turn", max(seconds, 0.05), asked)
        if status != 200:
            raise NoAnswer(f"status {status}")
        try:
            bubbles = [Bubble.from_plain(message["sayso"]) for message in json.loads(body)["messages"] if "sayso" in message]
        except (ValueError, KeyError, TypeError):
            raise NoAnswer("unreadable answer") from None
        if not bubbles:
            raise NoAnswer("silence")
        return bubbles

    async def is_up(self) -> bool:
        """Whether Rasa answers at all."""
        return await self._answers(f"{self._address}/")

    async def can_act(self, port: int) -> bool:
        """Whether Rasa's action server, on loopback, answers. Without it every turn fails."""
        return await self._answers(f"http://127.0.0.1:{port}/health")

    async def _answers(self, address: str) -> bool:
        try:
            status, _ = await self._line.call("GET", address, 1.0)
        except NoAnswer:
            return False
        return status == 200

    async def close(self) -> None:
        """Closes the connections."""
        await self._line.close()


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
