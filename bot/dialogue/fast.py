"""Rasa's hot spots, replaced: work that is the same in every turn is done once.

Each function here takes the place of one of Rasa 3.6.21; `overrides.py` lists which, and puts them there. The gains are
ratios of processor time for a turn of a pathway (two calls of an action server over HTTP), with all overrides against all
but the one; all of them together make a turn eight times cheaper. To measure again: play the same turns through
`Agent.handle_message` with `override.original` put back for one of them, and compare `time.process_time()`.
"""

from __future__ import annotations

import asyncio
import weakref
from functools import lru_cache
from typing import Any

import aiohttp
import rasa
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.strict import refuse


def validate_action_result(_: RemoteAction, result: Any) -> bool:
    """Replaces RemoteAction._validate_action_result (rasa/core/actions/action.py).

    Rasa's own checks its own schema again on every answer of the action server. Gain: 6.6.
    """
    if not _action_results().is_valid(result):
        raise refuse(result)
    return True


def action_call_format(self: RemoteAction, tracker: DialogueStateTracker, _: Domain) -> dict[str, Any]:
    """Replaces RemoteAction._action_call_format (rasa/core/actions/action.py).

    Rasa's own sends every action all events of the chat, and the one that validates a form the whole domain: 30 to 60 KB for
    each turn, to be written and read again. Ours look only at the latest message and the slots; what was said is in the
    records. Gain: measured only together with what else was mended that day (docs/bench.md).
    """
    state = tracker.current_state(EventVerbosity.NONE)
    return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": state, "version": rasa.__version__}


@lru_cache(maxsize=1)
def _action_results() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


_EVENTS: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Replaces Event.resolve_by_type (rasa/shared/core/events.py).

    Rasa's own walks all event classes for every event it reads. Gain: 13 for reading a chat back from its row, nothing
    for a chat that is still in memory. Raises ValueError for a name that is none.
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
    order, and has dask schedule them. The order never changes; here it is kept and followed. Gain: 1.2.
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

    Rasa's own opens a connection for each call of the action server. This one keeps them for the next call. Gain: 1.1; the
    call itself costs half.
    """
    loop = asyncio.get_running_loop()
    kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None = getattr(self, "_sayso_session", None)
    if kept is None or kept[0] is not loop or kept[1].closed:
        auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS)
        kept = loop, aiohttp.ClientSession(headers=self.headers, auth=auth, connector=connector)
        self._sayso_session = kept
    return _Open(kept[1])
