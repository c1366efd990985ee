"""Headers on every answer: nothing is stored on the device, nothing is sent elsewhere, and only councils we know may frame the chat."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.page.routes import security_headers


class Headers:
    """Adds the security headers of bot.page to every response that does not bring its own."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str]) -> None:
        self._app = app
        self._embed_origins = tuple(embed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(self._embed_origins, embedded=scope["path"] == "/embedded").items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
