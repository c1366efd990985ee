"""Rasa's hot spots, replaced: work that is the same in every turn is done once, and history is not replayed to copy it.

Each function here takes the place of one of Rasa 3.6.21; `overrides.py` lists which, and puts them there, with the
measured gain of each.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import weakref
from collections import deque
from functools import lru_cache
from typing import Any

import aiohttp
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.strict import refuse


class NoCopies:
    """Replaces the module `copy` in rasa.core.processor, rasa.core.policies.rule_policy and rasa.core.actions.forms.

    They use it for one thing: to copy whatever a debug line would show, whether the line is shown or not.
    """

    @staticmethod
    def deepcopy(thing: Any) -> Any:
        """The thing itself."""
        return thing


def validate_action_result(_: RemoteAction, result: Any) -> bool:
    """Replaces RemoteAction._validate_action_result (rasa/core/actions/action.py).

    Rasa's own checks its own schema again on every answer of the action server, which is most of a form bot's time.
    """
    if not _action_results().is_valid(result):
        raise refuse(result)
    return True


@lru_cache(maxsize=1)
def _action_results() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """Replaces DialogueStateTracker.copy (rasa/shared/core/trackers.py).

    Rasa's own replays every event of the chat into a new tracker. This one copies the state those events led to.
    """
    twin = self.init_copy()
    twin.events = deque(self.events, self._max_event_history)
    for name, slot in self.slots.items():
        twin.slots[name] = copy.copy(slot)
    twin._paused = self._paused
    twin.followup_action = self.followup_action
    twin.latest_action = self.latest_action
    twin.latest_message = self.latest_message
    twin.latest_bot_utterance = self.latest_bot_utterance
    twin.active_loop = dataclasses.replace(self.active_loop) if self.active_loop else None
    return twin


def temporary_tracker(
    self: FormAction, current_tracker: DialogueStateTracker, additional_events: list[Event], _: Domain
) -> DialogueStateTracker:
    """Replaces FormAction._temporary_tracker (rasa/core/actions/forms.py).

    Rasa's own replays the chat twice in every turn of a form. This one copies it, then adds the same events.
    """
    twin = current_tracker.copy()
    twin.update(SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)))
    twin.update(ActionExecuted(self.name()))
    for event in additional_events:
        twin.update(event)
    return twin


_EVENTS: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Replaces Event.resolve_by_type (rasa/shared/core/events.py).

    Rasa's own walks all event classes for every event it reads. Raises ValueError for a name that is none.
    """
    if type_name not in _EVENTS:
        for known in reversed(all_subclasses(Event)):
            _EVENTS[known.type_name] = known
    found = _EVENTS.get(type_name, default)
    if found is None:
        raise ValueError(f"Unknown event name '{type_name}'.")
    return found


_PLANS: weakref.WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], list[tuple[str, Any, list[str]]]]] = weakref.WeakKeyDictionary()


def run_graph(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """Replaces DaskGraphRunner.run (rasa/engine/runner/dask.py).

    Rasa's own works out again, for every message and every prediction, which parts of the model are needed and in which
    order, and has dask schedule them. The order never changes; here it is kept and followed.
    """
    wanted = tuple(targets or self._graph_schema.target_names)
    plans = _PLANS.setdefault(self, {})
    if wanted not in plans:
        plans[wanted] = _plan(self, wanted)
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, node, needs in plans[wanted]:
            done[name] = node(*(done.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[name] for name in wanted)


def _plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, Any, list[str]]]:
    """(name, node, what it needs) of every node the targets need, each after those it needs."""
    schema = runner._graph_schema.minimal_graph_schema(list(targets))
    plan: list[tuple[str, Any, list[str]]] = []
    placed: set[str] = set()

    def place(name: str) -> None:
        if name in placed or name not in schema.nodes:
            return
        placed.add(name)
        needs = list(schema.nodes[name].needs.values())
        for need in needs:
            place(need)
        plan.append((name, runner._instantiated_nodes[name], needs))

    for target in targets:
        place(target)
    return plan


class _Open:
    """A session that outlives the `async with` around one request."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        return None


_IDLE_SECONDS = 2.0
"""Below the 5 s after which an action server closes an idle connection, so that a request never meets a closed one."""


def session(self: EndpointConfig) -> _Open:
    """Replaces EndpointConfig.session (rasa/utils/endpoints.py).

    Rasa's own opens a connection for each call of the action server. This one keeps them for the next call.
    """
    loop = asyncio.get_running_loop()
    kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None = getattr(self, "_sayso_session", None)
    if kept is None or kept[0] is not loop or kept[1].closed:
        auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS)
        kept = loop, aiohttp.ClientSession(headers=self.headers, auth=auth, connector=connector)
        self._sayso_session = kept
    return _Open(kept[1])
