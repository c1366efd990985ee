#!/bin/sh
# Makes sure that there is a browser for the browser tests: one that is here already, else Debian's, else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
        exit 0
    fi
done
if .venv/bin/python -c 'import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))' 2>/dev/null; then
    exit 0
fi

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installing a browser for the tests (chromium)…"
    if $as_root apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null; then
        exit 0
    fi
fi
echo "Getting Playwright's own browser for the tests…"
.venv/bin/playwright install chromium || {
    echo "The browser tests need chromium. On Debian, as root: apt-get install chromium" >&2
    exit 1
}
