"""The overrides of Rasa 3.6.21, by name. Rasa Open Source gets no more releases, so they are safe from upstream change.

`strict.py` holds those that make failures seen, `fast.py` those that take away repeated work. Each is listed with the
fingerprint of the source it replaces; a test compares them, so that another Rasa under our feet is noticed.

Tried and left out, because with a bounded tracker they gained nothing that could be measured: copying a tracker instead of
replaying it (DialogueStateTracker.copy, FormAction._temporary_tracker), and not deep-copying what a debug line would show.
"""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass, field
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue import fast, strict


@dataclass(frozen=True)
class Override:
    """One place in Rasa, what goes there, and the first 16 hex digits of the SHA-256 of the source that was there."""

    owner: Any
    name: str
    replacement: Any
    fingerprint: str
    original: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "original", inspect.getattr_static(self.owner, self.name))

    def source(self) -> str:
        """The source of what was replaced."""
        return inspect.getsource(getattr(self.original, "__func__", self.original))

    def fingerprint_now(self) -> str:
        """The fingerprint of the source that is installed."""
        return hashlib.sha256(self.source().encode()).hexdigest()[:16]


OVERRIDES: tuple[Override, ...] = (
    Override(MessageProcessor, "_run_action", strict.run_action, "6d383d0179ef1187"),
    Override(Agent, "_create_tracker_store", staticmethod(strict.create_tracker_store), "97499b594b45581b"),
    Override(RemoteAction, "_action_call_format", fast.action_call_format, "428795b944f22edb"),
    Override(RemoteAction, "_validate_action_result", fast.validate_action_result, "f8cdb4be68123961"),
    Override(DaskGraphRunner, "run", fast.run_graph, "45f0f52f574f3aa9"),
    Override(EndpointConfig, "session", fast.session, "e55aa13d9d4fb4bc"),
    Override(Event, "resolve_by_type", staticmethod(fast.resolve_by_type), "b5cf570fa7f286c7"),
)


def apply() -> None:
    """Puts every override in its place. Doing it again changes nothing."""
    for override in OVERRIDES:
        setattr(override.owner, override.name, override.replacement)
