"""The gateway as one application: the chat's calls, the page, health, and plain words for everything that goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import cast

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.gateway.answer import Json
from bot.gateway.attention import Attendant
from bot.gateway.body import BadRequest
from bot.gateway.calm import Calm
from bot.gateway.chat import Chat, TooLongButHelped
from bot.gateway.headers import Headers
from bot.gateway.rasa import Rasa
from bot.gateway.safety import Safety
from bot.gateway.turns import Turns
from bot.page.routes import PageData, Welcome, page_routes
from bot.page.words import page_words
from records.clauses import load_clauses
from records.clocks import load_clocks
from records.database import unit_of_work
from records.errors import (
    ChoiceIsOld,
    NotFound,
    NotSaved,
    NotSignedIn,
    NotTrained,
    SaysoError,
    SlowDown,
    Stale,
    UnknownCode,
    UnknownJoin,
    WrongWeights,
)
from records.library import load_pathways
from records.safety_data import load_help, load_listening_screen, load_screen
from records.settings import Settings
from records.wording import Wording, load_wording
from voice.pathways.speech import Speech
from voice.safeguarding.screen import Screen
from voice.wording import Style

log = logging.getLogger("sayso.gateway")

_STATUS: dict[type[SaysoError], int] = {
    NotSignedIn: 401,
    UnknownCode: 404,
    UnknownJoin: 404,
    NotFound: 404,
    ChoiceIsOld: 409,
    Stale: 409,
    SlowDown: 429,
    TooLongButHelped: 413,
    NotSaved: 503,
}


def create_app(chosen: Settings, rasa: Rasa | None = None) -> ASGIApp:
    """The gateway for these settings. `rasa` is given by tests."""
    wording = load_wording(chosen.root)
    library = load_pathways(chosen.root)
    speech = Speech(library.pathways, library.ending, library.menu, wording)
    help_pathways = frozenset(pathway.id for pathway in library.pathways.values() if pathway.raises)
    # a mistake in the clocks shows here, not with the first flag
    load_clocks(chosen.root)
    screen = _screen(chosen.root)
    help_data = load_help(chosen.root)
    safety = Safety(screen, help_data, help_pathways, live=chosen.live)
    assistant = rasa or Rasa(f"http://127.0.0.1:{chosen.rasa_port}")
    turns = Turns(assistant, wording, chosen, Calm(wording, help_data))
    chat = Chat(speech, safety, Attendant(screen, load_clauses(chosen.root)), turns)
    page = PageData(
        words=page_words(wording),
        welcome=lambda style: cast(Welcome, safety.welcome(style, datetime.now(timezone.utc))),
        embed_origins=chosen.allowed_hosts_of_the_embed,
    )
    troubles = Troubles(wording)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        retry = asyncio.create_task(turns.retry_for_ever())
        yield
        retry.cancel()
        with suppress(asyncio.CancelledError):
            await retry
        await assistant.close()

    async def ready(_request: Request) -> Response:
        down = [] if screen.listens else ["ear"]
        if not await run_in_threadpool(_database_answers):
            down.append("database")
        if not await assistant.is_up():
            down.append("rasa")
        if not await assistant.can_act(chosen.actions_port):
            down.append("actions")
        return Json({"ready": not down, "down": down}, status_code=503 if down else 200)

    async def health(_request: Request) -> Response:
        return Json({"alive": True})

    app = Starlette(
        routes=[
            Route("/healthz", health),
            Route("/readyz", ready),
            *chat.routes(),
            *page_routes(page),
        ],
        exception_handlers={BadRequest: troubles.bad_request, SaysoError: troubles.in_our_words, Exception: troubles.unexpected},
        lifespan=life,
    )
    # outermost, so that the answer to a fault of ours has the headers too
    return Headers(app)


def _screen(root: Path) -> Screen:
    """The door opens without the ear too, and says so: the pattern families alone are better than no door."""
    try:
        return load_listening_screen(root)
    except (NotTrained, WrongWeights) as fault:
        log.error("screening without the ear: %s", fault)
        return load_screen(root)


class Troubles:
    """Every error as `{"error", "message"}`, in words a young person can use. Nothing of what was sent is repeated or logged."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def bad_request(self, request: Request, trouble: Exception) -> Response:
        """What was sent cannot be used."""
        if not isinstance(trouble, BadRequest):
            raise trouble
        return self._plain(request, trouble.code, trouble.status)

    def in_our_words(self, request: Request, trouble: Exception) -> Response:
        """An error of the records."""
        if not isinstance(trouble, SaysoError):
            raise trouble
        status = next((status for kind, status in _STATUS.items() if isinstance(trouble, kind)), 500)
        response = self._plain(request, trouble.code, status, getattr(trouble, "messages", None))
        if isinstance(trouble, SlowDown):
            response.headers["Retry-After"] = str(trouble.seconds)
        return response

    def unexpected(self, request: Request, trouble: Exception) -> Response:
        """A fault of ours. Only its kind is logged: its message could hold somebody's words."""
        log.error("a call failed: %s at %s", type(trouble).__name__, _place(trouble))
        if not request.url.path.startswith("/chat/"):
            return PlainTextResponse(self._wording.say("utter_error_page_broken", Style.standard), status_code=503)
        return self._plain(request, "not_saved", 503)

    def _plain(self, request: Request, code: str, status: int, shown: list[object] | None = None) -> Json:
        style = Style.easy if request.headers.get("x-sayso-style") == "easy" else Style.standard
        body: dict[str, object] = {"error": code, "message": self._wording.say(f"utter_error_{code}", style)}
        if shown:
            body["messages"] = shown
        return Json(body, status_code=status)


def _place(trouble: BaseException) -> str:
    trace = trouble.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def _database_answers() -> bool:
    try:
        with unit_of_work(write=False) as work:
            work.session.execute(text("SELECT 1"))
    except Exception:
        return False
    return True
