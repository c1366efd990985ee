"""Where Rasa's dialogue state lives: one sealed, bounded row for each chat, in the records database.

It is dialogue state and nothing else. What a young person said is in the records before Rasa hears of it; losing a row
here costs the place in a pathway, never a word.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Any, Protocol

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import overrides
from bot.dialogue.bounds import bounded
from bot.dialogue.turn import AlreadyAnswered, TurnFailed, as_said, current_turn
from records.dialogue import DialogueRows
from records.migrating import prepare

overrides.apply()

_CACHED = 512
"""Chats whose tracker is kept in memory between turns."""
_NOT_NEEDED_LATER = {"metadata", "sentences", "text_tokens", "intent_ranking", "text", "message_id"}
"""Parts of the parse data that only the turn itself looks at, or that the event holds anyway."""


class Rows(Protocol):
    """What this store needs of the records."""

    def load(self, sender: str) -> tuple[bytes, int] | None: ...

    def version(self, sender: str) -> int | None: ...

    def save(self, sender: str, state: bytes) -> int: ...

    def senders(self) -> list[str]: ...


class SealedTrackerStore(TrackerStore):
    """Keeps trackers sealed and bounded. Listed in endpoints.yml.

    A tracker that was saved stays in memory, and is used again as long as its row has not changed since. While a turn runs
    it is out of that memory, so that a turn that fails leaves nothing behind.
    """

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, rows: Rows | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        if rows is None:
            # `rasa shell` may be the first to open the database of this machine
            prepare()
        self._rows: Rows = rows or DialogueRows()
        self._kept: OrderedDict[str, tuple[int, DialogueStateTracker]] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a chat, or None when there is none yet.

        Raises AlreadyAnswered when the message of this turn was answered before, and whatever the records raise.
        """
        tracker, version = await self._find(sender_id)
        if tracker is None:
            return None
        turn = current_turn()
        answer = said_before(tracker, turn.message_id) if turn else None
        if answer is not None:
            self._keep(sender_id, version, tracker)
            raise AlreadyAnswered(answer)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps a tracker. Raises TurnFailed when the turn did not end well: nothing said, or not listening again."""
        if not tracker.events:
            # Rasa saves a new chat before anything has happened in it
            return
        _must_have_ended_well(tracker)
        events = bounded(tracker, self.domain)
        state = await asyncio.to_thread(_pack, events)
        version = await asyncio.to_thread(self._rows.save, tracker.sender_id, state)
        tracker.events = deque(events)
        self._keep(tracker.sender_id, version, tracker)

    async def keys(self) -> Iterable[str]:
        """Every chat there is a row of."""
        return await asyncio.to_thread(self._rows.senders)

    async def _find(self, sender: str) -> tuple[DialogueStateTracker | None, int]:
        if sender in self._kept:
            version, tracker = self._kept.pop(sender)
            if version == await asyncio.to_thread(self._rows.version, sender):
                return tracker, version
        row = await asyncio.to_thread(self._rows.load, sender)
        if row is None:
            return None, 0
        state, version = row
        return DialogueStateTracker.from_dict(sender, _unpack(state), self.domain.slots), version

    def _keep(self, sender: str, version: int, tracker: DialogueStateTracker) -> None:
        self._kept[sender] = (version, tracker)
        if len(self._kept) > _CACHED:
            self._kept.popitem(last=False)


def said_before(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]] | None:
    """What was answered to a message, or None when this tracker does not know it."""
    answer: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            answer.append(as_said(event.message()))
        elif isinstance(event, UserUttered):
            if event.message_id == message_id:
                return answer[::-1]
            answer.clear()
    return None


def _must_have_ended_well(tracker: DialogueStateTracker) -> None:
    turn = current_turn()
    if turn is None:
        return
    if not turn.messages:
        raise TurnFailed("silence")
    last = next(event for event in reversed(tracker.events) if isinstance(event, ActionExecuted))
    if last.action_name != ACTION_LISTEN_NAME:
        raise TurnFailed("never listened")


def _pack(events: list[Event]) -> bytes:
    plain = [_plain(event) for event in events]
    return zlib.compress(json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


def _unpack(state: bytes) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(zlib.decompress(state).decode("utf-8", "surrogatepass"))
    return events


def _plain(event: Event) -> dict[str, Any]:
    plain: dict[str, Any] = event.as_dict()
    marks = {key: value for key, value in event.metadata.items() if key not in ("model_id", "assistant_id")}
    plain["metadata"] = marks
    if isinstance(event, UserUttered):
        plain["parse_data"] = {key: value for key, value in event.parse_data.items() if key not in _NOT_NEEDED_LATER}
    return {key: value for key, value in plain.items() if value not in (None, {}, [])}
