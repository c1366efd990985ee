"""A running page with the fake chat behind it, a council's page on another port, and a browser that looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.page.words import page_words
from ops.front_end import build
from records.wording import load_wording
from tests.browser_fixture import chromium
from tests.page.fake_chat import FakeChat, InThread, Running, application, example_page

__all__ = ["chromium"]

ROOT = Path(__file__).parents[2]

COUNCIL = """<!doctype html><html lang="en-GB"><head><title>Sample Council</title>
<style>button {{ font-size: 40px; color: red }} iframe, dialog {{ display: none !important }}</style></head>
<body><main><h1>Sample Council</h1><p><a href="#" id="own">Have your say</a></p></main>
<script src="{chat}/embed.js" defer {options}></script></body></html>"""

VOICE = """Object.defineProperty(window, "speechSynthesis", {value: {
  said: [], stopped: 0,
  getVoices() { return [{localService: false, lang: "en-US", name: "far"}, {localService: true, lang: "en-GB", name: "here"}]; },
  cancel() { this.stopped += 1; },
  speak(words) { this.said.push([words.voice && words.voice.name, words.text]); },
  addEventListener() {}}});
Object.defineProperty(window, "SpeechSynthesisUtterance", {value: class { constructor(text) { this.text = text; } }});"""
"""Two voices, one of which would send the words away. The browser of the tests has none of its own."""

OPEN_ROOTS = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (how) { return attach.call(this, {...how, mode: "open"}); };"""
"""Lets a test look into the embed script's closed root. A page could do so too: what it cannot enter is the frame."""


@pytest.fixture(scope="session")
def front_end() -> None:
    """The fonts and pictures of the page."""
    build(ROOT)


@pytest.fixture(scope="module")
def running(front_end: None) -> Iterator[Running]:
    """The page and its fake chat, which leaves to a dull page of its own."""
    chat = FakeChat()
    words = page_words(load_wording(ROOT))
    hosts: list[str] = []

    def council(request: Request) -> Response:
        options = request.query_params.get("options", "")
        return HTMLResponse(COUNCIL.format(chat=hosts[1], options=options))

    with InThread(Starlette(routes=[Route("/", council)])) as host:
        page = example_page(words, embed_origins=(host,), leave_to="/dull")
        with InThread(application(chat, page)) as address:
            hosts.extend((host, address))
            yield Running(address, chat, host)


@pytest.fixture
def chat(running: Running) -> FakeChat:
    """The fake chat, as good as new."""
    return running.fresh()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser with nothing in it, the size of a phone, that holds still."""
    fresh = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    fresh.set_default_timeout(20_000)
    fresh.add_init_script(VOICE)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return context.new_page()
