"""A real browser for tests: `from tests.browser_fixture import chromium` in a conftest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium from PATH, or Playwright's own; one for each module, without its window.

    Not for the whole run: Playwright leaves an event loop running, in which no asynchronous test can start.
    Fails with what to do when there is none.
    """
    with sync_playwright() as playwright:
        own = next((found for name in NAMES if (found := shutil.which(name))), None)
        if own is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail("no browser: install chromium (apt-get install chromium) or run `playwright install chromium`", pytrace=False)
        # no sandbox: in a container the tests run as root, and they only open our own pages
        browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
