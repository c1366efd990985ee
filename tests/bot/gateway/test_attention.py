"""What was found before the lock counts only while nothing else was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from bot.gateway import app as gateway_app
from bot.gateway.app import create_app
from records import conversations, messages
from records.database import unit_of_work
from records.settings import settings
from records.tables import Flag
from tests.bot.gateway.test_after_a_flag import FakeScreen
from tests.bot.gateway.test_gateway import FakeRasa, Visitor
from voice.messages import Bubble
from voice.safeguarding.model import Severity
from voice.safeguarding.screen import Attended


class Reader(FakeScreen):
    """Finds nothing before the lock, and something behind it. `meanwhile` happens while it reads."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def attend(self, text: str, **_: object) -> Attended:
        self.meanwhile()
        return Attended(self.screen("calm"), None)


def flags() -> int:
    with unit_of_work(write=False) as work:
        return work.session.scalar(select(func.count()).select_from(Flag)) or 0


def test_words_are_screened_again_when_something_else_was_said_while_they_were_read(
    installation: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    reader.finds("neglect", Severity.S3)
    monkeypatch.setattr(gateway_app, "load_listening_screen", lambda _root: reader)
    with TestClient(create_app(settings(), FakeRasa().client())) as door:
        visitor = Visitor(door)
        visitor.says("trouble")
        assert flags() == 0

        def somebody_speaks() -> None:
            with unit_of_work() as work:
                conversation = conversations.held(work, visitor.first["conversation"])
                messages.say(work, conversation, [Bubble("Hello again.")], datetime.now(timezone.utc))
                work.commit()

        reader.meanwhile = somebody_speaks
        visitor.says("trouble")
        assert flags() == 1
