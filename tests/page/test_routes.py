"""The addresses of the page, without a browser: headers, what is handed out, and that no word is missing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.page.routes import page_routes
from bot.page.words import KEYS, PREFIX, page_words
from records.wording import Wording, WordingMissing, load_wording
from tests.page.fake_chat import example_page
from voice.wording import Style, Words

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "bot" / "page"
HOST = "https://www.council.example"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """The page, embedded by one council, with nothing built."""
    page = example_page(page_words(load_wording(ROOT)), embed_origins=(HOST,), built=tmp_path / "built")
    return TestClient(Starlette(routes=list(page_routes(page))))


def test_the_own_page_may_not_be_framed_and_the_embedded_one_only_by_councils_on_the_list(client: TestClient) -> None:
    assert client.get("/").headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert client.get("/embedded").headers["content-security-policy"].endswith(f"frame-ancestors {HOST}")


@pytest.mark.parametrize("path", ["/", "/embedded", "/embed.js", "/assets/page.js", "/assets/nothing.js"])
def test_nothing_is_kept_nor_run_from_elsewhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "http:" not in policy


@pytest.mark.parametrize("path", ["../routes.py", "%2e%2e/routes.py", "..%2froutes.py", "/etc/passwd", "%00.js", "a" * 5000 + ".js", ""])
def test_only_the_pages_own_files_are_handed_out(client: TestClient, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code == 404


def test_the_page_holds_no_script_or_style_of_its_own(client: TestClient) -> None:
    text = client.get("/").text
    inline = re.findall(r"<script(?![^>]*src=)([^>]*)>", text)
    assert inline == [' type="application/json" id="page-data"']
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


def test_the_words_in_the_page_cannot_break_out_of_it() -> None:
    wording = load_wording(ROOT)
    nasty = "</script><script>alert(1)</script>"
    words = {**wording.sentences, PREFIX + "tagline": Words(standard=nasty, easy=nasty)}
    page = example_page(page_words(Wording(words)))
    text = TestClient(Starlette(routes=list(page_routes(page)))).get("/").text
    assert nasty not in text
    data = json.loads(text.split('id="page-data">')[1].split("</script>")[0])
    assert data["words"]["easy"]["tagline"] == nasty


def test_the_embed_script_carries_its_words_and_may_be_loaded_by_a_council(client: TestClient) -> None:
    answer = client.get("/embed.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "@words@" not in answer.text
    assert load_wording(ROOT).say("utter_page_embed_open", Style.standard) in answer.text


def test_every_key_that_is_said_is_listed_and_every_listed_key_is_said() -> None:
    sources = [*PAGE.glob("templates/*"), *PAGE.glob("static/*.js"), PAGE / "routes.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    named = set(re.findall(r"[\"'.\]]([a-z]+(?:_[a-z0-9]+)*)\b", text)) | {"leave_presses_1", "leave_presses_2"}
    assert set(KEYS) - named == set()
    ways = (r"\bsay\(\"(\w+)\"", r"saying\(\"\w+\", \"(\w+)\"", r"panel_top\(\"\w+\", \"(\w+)\"", r"data-word(?:-label|-hint)?=\"(\w+)\"")
    asked = {key for way in ways for key in re.findall(way, text)}
    assert asked - set(KEYS) == set()


def test_a_missing_word_is_named() -> None:
    wording = load_wording(ROOT)
    fewer = {key: words for key, words in wording.sentences.items() if key != "utter_page_send"}
    with pytest.raises(WordingMissing, match="utter_page_send"):
        page_words(Wording(fewer))


def test_a_value_the_page_does_not_have_is_named() -> None:
    wording = load_wording(ROOT)
    more = {**wording.sentences, "utter_page_send": Words(standard="Send {what}", easy="Send")}
    with pytest.raises(WordingMissing, match="what"):
        page_words(Wording(more))


def test_the_first_screen_says_who_is_awake_now_each_time_it_is_asked() -> None:
    page = example_page(page_words(load_wording(ROOT)))
    hours = iter(["Reads now", "Reads from 9 am"])

    def welcome(style: Style) -> object:
        at = page.welcome(style)
        return {**at, "reading": next(hours)} if style is Style.standard else at

    client = TestClient(Starlette(routes=list(page_routes(replace(page, welcome=welcome)))))  # type: ignore[arg-type]
    assert "Reads now" in client.get("/").text
    assert "Reads from 9 am" in client.get("/").text


def test_a_demo_says_so_on_the_first_screen_in_both_styles_and_without_scripts(client: TestClient) -> None:
    for path in ("/", "/embedded"):
        text = client.get(path).text
        assert '<p class="notice" data-for="standard">This is only a demo.' in text
        assert '<p class="notice" data-for="easy">This is only a test.' in text


def test_what_is_no_demo_says_nothing_of_it() -> None:
    page = example_page(page_words(load_wording(ROOT)))
    real = replace(page, welcome=lambda style: {**page.welcome(style), "demo": None})  # type: ignore[arg-type,typeddict-item]
    assert "only a demo" not in TestClient(Starlette(routes=list(page_routes(real)))).get("/").text
