"""Reading what a browser sent. Anything that does not fit is refused with a code the page has plain words for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request

from voice.wording import Style

MAX_BODY = 700_000
"""Bytes; 100,000 characters of four bytes each, escaped, still fit."""
MAX_TEXT = 100_000
_MAX_TOKEN = 400
"""Bytes."""
_CLIENT_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_UNSEEN = "[\\s\x00\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
UNSEEN_AT_START = re.compile("^" + _UNSEEN)
"""White space, NUL and the characters that have no shape, at the beginning of a text."""
_ALL_UNSEEN = re.compile(_UNSEEN)


class BadRequest(Exception):
    """What was sent cannot be used. `code` is the contract's word, `status` the HTTP status."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Incoming:
    """A message from a browser: typed text, or ids of buttons."""

    client_id: str
    text: str | None
    picked: tuple[str, ...]


@dataclass(frozen=True)
class Start:
    """A wish to start a chat."""

    style: Style
    mode: Literal["alone", "with_helper"]
    join: str | None


async def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises BadRequest when it is too large, not UTF-8, not JSON or not an object."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY:
            raise BadRequest("too_long", 413)
    try:
        body = json.loads(received.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadRequest("bad_json") from None
    if not isinstance(body, dict):
        raise BadRequest("bad_json")
    return body


async def read_short(request: Request) -> bytes:
    """A body that holds no more than a token. Raises BadRequest for anything longer."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > _MAX_TOKEN:
            raise BadRequest("too_long", 413)
    return bytes(received)


def incoming(body: dict[str, Any]) -> Incoming:
    """A message with exactly one of text, choice, choices."""
    client_id = read_client_id(body)
    given = [key for key in ("text", "choice", "choices") if body.get(key) is not None]
    if len(given) != 1:
        raise BadRequest("empty" if not given else "bad_json")
    if given == ["text"]:
        return Incoming(client_id, read_text(body["text"]), ())
    picked = [body["choice"]] if given == ["choice"] else body["choices"]
    if not isinstance(picked, list) or not 1 <= len(picked) <= 40 or not all(isinstance(one, str) and len(one) <= 64 for one in picked):
        raise BadRequest("bad_json")
    return Incoming(client_id, None, tuple(picked))


def read_client_id(body: dict[str, Any]) -> str:
    """The id the browser gave the message. Raises BadRequest."""
    client_id = body.get("id")
    if not isinstance(client_id, str) or not _CLIENT_ID.match(client_id):
        raise BadRequest("bad_id")
    return client_id


def read_text(text: Any) -> str:
    """Typed words, exactly as they came. Raises BadRequest when there is nothing to see in them, or far too much."""
    if not isinstance(text, str):
        raise BadRequest("bad_json")
    if len(text) > MAX_TEXT:
        raise BadRequest("too_long", 413)
    if not text or _ALL_UNSEEN.fullmatch(text):
        raise BadRequest("empty")
    return text


def words_with_the_button(body: dict[str, Any]) -> tuple[str, bool]:
    """(words, whether they were too long to take) sent with "Tell someone now". Nothing about them may stop the button."""
    text = body.get("text")
    if not isinstance(text, str) or not text or _ALL_UNSEEN.fullmatch(text):
        return "", False
    return (text, False) if len(text) <= MAX_TEXT else ("", True)


def start_wish(body: dict[str, Any]) -> Start:
    """Style, mode and join code of a new chat. Raises BadRequest."""
    join = body.get("join")
    if join is not None and (not isinstance(join, str) or len(join) > 64):
        raise BadRequest("bad_json")
    mode = body.get("mode", "alone")
    if mode not in ("alone", "with_helper"):
        raise BadRequest("bad_json")
    return Start(read_style(body), mode, (join or "").strip() or None)


def read_style(body: dict[str, Any]) -> Style:
    """The style asked for, standard if none is. Raises BadRequest."""
    try:
        return Style(body.get("style", "standard"))
    except ValueError:
        raise BadRequest("bad_json") from None


def read_code(body: dict[str, Any]) -> str:
    """A return code as typed. Raises BadRequest."""
    code = body.get("code")
    if not isinstance(code, str) or not 1 <= len(code) <= 64:
        raise BadRequest("unknown_code", 404)
    return code
