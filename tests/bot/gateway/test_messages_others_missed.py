"""What children wrote to other systems, which praised them for it (safety research, section 1.10): through the door, with an
assistant behind it that answers with every cheerful sentence there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from bot.gateway.app import create_app
from records.database import unit_of_work
from records.settings import settings
from records.tables import Flag, Message
from tests.bot.gateway.test_gateway import Answer, FakeRasa, Visitor
from tests.voice.safeguarding.test_messages_others_missed import MISSED
from tests.wording.cheerful import cheerful_lines, has_joy
from voice.messages import Bubble, Button
from voice.plain_language import has_emoji
from voice.wording import Style


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def door(installation: Engine, rasa: FakeRasa) -> Iterator[TestClient]:
    with TestClient(create_app(settings(), rasa.client()), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("as_questions", [False, True], ids=["as lines", "as questions"])
def test_each_is_flagged_and_neither_the_reply_nor_the_next_one_is_cheerful(
    door: TestClient, rasa: FakeRasa, style: Style, as_questions: bool
) -> None:
    rasa.answer = cheers(cheerful_lines(style), as_questions=as_questions)
    for text, category in MISSED:
        visitor = Visitor(door, style=style.value)
        reply = visitor.says(text).json()["messages"]
        after = visitor.says("ok").json()["messages"]
        assert spoken(reply)[0]["kind"] == "safety", text
        first, *_ = flags_of(visitor)
        assert first[0] == text
        assert category in first[1]
        assert spoken(after), text
        for bubble in [*spoken(reply), *spoken(after)]:
            assert bubble["text"] not in cheerful_lines(style), text
            assert not has_joy(bubble["text"]), (text, bubble["text"])
            assert not has_emoji(bubble["text"])


def cheers(lines: Sequence[str], *, as_questions: bool) -> Answer:
    """An answer of the assistant with these lines, each as a question with a button or all as bubbles before one."""
    buttons = (Button("open:review", "My review"),)
    bubbles = [Bubble(line, kind="question" if as_questions else "text", choices=buttons if as_questions else ()) for line in lines]
    if not as_questions:
        bubbles.append(Bubble("What would you like to do?", kind="question", choices=buttons))
    return lambda _asked: httpx.Response(200, json={"messages": [{"text": one.text, "sayso": one.to_plain()} for one in bubbles]})


def spoken(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["from"] == "bot"]


def flags_of(visitor: Visitor) -> list[tuple[str, list[str]]]:
    """The words of each flag of a chat as they are kept, and its categories; the oldest first."""
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(Flag).where(Flag.conversation_id == visitor.first["conversation"]).order_by(Flag.raised_at))
        return [(work.session.get_one(Message, flag.message_id).text, flag.categories) for flag in rows.all()]
