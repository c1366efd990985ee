"""What the young person is told, in their chat and their style, of what a worker did with their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from records import messages
from records.database import Work
from records.settings import settings
from records.tables import Conversation, Message, Reply, Worker
from records.wording import load_wording
from voice.messages import Bubble, Button
from voice.promises.saying import day_in_words

_HELPED = (("yes", "yes"), ("bit", "not_sure"), ("no", "no"))
"""Answers to "did it help?" with their pictures."""


def tell_of_reading(work: Work, conversation: Conversation, statement_id: str, worker: Worker, now: datetime) -> None:
    """Says who read it, and on which day. Called with the reading itself, so that it is never said without one."""
    messages.say(work, conversation, _notices("utter_worker_read", conversation, worker, now), now, statement_id=statement_id)


def tell_of_reply(work: Work, conversation: Conversation, reply: Reply, worker: Worker, now: datetime) -> Message:
    """Puts the reply into the chat, word for word, and asks whether it helped. Returns the bubble with the reply."""
    words, style = load_wording(settings().root), conversation.style
    messages.say(work, conversation, _notices("utter_worker_reply_intro", conversation, worker, now), now, statement_id=reply.statement_id)
    (bubble,) = messages.say(work, conversation, [Bubble(reply.text)], now, worker_id=worker.id, statement_id=reply.statement_id)
    buttons = tuple(
        Button(f"helped:{reply.id}:{value}", words.say(f"utter_did_it_help_{value}", style), picture) for value, picture in _HELPED
    )
    question = Bubble(words.say("utter_did_it_help", style), kind="question", choices=buttons, stays_open=True)
    messages.say(work, conversation, [question], now, statement_id=reply.statement_id)
    return bubble


def _notices(key: str, conversation: Conversation, worker: Worker, now: datetime) -> Sequence[Bubble]:
    day = day_in_words(now.astimezone(ZoneInfo(settings().timezone)).date())
    texts = load_wording(settings().root).bubbles(key, conversation.style, who=worker.name, date=day)
    return [Bubble(text, kind="notice") for text in texts]
