"""The sample council's one page."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent


def create_app(chat_address: str) -> Starlette:
    """The page at `/`, with the chat of `chat_address` (no slash at the end) embedded as a council would, and `/healthz`."""
    templates = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True)
    html = templates.get_template("page.html").render(chat_url=chat_address)

    def page(_request: Request) -> Response:
        return HTMLResponse(html)

    def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/", page), Route("/healthz", health)])
