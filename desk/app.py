"""The desk: what workers meet. Server-rendered pages behind a guard that denies by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk.guard import Guard
from desk.routes import PAGES
from desk.showing import environment
from desk.visit import Desk, door, not_found
from records.database import engine as process_engine
from records.database import unit_of_work
from records.errors import NotSaved
from records.settings import Settings

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the desk."""
    return datetime.now(timezone.utc)


def create_app(settings: Settings, *, engine: Engine | None = None, clock: Clock = utc_now) -> Starlette:
    """The desk over the records of `engine` (the process's own by default). `clock` gives the moment of each visit."""
    desk = Desk(settings=settings, engine=engine or process_engine(), clock=clock, templates=environment(settings))

    def healthz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    def readyz(_: Request) -> Response:
        try:
            with unit_of_work(write=False, on=desk.engine) as work:
                work.session.execute(text("SELECT 1"))
        except NotSaved:
            return JSONResponse({"down": "database"}, status_code=503)
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Mount("/assets", StaticFiles(directory=Path(__file__).parent / "assets")),
            *(Route(page.path, door(desk, page), methods=[page.method]) for page in PAGES),
        ],
        middleware=[Middleware(Guard, desk=desk)],
        exception_handlers={404: not_found(desk), 405: not_found(desk)},
    )
