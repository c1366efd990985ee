"""The addresses of the chat page: the page, the same page for a frame, the embed script, and what they load."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.page.headers import page_headers
from bot.page.words import PageWords
from voice.wording import Style

HERE = Path(__file__).resolve().parent
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""The kinds of file that are handed out, spelled out because a bare machine's own list lacks some."""


class TextTo(TypedDict):
    """Where a text message goes, and the word it starts with, if one is asked for."""

    to: str
    word: str | None


class HelpRow(TypedDict):
    """Someone to talk to, as the chat's answers give it."""

    name: str
    what: str
    call: str | None
    text: TextTo | None
    web: str | None
    open: str
    open_now: bool


class Welcome(TypedDict):
    """What the first screen says at this moment, in one style."""

    lines: list[str]
    reading: str
    help: list[HelpRow]
    demo: str | None


@dataclass(frozen=True)
class PageData:
    """What the page is made of. `welcome` is asked again for every visit, because it says who is awake now."""

    words: PageWords
    welcome: Callable[[Style], Welcome]
    embed_origins: tuple[str, ...] = ()
    leave_to: str = "https://www.bbc.co.uk/weather"
    built: Path = field(default=HERE / "built")


def page_routes(page: PageData) -> list[Route]:
    """The routes of the page, to be put in front of the chat's own."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def shown(*, embedded: bool) -> Response:
        hosts = page.embed_origins if embedded else ()
        text = templates.get_template("page.html").render(
            words=page.words[Style.standard],
            all_words={style.value: words for style, words in page.words.items()},
            welcome={style.value: page.welcome(style) for style in Style},
            embedded=embedded,
            hosts=hosts,
            leave_to=page.leave_to,
        )
        return Response(text, media_type="text/html", headers=page_headers(framed_by=hosts))

    def own_page(_: Request) -> Response:
        return shown(embedded=False)

    def framed_page(_: Request) -> Response:
        return shown(embedded=True)

    def embed_script(_: Request) -> Response:
        words = page.words[Style.standard]
        own = {key: words[key] for key in ("embed_open", "embed_title", "embed_close")}
        text = (HERE / "templates" / "embed.js").read_text(encoding="utf-8").replace('"@words@"', json.dumps(own))
        headers = page_headers() | {"Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(text, media_type="text/javascript", headers=headers)

    def asset(request: Request) -> Response:
        file = _asset_file(str(request.path_params["path"]), HERE / "static", page.built)
        if file is None:
            return PlainTextResponse("Not found", status_code=404, headers=page_headers())
        return FileResponse(file, media_type=KINDS[file.suffix], headers=page_headers())

    return [
        Route("/", own_page),
        Route("/embedded", framed_page),
        Route("/embed.js", embed_script),
        Route("/assets/{path:path}", asset),
    ]


def _asset_file(path: str, *folders: Path) -> Path | None:
    """The file that `path` names in one of the folders; None when there is none, or it lies outside of them."""
    for folder in folders:
        root = folder.resolve()
        try:
            file = (root / path).resolve()
            if file.is_relative_to(root) and file.suffix in KINDS and file.is_file():
                return file
        except (OSError, ValueError):
            return None
    return None
