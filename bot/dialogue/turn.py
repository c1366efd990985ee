"""One turn through Rasa, from the gateway's message to Sayso's answer, and whether it went well.

Rasa goes on after most failures and answers as if nothing had happened (safety research, section 3). Here the first
failure ends the turn: nothing is answered, the dialogue state stays as it was, and the gateway tries again later.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


class TurnFailed(Exception):
    """The turn cannot be answered. `kind` says why, without any words of the young person."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class AlreadyAnswered(Exception):
    """The message was answered before; the reply was lost on its way. `messages` is what was said then."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        super().__init__("already answered")
        self.messages = messages


@dataclass
class Turn:
    """The turn that is under way: the id of the message, and what was said so far."""

    message_id: str
    messages: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[Turn | None] = ContextVar("sayso_turn", default=None)


def current_turn() -> Turn | None:
    """The turn this code runs in. None outside the door, for example in `rasa shell`."""
    return _current.get()


def begin(turn: Turn) -> None:
    """Makes `turn` the current one for the task that calls this and everything it awaits."""
    _current.set(turn)


_RASAS_OWN = {"timestamp", "model_id", "assistant_id"}


def as_said(message: dict[str, Any]) -> dict[str, Any]:
    """A bot message as the gateway gets it: what the action gave, without Rasa's own marks and empty parts."""
    return {key: value for key, value in message.items() if value is not None and key not in _RASAS_OWN}
