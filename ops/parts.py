"""The parts Sayso is made of when it runs, in the order in which they are started."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from records.settings import Settings


@dataclass(frozen=True)
class Part:
    """One process. `port` None: it listens nowhere, and is ready as soon as it runs."""

    name: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int | None = None
    setting: str = ""
    """The environment variable that chooses the port."""
    health: str | None = None
    """Path that answers 200 when the part is ready. None: an open port is enough."""

    @property
    def reach(self) -> str:
        """The address at which this machine reaches the part."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


def all_parts(chosen: Settings) -> tuple[Part, ...]:
    """Every part of one installation. The door comes first: words are kept and screened whether or not the rest is up."""
    parts = [
        Part("gateway", _module("bot.gateway"), chosen.host, chosen.port, "SAYSO_PORT", "/healthz"),
        Part("rasa", _module("ops.rasa_server"), port=chosen.rasa_port, setting="SAYSO_RASA_PORT"),
        Part("actions", _module("actions.server"), port=chosen.actions_port, setting="SAYSO_ACTIONS_PORT"),
        Part("desk", _module("desk"), chosen.host, chosen.desk_port, "SAYSO_DESK_PORT", "/healthz"),
        Part("post", _module("ops.post")),
    ]
    if chosen.council_port:
        parts.append(Part("council", _module("ops.council"), chosen.host, chosen.council_port, "SAYSO_COUNCIL_PORT", "/healthz"))
    return tuple(parts)


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)
