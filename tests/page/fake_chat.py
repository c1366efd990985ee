"""A small chat server that keeps to docs/developers/http.md, with nothing behind it but examples.yml.

Tests tell it to be slow, to refuse or to hang up, and ask it what arrived.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.page.routes import PageData, page_routes
from bot.page.words import PageWords
from records.reading import read_tree
from voice.wording import Style

EXAMPLES = Path(__file__).parent / "examples.yml"
CODE = "K7MP-4QTX-9HWD"
NEXT = {"review": "score", "score": "words", "words": "summary", "summary": "sent"}
"""The step that follows when a question of this step is answered."""


def examples() -> dict[str, Any]:
    """The examples as plain dicts and lists."""
    plain: dict[str, Any] = json.loads(json.dumps(read_tree(EXAMPLES)))
    return plain


@dataclass
class FakeChat:
    """One chat at a time. `hang_up`, `refuse` and `wait` hold for the next message only."""

    style: str = "standard"
    token: str | None = None
    step: str = "hello"
    transcript: list[dict[str, Any]] = field(default_factory=list)
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    arrived: list[dict[str, Any]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    hang_up: bool = False
    refuse: int = 0
    wait: float = 0
    hold: bool = False
    was_left: threading.Event = field(default_factory=threading.Event)

    def say(self, step: str) -> list[dict[str, Any]]:
        """Adds the example messages of a step to the transcript."""
        self.step = step
        return [self._add(message) for message in examples()["steps"][step][self.style]]

    def _add(self, message: dict[str, Any]) -> dict[str, Any]:
        n = len(self.transcript) + 1
        empty: dict[str, Any] = {"from": "bot", "choices": [], "many": False, "controls": [], "progress": None, "help": []}
        full = empty | message | {"n": n, "at": "2026-11-23T15:04:00+00:00"}
        for group in ("choices", "controls"):
            full[group] = [button | {"id": f"{n}.{button.get('value') or button['name']}"} for button in full[group]]
        if full["choices"] or full["controls"]:
            for earlier in self.transcript:
                earlier["open"] = earlier["from"] == "worker"
        full["open"] = bool(full["choices"] or full["controls"])
        self.transcript.append(full)
        return full

    def hear(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One message from the page: its status and its answer."""
        self.arrived.append(body)
        if body["id"] in self.seen:
            return 200, {"saved": True, "messages": self.seen[body["id"]]}
        ids = body.get("choices") or ([body["choice"]] if "choice" in body else [])
        buttons = {button["id"]: button for message in self.transcript for button in [*message["choices"], *message["controls"]]}
        if any(one not in buttons for one in ids):
            return 409, {"error": "choice_is_old", "message": "That button is from before."}
        text = body.get("text") or ", ".join(buttons[one]["label"] for one in ids)
        mine = self._add({"from": "me", "kind": "text", "text": text, "held": self.hold})
        answers = [] if self.hold else self.say(self._after(text, ids))
        self.seen[body["id"]] = [mine, *answers]
        return 200, {"saved": True, "messages": [mine, *answers]}

    def _after(self, text: str, ids: list[str]) -> str:
        if "scared" in text:
            return "safety"
        if ids and ids[0].endswith(".review"):
            return "review"
        return NEXT.get(self.step, "thanks")


@dataclass
class Running:
    """The page's server and a council's, in threads. `chat` can be looked at and told what to do next."""

    address: str
    chat: FakeChat
    host: str

    def fresh(self) -> FakeChat:
        """Forgets everything, for the next test."""
        for name, value in vars(FakeChat()).items():
            setattr(self.chat, name, value)
        return self.chat


def application(chat: FakeChat, page: PageData) -> Starlette:
    """The page's own routes with the fake chat behind them."""

    def allowed(request: Request) -> bool:
        return chat.token is not None and request.headers.get("authorization") == f"Bearer {chat.token}"

    async def start(request: Request) -> Response:
        body = await request.json()
        if body.get("join") == "WRONG":
            return JSONResponse({"error": "unknown_join", "message": "I don't know that code."}, 404)
        chat.style, chat.token = body["style"], "token-of-a-test"
        return JSONResponse({"conversation": "1", "token": chat.token, "style": chat.style, "messages": chat.say("hello")}, 201)

    async def messages(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "not_signed_in", "message": "This chat is closed."}, 401)
        if request.method == "GET":
            after = int(request.query_params.get("after", 0))
            return JSONResponse({"style": chat.style, "messages": chat.transcript[after:]})
        if chat.refuse:
            status, chat.refuse = chat.refuse, 0
            return JSONResponse({"error": "not_saved", "message": "I could not save that."}, status)
        wait, chat.wait = chat.wait, 0
        await asyncio.sleep(wait)
        status, answer = chat.hear(await request.json())
        if chat.hang_up:
            chat.hang_up = False
            return PlainTextResponse("the answer is lost on the way")
        return JSONResponse(answer, status)

    async def tell(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "not_signed_in", "message": "This chat is closed."}, 401)
        chat.arrived.append(await request.json())
        return JSONResponse({"saved": True, "messages": chat.say("safety")})

    async def restyle(request: Request) -> Response:
        chat.style = (await request.json())["style"]
        return JSONResponse({"messages": chat.say(chat.step)})

    def code(_: Request) -> Response:
        return JSONResponse({"code": CODE})

    async def resume(request: Request) -> Response:
        if (await request.json())["code"].upper() != CODE:
            return JSONResponse({"error": "unknown_code", "message": "I don't know that code. Check each letter."}, 404)
        chat.token = "token-of-a-test"
        return JSONResponse({"conversation": "1", "token": chat.token, "style": chat.style, "messages": chat.transcript})

    async def leave(request: Request) -> Response:
        chat.left.append((await request.body()).decode())
        chat.token = None
        chat.was_left.set()
        return Response(status_code=204)

    def dull(_: Request) -> Response:
        return Response("<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1></html>", media_type="text/html")

    return Starlette(
        routes=[
            *page_routes(page),
            Route("/dull", dull),
            Route("/chat/start", start, methods=["POST"]),
            Route("/chat/messages", messages, methods=["GET", "POST"]),
            Route("/chat/tell-someone", tell, methods=["POST"]),
            Route("/chat/style", restyle, methods=["POST"]),
            Route("/chat/code", code),
            Route("/chat/resume", resume, methods=["POST"]),
            Route("/chat/leave", leave, methods=["POST"]),
        ]
    )


def example_page(words: PageWords, **more: Any) -> PageData:
    """The page with the example welcome. `more` are other fields of PageData."""
    welcome = examples()["welcome"]
    return PageData(words=words, welcome=lambda style: welcome[Style(style).value], **more)


class InThread:
    """Runs an application on a free port of this machine until the block ends. Entering gives its address."""

    def __init__(self, app: Starlette) -> None:
        # the socket listens before the server runs, so that nobody has to wait for it
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)
