"""The calls of the chat (docs/developers/http.md). Each reads what came, hands it to the records in one transaction, and answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.gateway import body
from bot.gateway.answer import Json
from bot.gateway.attention import Attendant, Attention
from bot.gateway.body import Incoming, Start
from bot.gateway.safety import Safety
from bot.gateway.turns import Lease, Turns
from records import attempts, codes, conversations, messages, replies, unreached
from records.database import unit_of_work
from records.errors import NotSaved, NotSignedIn, SaysoError, UnknownCode, UnknownJoin
from records.tables import Conversation, Message
from voice.pathways.speech import Speech
from voice.wording import Style

log = logging.getLogger("sayso.chat")

_MOST_MESSAGES = 2**31 - 1
"""Largest message number the database can hold."""


class Chat:
    """The chat's calls, with what they work through."""

    def __init__(self, speech: Speech, safety: Safety, attendant: Attendant, turns: Turns) -> None:
        self._speech = speech
        self._safety = safety
        self._attendant = attendant
        self._turns = turns

    def routes(self) -> list[Route]:
        """Where each call is."""
        return [
            Route("/chat/welcome", self.welcome),
            Route("/chat/start", self.start, methods=["POST"]),
            Route("/chat/messages", self.send, methods=["POST"]),
            Route("/chat/messages", self.transcript, methods=["GET"]),
            Route("/chat/tell-someone", self.tell_someone, methods=["POST"]),
            Route("/chat/style", self.style, methods=["POST"]),
            Route("/chat/code", self.code),
            Route("/chat/resume", self.resume, methods=["POST"]),
            Route("/chat/leave", self.leave, methods=["POST"]),
        ]

    async def welcome(self, _request: Request) -> Response:
        """The first screen's words as of now, in both styles."""
        now = datetime.now(timezone.utc)
        return Json({style.value: self._safety.welcome(style, now) for style in Style})

    async def start(self, request: Request) -> Response:
        """Starts a chat and says hello. Needs neither Rasa nor the action server."""
        wish = body.start_wish(await body.read_json(request))
        return Json(await run_in_threadpool(self._start, wish, _source(request)), status_code=201)

    def _start(self, wish: Start, source: str) -> dict[str, Any]:
        now = datetime.now(timezone.utc)
        with unit_of_work() as work:
            if wish.join:
                attempts.check_tries(work, f"join {source}", now)
            try:
                entry = conversations.start(work, style=wish.style, mode=wish.mode, join_code=wish.join, now=now)
            except UnknownJoin:
                attempts.note_failure(work, f"join {source}", now)
                work.commit()
                raise
            said = messages.say(work, entry.conversation, self._speech.hello(wish.style, wish.mode), now)
            work.commit()
            return _entry(entry, said)

    async def send(self, request: Request) -> Response:
        """Keeps a message, then answers it. 200 only when it is stored."""
        token = _token(request)
        message = body.incoming(await body.read_json(request))
        return await self._take_in(token, message, None)

    async def tell_someone(self, request: Request) -> Response:
        """Raises an urgent flag, with or without words, with no detector in between."""
        token = _token(request)
        sent = await body.read_json(request)
        words, too_long = body.words_with_the_button(sent)
        answer = await self._take_in(token, Incoming(body.read_client_id(sent), words, ()), "button")
        if too_long:
            # the flag is raised all the same; only the words are not kept, and the page leaves them in their box
            raise TooLongButHelped(list(json.loads(bytes(answer.body))["messages"]))
        return answer

    async def _take_in(self, token: str, incoming: Incoming, source: str | None) -> Response:
        try:
            kept = await run_in_threadpool(self._keep, token, incoming, source)
        except NotSaved:
            # the words are not stored, and the answer says so; but help is shown all the same
            raises = await run_in_threadpool(_raises, token, incoming.picked)
            card = self._safety.card_without_storage(incoming.text or "", source or raises, datetime.now(timezone.utc))
            if card is None:
                raise
            log.warning("a message could not be stored; help was shown")
            raise NotSavedButHelped(card) from None
        conversation_id, message_id, lease, settled = kept
        if not settled:
            try:
                await self._turns.settle(conversation_id, lease)
            except NotSaved:
                # the message itself is stored; its answer comes by the retry
                log.warning("an answer could not be stored yet")
        try:
            shown = await run_in_threadpool(self._thread, message_id)
        except NotSaved:
            # it is stored; the page finds the rest in the transcript
            shown = self._turns.holding(Style.standard)
        return Json({"saved": True, "messages": shown})

    def _thread(self, message_id: str) -> list[dict[str, Any]]:
        """A message with everything that was said in answer to it."""
        with unit_of_work(write=False) as work:
            said = messages.thread(work, message_id)
            # empty: it was a request to delete, and the bubble went with the rest
            shown = [messages.view(one) for one in said]
            if len(said) != 1 or said[0].state == "done":
                return shown
            # nobody is left in silence, also when the database took their words and then nothing more
            return shown + self._turns.holding(work.session.get_one(Conversation, said[0].conversation_id).style)

    def _keep(self, token: str, incoming: Incoming, source: str | None) -> tuple[str, str, Lease | None, bool]:
        now = datetime.now(timezone.utc)
        attention = self._attended(token, incoming.text) if incoming.text and not incoming.picked else None
        with unit_of_work() as work:
            conversation = conversations.of_token(work, token, lock=True)
            lease = self._turns.take(conversation, now)
            received = messages.receive(
                work,
                conversation,
                client_id=incoming.client_id,
                text=None if incoming.picked else incoming.text,
                picked=incoming.picked,
                screen=self._safety.screen,
                now=now,
                source=source,
                screened=attention.screening if attention and attention.next_n == conversation.next_n else None,
                understood=attention.understood if attention else None,
            )
            message = received.message
            if not received.fresh:
                return conversation.id, message.id, None, message.state == "done"
            settled = self._safety.speak(work, conversation, received, source, now)
            if settled:
                message.state = "done"
            if lease and settled:
                conversations.release_lease(conversation, lease.holder)
            elif lease:
                lease = self._turns.begin(work, conversation, lease)
            work.commit()
            return conversation.id, message.id, lease, settled

    def _attended(self, token: str, text: str) -> Attention:
        """Attends to a text before the database is locked for writing: other young people are not to wait for it."""
        with unit_of_work(write=False) as work:
            conversation = conversations.of_token(work, token)
            before, question = messages.context(work, conversation.id)
        return self._attendant.attend(text, before, question, conversation.next_n)

    async def transcript(self, request: Request) -> Response:
        """Both sides in order, after message number `after`."""
        try:
            after = int(request.query_params.get("after", "0"))
        except ValueError:
            raise body.BadRequest("bad_json") from None
        if not 0 <= after <= _MOST_MESSAGES:
            raise body.BadRequest("bad_json")
        return Json(await run_in_threadpool(self._transcript, _token(request), after))

    def _transcript(self, token: str, after: int) -> dict[str, Any]:
        now = datetime.now(timezone.utc)
        with unit_of_work(write=False) as work:
            unadmitted = unreached.due(work, conversations.of_token(work, token).id, now)
        if unadmitted:
            self._admit(token, now)
        with unit_of_work(write=False) as work:
            conversation = conversations.of_token(work, token)
            shown = [messages.view(message) for message in messages.transcript(work, conversation.id, after)]
            answer = {"style": conversation.style, "messages": shown}
            unseen = replies.any_unseen(work, conversation.id)
        if unseen:
            with unit_of_work() as work:
                replies.note_seen(work, conversation.id, now)
                work.commit()
        return answer

    def _admit(self, token: str, now: datetime) -> None:
        try:
            with unit_of_work() as work:
                self._safety.admit(work, conversations.of_token(work, token, lock=True), now)
                work.commit()
        except NotSaved:
            log.warning("that nobody could be alerted has to be said later")

    async def style(self, request: Request) -> Response:
        """Speaks in the other style from now on; the open question comes again in it."""
        token = _token(request)
        style = body.read_style(await body.read_json(request))
        conversation_id, after, ask_again = await run_in_threadpool(self._set_style, token, style)
        if ask_again:
            await self._turns.nudge(conversation_id, "control:again")
        return Json(await run_in_threadpool(self._transcript, token, after))

    def _set_style(self, token: str, style: Style) -> tuple[str, int, bool]:
        with unit_of_work() as work:
            conversation = conversations.of_token(work, token, lock=True)
            question = messages.open_question(work, conversation.id)
            ask_again = conversation.style != style.value and not (question and self._safety.asked(question))
            conversation.style = style.value
            work.commit()
            return conversation.id, conversation.next_n - 1, ask_again

    async def code(self, request: Request) -> Response:
        """The return code of this chat."""
        conversation_id = await run_in_threadpool(_conversation_id, _token(request))
        return Json({"code": codes.return_code(conversation_id)})

    async def resume(self, request: Request) -> Response:
        """Comes back to a chat on any device. Guessing is slowed down."""
        code = body.read_code(await body.read_json(request))
        return Json(await run_in_threadpool(self._resume, code, _source(request)))

    def _resume(self, code: str, source: str) -> dict[str, Any]:
        now = datetime.now(timezone.utc)
        with unit_of_work() as work:
            attempts.check_tries(work, f"code {source}", now)
            try:
                entry = conversations.resume(work, code, now)
            except UnknownCode:
                attempts.note_failure(work, f"code {source}", now)
                work.commit()
                raise
            attempts.forget_failures(work, f"code {source}")
            replies.note_seen(work, entry.conversation.id, now)
            self._safety.admit(work, entry.conversation, now)
            work.commit()
            return _entry(entry, messages.transcript(work, entry.conversation.id))

    async def leave(self, request: Request) -> Response:
        """Ends the token. The page sends it with sendBeacon while it goes away, so the token may be the whole body."""
        sent = await body.read_short(request)
        token = sent.decode("ascii", "ignore").strip() or request.headers.get("authorization", "").removeprefix("Bearer ")
        if token:
            await run_in_threadpool(_leave, token)
        return Response(status_code=204)


class TooLongButHelped(SaysoError):
    """Words that came with "Tell someone now" are too long to keep. The flag is raised; `messages` is what was said to it."""

    code = "too_long"

    def __init__(self, shown: list[dict[str, Any]]) -> None:
        super().__init__("words not kept, flag raised")
        self.messages = shown


class NotSavedButHelped(NotSaved):
    """A worrying message could not be stored. `messages` is the help that is shown with the refusal."""

    def __init__(self, shown: list[dict[str, Any]]) -> None:
        super().__init__("not stored, help shown")
        self.messages = shown


def _entry(entry: conversations.Entry, said: list[Message]) -> dict[str, Any]:
    return {
        "conversation": entry.conversation.id,
        "token": entry.token,
        "style": entry.conversation.style,
        "messages": [messages.view(message) for message in said],
    }


def _raises(token: str, picked: Sequence[str]) -> str | None:
    """Whether a pressed button raises a flag, for a press that could not be stored: reading may still work when writing does not."""
    if not picked:
        return None
    try:
        with unit_of_work(write=False) as work:
            buttons = messages.live_buttons(work, conversations.of_token(work, token).id)
    except SaysoError:
        return None
    return "button" if any(buttons[one]["raises"] for one in picked if one in buttons) else None


def _conversation_id(token: str) -> str:
    with unit_of_work(write=False) as work:
        return conversations.of_token(work, token).id


def _leave(token: str) -> None:
    with unit_of_work() as work:
        conversations.leave(work, token, datetime.now(timezone.utc))
        work.commit()


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn
    return token.strip()


def _source(request: Request) -> str:
    return request.client.host if request.client else "unknown"
