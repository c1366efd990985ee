"""One visit to a page: who, when, what was filled in; and how every page is opened, refused and shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from records import folders, safety_queue
from records.database import Work, unit_of_work
from records.errors import NotFound, NotSaved, SlowDown, Stale
from records.settings import Settings
from records.tables import Worker

LARGEST_FORM = 400_000
"""Bytes. A reply of 100,000 characters fits, whatever the letters."""


@dataclass(frozen=True)
class Desk:
    """What all visits share."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    templates: Environment

    @property
    def is_https(self) -> bool:
        """Whether workers reach the desk over https."""
        return self.settings.desk_address.startswith("https://")

    @property
    def cookie(self) -> str:
        """Name of the cookie. Browsers take a `__Host-` cookie over https only, from this very host."""
        return "__Host-desk" if self.is_https else "desk"

    def work(self, *, write: bool = True) -> AbstractContextManager[Work]:
        """A unit of work on the desk's records."""
        return unit_of_work(write, self.engine)


@dataclass(frozen=True)
class Visit:
    """One request. `form` is what was filled in, `visitor` the worker, or None on the sign-in page."""

    desk: Desk
    request: Request
    visitor: Worker | None
    token: str | None
    form: Mapping[str, str]
    now: datetime

    @property
    def worker(self) -> Worker:
        """Who is signed in. The guard lets nobody else here. Raises NotFound on a page that is open to all."""
        if self.visitor is None:
            raise NotFound
        return self.visitor

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """A part of the query, empty when it is not there."""
        return self.request.query_params.get(name, "")

    def written(self, name: str) -> str:
        """A field of the form, empty when it is not there."""
        return self.form.get(name, "")

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page with the frame around it."""
        frame: dict[str, Any] = {"worker": self.visitor, "now": self.now, "path": self.request.url.path, "notice": self.asked("said")}
        if self.visitor:
            with self.desk.work(write=False) as work:
                frame["counts"] = folders.counts(work, self.visitor, self.now)
                frame["open_flags"] = safety_queue.count_open(work, self.visitor)
        page = self.desk.templates.get_template(template)
        # half an emoji that a phone sent is kept as it came; UTF-8 has no form for it
        return HTMLResponse(page.render(**frame, **values).encode("utf-8", "replace"), status_code=status)

    def go(self, path: str, said: str = "") -> Response:
        """Sends the browser to a page; `said` is the name of the sentence that is shown there (templates/frame.html)."""
        return RedirectResponse(f"{path}?said={said}" if said else path, status_code=303)


@dataclass(frozen=True)
class Page:
    """A page of the desk. `roles` empty: every worker."""

    method: str
    path: str
    handler: Callable[[Visit], Response]
    roles: tuple[str, ...] = ()


def door(desk: Desk, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """What Starlette calls for a page: reads the form, checks the role, and turns what went wrong into plain words."""

    async def opened(request: Request) -> Response:
        form = await _form(request) if page.method == "POST" else {}
        if form is None:
            return plain_page(desk, "too_large", 413)
        state = request.state
        visit = Visit(desk, request, getattr(state, "worker", None), state.token, form, desk.clock())
        return await run_in_threadpool(_answer, visit, page)

    return opened


def _answer(visit: Visit, page: Page) -> Response:
    if page.roles and (visit.visitor is None or visit.visitor.role not in page.roles):
        return plain_page(visit.desk, "not_your_page", 403)
    try:
        return page.handler(visit)
    except NotFound:
        return plain_page(visit.desk, "not_found", 404)
    except Stale:
        return plain_page(visit.desk, "stale", 409)
    except SlowDown as slow:
        answer = plain_page(visit.desk, "slow_down", 429)
        answer.headers["Retry-After"] = str(slow.seconds)
        return answer
    except NotSaved:
        return plain_page(visit.desk, "not_saved", 503)


def plain_page(desk: Desk, what: str, status: int) -> Response:
    """A page that says one thing (templates/plain.html)."""
    return HTMLResponse(desk.templates.get_template("plain.html").render(what=what), status_code=status)


def not_found(desk: Desk) -> Callable[[Request, Exception], Response]:
    """What Starlette calls for an address that is no page."""

    def answer(_: Request, __: Exception) -> Response:
        return plain_page(desk, "not_found", 404)

    return answer


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form as text; None when it is larger than any form of ours."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=40)
    except ValueError:
        return None
    # PostgreSQL takes no NUL in names, and no keyboard types one
    return {name: value.replace("\x00", "").replace("\r\n", "\n") for name, value in fields}
