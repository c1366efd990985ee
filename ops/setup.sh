#!/bin/sh
# Brings the Python environment (.venv) from nothing: Debian with git, make and Python 3 is enough.
# uv brings the right Python; the environment brings node and npm. Does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
STAMP=.venv/.made-from

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Being found is not enough: pyenv puts a `uv` on PATH that only works for some of its Pythons,
# and before 0.5 uv did not know the dependency groups of pyproject.toml.
works() {
    version=$("$1" --version 2>/dev/null) || return 1
    case $version in
    "uv 0."[0-4].*) return 1 ;;
    "uv "[0-9]*) return 0 ;;
    *) return 1 ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

make_own_uv() {
    command -v python3 >/dev/null 2>&1 || fail "Sayso needs Python 3. On Debian: apt-get install python3"
    say "Getting uv, which brings Python and its packages…"
    rm -rf .uv
    if ! python3 -m venv .uv >/dev/null 2>&1; then
        rm -rf .uv
        say "This Python cannot make environments yet; installing python3-venv…"
        if ! command -v apt-get >/dev/null 2>&1 || ! as_root true; then
            fail "Please install the Python module venv first. On Debian, as root: apt-get install python3-venv"
        fi
        { as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv; } >/dev/null ||
            fail "python3-venv could not be installed. Is this machine on the internet?"
        python3 -m venv .uv || fail "Python still cannot make environments; see the message above."
    fi
    .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
        fail "uv could not be installed. Is this machine on the internet?"
}

find_uv() {
    if command -v uv >/dev/null 2>&1 && works uv; then
        UV=uv
        return
    fi
    works .uv/bin/uv || make_own_uv
    UV=.uv/bin/uv
}

# --find-uv: only says which uv would be used
if [ "${1:-}" = "--find-uv" ]; then
    find_uv
    say "$UV"
    exit 0
fi

made_from() { cksum uv.lock pyproject.toml .python-version; }

if [ -x .venv/bin/sayso ] && [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(made_from)" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi
find_uv
say "Getting Python and its packages; the first time this takes a few minutes…"
# compiled here and now: left to the first imports, it would make every part's first start slow, and where Python may not
# write beside its packages (PYTHONDONTWRITEBYTECODE) each start
"$UV" sync --frozen --compile-bytecode ||
    fail "The Python environment could not be made; see the message above. Sayso needs Python 3.10, which uv downloads when the machine has none."
made_from >"$STAMP"
