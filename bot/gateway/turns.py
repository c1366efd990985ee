"""Answering kept messages: one after the other in each chat, within the deadline, and again later if it did not work."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from starlette.concurrency import run_in_threadpool

from bot.gateway.calm import Calm
from bot.gateway.rasa import NoAnswer, Rasa, text_for_rasa
from records import conversations, messages
from records.database import Work, unit_of_work
from records.errors import NotSaved
from records.settings import Settings
from records.tables import Conversation, new_id
from records.wording import Wording
from voice.messages import Bubble

log = logging.getLogger("sayso.turns")

_SPARE = 4.0
"""Seconds a lease outlives the deadline, so that it never ends while its holder is still at work."""
_LOOK_AGAIN = 0.05
"""Seconds between looks at a chat that somebody else is answering just now."""
_AT_ONCE = 4
"""Chats that are retried side by side, so that a Rasa that has just come back is not drowned."""


@dataclass(frozen=True)
class _Next:
    """A message to be answered."""

    message_id: str
    conversation_id: str
    sender: str
    text: str


@dataclass(frozen=True)
class Lease:
    """The right to answer a chat's messages, and the message to begin with."""

    holder: str
    first: _Next | None = None


class Turns:
    """Takes each chat's messages to Rasa in order, holding the chat's lease, so that any number of gateways can run."""

    def __init__(self, rasa: Rasa, wording: Wording, settings: Settings, calm: Calm) -> None:
        self._rasa = rasa
        self._wording = wording
        self._calm = calm
        self._deadline = settings.rasa_deadline
        self._every = settings.retry_every

    def take(self, conversation: Conversation, now: datetime) -> Lease | None:
        """Takes the lease of a chat in the caller's transaction, or returns None if somebody has it."""
        holder = new_id()
        taken = conversations.take_lease(conversation, holder, now, self._deadline + _SPARE)
        return Lease(holder) if taken else None

    def begin(self, work: Work, conversation: Conversation, lease: Lease) -> Lease:
        """A lease that was just taken, with the message to begin with."""
        return Lease(lease.holder, _next(work, conversation))

    async def settle(self, conversation_id: str, lease: Lease | None = None) -> None:
        """Answers what waits in a chat, oldest first, until nothing waits, Rasa fails or the deadline is over.

        `lease` is set when the caller has it already. Afterwards every message is done or held, and a held one has its
        holding reply.
        """
        ends = time.monotonic() + self._deadline
        while lease is None:
            lease = await run_in_threadpool(self._take_now, conversation_id)
            if lease is None:
                await asyncio.sleep(_LOOK_AGAIN)
                if not await run_in_threadpool(_anything_waits, conversation_id):
                    return
                if time.monotonic() > ends:
                    await run_in_threadpool(self._hold, conversation_id)
                    return
        mine = True
        try:
            following, excused = lease.first, False
            while following is not None:
                bubbles = await self._rasa.turn(following.sender, following.message_id, following.text, ends - time.monotonic())
                following, excused = await run_in_threadpool(self._keep_answer, following, bubbles, lease.holder, excused)
                # the last answer gives the lease back in its own transaction
                mine = following is not None
        except NoAnswer as fault:
            log.warning("no answer from Rasa: %s", fault.kind)
            await run_in_threadpool(self._hold, conversation_id)
        finally:
            if mine:
                await run_in_threadpool(_release, conversation_id, lease.holder)

    async def nudge(self, conversation_id: str, choice: str) -> None:
        """Has Rasa say its question again, without a message of the young person. Silence is accepted here."""
        lease = await run_in_threadpool(self._take_now, conversation_id)
        if lease is None:
            return
        try:
            sender = await run_in_threadpool(_sender, conversation_id)
            bubbles = await self._rasa.turn(sender, new_id(), text_for_rasa("", (choice,)), self._deadline)
            await run_in_threadpool(_say, conversation_id, bubbles)
        except NoAnswer as fault:
            log.warning("no answer to a nudge: %s", fault.kind)
        finally:
            await run_in_threadpool(_release, conversation_id, lease.holder)

    async def retry_for_ever(self) -> None:
        """Keeps trying to answer what was held, also what a gateway left behind when it died. Ends only by cancellation."""
        while True:
            await asyncio.sleep(self._every)
            try:
                if await self._rasa.is_up():
                    await self._retry_once()
            except NotSaved as fault:
                log.warning("a retry has to wait for the database: %s", fault)
            except Exception:
                log.exception("a retry failed")

    async def _retry_once(self) -> None:
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(conversation_id: str) -> None:
            async with room:
                await self.settle(conversation_id)

        await asyncio.gather(*(one(conversation_id) for conversation_id in await run_in_threadpool(_chats_waiting)))

    def holding(self, style: str) -> list[dict[str, Any]]:
        """The holding reply as the page gets it, for when not even that could be stored: it has no number, and is gone on reload."""
        return [{"n": None, "from": "bot", "kind": "notice", "text": text} for text in self._wording.bubbles("utter_holding", style)]

    def _take_now(self, conversation_id: str) -> Lease | None:
        now = datetime.now(timezone.utc)
        if not _is_free(conversation_id, now):
            # only looked at: on SQLite each try to take it would hold up everybody who writes
            return None
        with unit_of_work() as work:
            conversation = conversations.held(work, conversation_id)
            lease = self.take(conversation, now)
            lease = lease and self.begin(work, conversation, lease)
            work.commit()
            return lease

    def _keep_answer(self, answered: _Next, bubbles: Sequence[Bubble], holder: str, excused: bool) -> tuple[_Next | None, bool]:
        """Keeps what Rasa said; in the same transaction finds the next message, or gives the lease back.

        Of several answers that come late together, only the first says that it is late (`excused` until now, and from now on),
        and only the last asks what comes next; none does while the door's own question stands.
        """
        with unit_of_work() as work:
            conversation = conversations.held(work, answered.conversation_id)
            # only behind the lock is its state what it says
            message = messages.kept(work, answered.message_id)
            late, open_still = message.state == "held", message.state != "done"
            message.state = "done"
            following = _next(work, conversation)
            fitting = self._calm.heed(work, conversation, message, bubbles) if open_still else []
            if following is None:
                conversations.release_lease(conversation, holder)
            if open_still:
                if late and (following or messages.is_overtaken(work, conversation.id, message)):
                    fitting = [bubble for bubble in fitting if not bubble.asks]
                if late and fitting and not excused:
                    fitting = [*self._lines("utter_late_answer", conversation), *fitting]
                    excused = True
                messages.say(work, conversation, fitting, datetime.now(timezone.utc), answers=message)
            work.commit()
            return following, excused

    def _hold(self, conversation_id: str) -> None:
        with unit_of_work() as work:
            conversation = conversations.held(work, conversation_id)
            for message in messages.unanswered(work, conversation_id):
                if message.state == "received":
                    message.state = "held"
                    lines = self._lines("utter_holding", conversation)
                    messages.say(work, conversation, lines, datetime.now(timezone.utc), answers=message)
            work.commit()

    def _lines(self, key: Literal["utter_holding", "utter_late_answer"], conversation: Conversation) -> list[Bubble]:
        return [Bubble(text, kind="notice") for text in self._wording.bubbles(key, conversation.style)]


def _release(conversation_id: str, holder: str) -> None:
    try:
        with unit_of_work() as work:
            conversations.release_lease(conversations.held(work, conversation_id), holder)
            work.commit()
    except NotSaved:
        log.warning("a lease could not be given back; it runs out by itself")


def _say(conversation_id: str, bubbles: Sequence[Bubble]) -> None:
    with unit_of_work() as work:
        conversation = conversations.held(work, conversation_id)
        messages.say(work, conversation, bubbles, datetime.now(timezone.utc))
        work.commit()


def _next(work: Work, conversation: Conversation) -> _Next | None:
    work.session.flush()
    message = next(iter(messages.unanswered(work, conversation.id)), None)
    if message is None:
        return None
    return _Next(message.id, conversation.id, conversation.sender, text_for_rasa(message.text, messages.payloads_of(message)))


def _is_free(conversation_id: str, now: datetime) -> bool:
    with unit_of_work(write=False) as work:
        conversation = work.session.get_one(Conversation, conversation_id)
        return conversation.lease is None or conversation.lease_until is None or conversation.lease_until < now


def _anything_waits(conversation_id: str) -> bool:
    with unit_of_work(write=False) as work:
        return bool(messages.unanswered(work, conversation_id))


def _sender(conversation_id: str) -> str:
    with unit_of_work(write=False) as work:
        return work.session.get_one(Conversation, conversation_id).sender


def _chats_waiting() -> list[str]:
    now = datetime.now(timezone.utc)
    with unit_of_work(write=False) as work:
        return messages.chats_waiting(work, now - timedelta(seconds=1), now, limit=50)
