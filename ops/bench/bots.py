"""The three bots side by side: how each is started, and how a user talks to it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from ops.bench import walks
from ops.bench.processes import Recipe, free_port
from ops.bench.projects import ACTIONS_PORT
from ops.bench.visitors import Chat, RestVisitor, SaysoVisitor, Visitor
from ops.parts import Part, all_parts
from records.settings import Settings

_PATIENCE = httpx.Timeout(90)
"""A slow answer is a figure; only one that never comes is a fault."""


@dataclass(frozen=True)
class Bot:
    """A bot to be measured."""

    name: str
    recipe: Recipe
    http: httpx.AsyncClient
    visitor: Callable[[], Visitor]
    chats: list[Chat]
    """What Sayso acknowledged as saved; empty for a bot that keeps nothing."""


def sayso(root: Path, folder: Path, logs: Path) -> Bot:
    """Our own, started as `sayso run` starts it, on SQLite in a data folder of its own under `folder`."""
    chosen = Settings(root=root, data_dir=folder, council_port=0, port=free_port(), rasa_port=free_port(), actions_port=free_port())
    # asked where they say that they can work, not only that they live
    ready = {"gateway": "/readyz", "rasa": "/", "actions": "/health"}
    parts = [replace(part, health=ready[part.name]) for part in all_parts(chosen) if part.name in ready]
    environment = {part.setting: str(part.port) for part in parts} | {"SAYSO_DATA_DIR": str(folder), "SAYSO_COUNCIL_PORT": "0"}
    http = _client(chosen.port)
    steps = walks.sayso_walk(root)
    chats: list[Chat] = []
    return Bot("sayso", Recipe(parts, root, environment, logs), http, lambda: SaysoVisitor(http, steps, chats), chats)


def form_bot(project: Path, folder: Path, logs: Path) -> Bot:
    """The five-question form bot: Rasa and its action server, SQLite for the trackers."""
    work = _copied(project, folder)
    rasa = _rasa("form_rasa", free_port())
    actions = free_port()
    serving = Part("form_actions", (sys.executable, "-m", "rasa", "run", "actions", "--port", str(actions)), port=actions, health="/health")
    # Rasa's action server listens everywhere unless it is told otherwise
    environment = {ACTIONS_PORT: str(actions), "SANIC_HOST": "127.0.0.1"}
    http = _client(rasa.port)
    steps = walks.form_walk(work)
    return Bot("form_bot", Recipe([rasa, serving], work, environment, logs), http, lambda: RestVisitor(http, steps), [])


def init_bot(project: Path, folder: Path, logs: Path) -> Bot:
    """The bot of `rasa init`: Rasa alone, trackers in memory."""
    work = _copied(project, folder)
    rasa = _rasa("init_rasa", free_port())
    http = _client(rasa.port)
    steps = walks.init_walk(work)
    return Bot("init_bot", Recipe([rasa], work, {}, logs), http, lambda: RestVisitor(http, steps), [])


def _copied(project: Path, folder: Path) -> Path:
    """A copy to run in, so that the trained project stays as it is and every run begins with an empty tracker store."""
    work = folder / "project"
    shutil.copytree(project, work)
    return work


def _rasa(name: str, port: int) -> Part:
    command = (sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port))
    return Part(name, command, port=port, health="/webhooks/rest/")


def _client(port: int | None) -> httpx.AsyncClient:
    # our own clean connection: no proxy of the environment comes between
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE, limits=limits, trust_env=False)
