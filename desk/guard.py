"""Stands before every page: who is signed in, where a change came from, and what the browser is told to refuse."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.visit import Desk, plain_page
from records import desk_sessions
from records.errors import NotSaved, NotSignedIn
from records.tables import Worker

OPEN_TO_ALL = ("/sign-in", "/healthz", "/readyz")
"""The only pages for somebody who is not signed in; with them go the style sheet and the like under /assets/."""

_SAFE = ("GET", "HEAD", "OPTIONS")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # nothing goes to other sites; 'no-referrer' would also blank the Origin that tells a change of ours from a stranger's
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


class Guard:
    """Deny by default: only OPEN_TO_ALL and the assets are shown to somebody who is not signed in."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        headers = Headers(scope=scope)
        out = self._with_headers(send, kept=path.startswith("/assets/"))
        if scope["method"] not in _SAFE and not self._is_ours(headers):
            await plain_page(self.desk, "strange_origin", 403)(scope, receive, out)
            return
        scope.setdefault("state", {})
        token = scope["state"]["token"] = self._token(headers)
        if path in OPEN_TO_ALL or path.startswith("/assets/"):
            await self.app(scope, receive, out)
            return
        try:
            scope["state"]["worker"] = await run_in_threadpool(self._worker, token)
        except NotSignedIn:
            back = f"?next={quote(path)}" if scope["method"] in _SAFE and path != "/" else ""
            await RedirectResponse(f"/sign-in{back}", status_code=303)(scope, receive, out)
        except NotSaved:
            await plain_page(self.desk, "not_saved", 503)(scope, receive, out)
        else:
            await self.app(scope, receive, out)

    def _worker(self, token: str | None) -> Worker:
        if token is None:
            raise NotSignedIn
        with self.desk.work() as work:
            worker = desk_sessions.worker_of(work, token, self.desk.clock())
            work.commit()
        return worker

    def _token(self, headers: Headers) -> str | None:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self.desk.cookie)
        except CookieError:
            return None
        return cookie.value if cookie else None

    def _is_ours(self, headers: Headers) -> bool:
        """Whether a change was asked for by a page of the desk itself.

        Browsers say so in Sec-Fetch-Site; those that do not must send the Origin of this very address.
        """
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = urlsplit(headers.get("origin", ""))
        ours = {headers.get("host", ""), urlsplit(self.desk.settings.desk_address).netloc}
        return origin.scheme in ("http", "https") and origin.netloc in ours

    def _with_headers(self, send: Send, *, kept: bool) -> Send:
        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                # the style sheet may be asked for again, a page never stays behind
                headers["Cache-Control"] = "no-cache" if kept else "no-store"
                if self.desk.is_https:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return out
