from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from ops.council.page import create_app
from tests.browser_fixture import chromium

__all__ = ["chromium"]

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def page() -> str:
    return TestClient(create_app("https://chat.example")).get("/").text


def test_the_chat_is_embedded_with_one_script_tag() -> None:
    assert re.findall(r"<script[^>]*>", page()) == ['<script src="https://chat.example/embed.js" defer>']


def test_it_says_that_the_council_is_made_up() -> None:
    assert "This council is made up." in page()


def test_it_says_when_it_is_well() -> None:
    assert TestClient(create_app("https://chat.example")).get("/healthz").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_the_page(chromium: Browser, width: int) -> None:
    tab = chromium.new_page(viewport={"width": width, "height": 800})
    # the chat is somebody else's to test, and chat.example is nowhere
    tab.route("https://chat.example/**", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    tab.set_content(page())
    tab.add_script_tag(path=AXE)
    found = tab.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.close()
