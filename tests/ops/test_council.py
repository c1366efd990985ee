from __future__ import annotations

import re

from starlette.testclient import TestClient

from ops.council.page import create_app


def page() -> str:
    return TestClient(create_app("https://chat.example")).get("/").text


def test_the_chat_is_embedded_with_one_script_tag() -> None:
    assert re.findall(r"<script[^>]*>", page()) == ['<script src="https://chat.example/embed.js" defer>']


def test_it_says_that_the_council_is_made_up() -> None:
    assert "This council is made up." in page()


def test_it_says_when_it_is_well() -> None:
    assert TestClient(create_app("https://chat.example")).get("/healthz").status_code == 200
