"""The option that writes the expected answers anew, and the one stack of the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conversations.mail import mail_comes_back
from tests.stack import Stack, end_shared_stack, shared_stack


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write tests/conversations/said anew; read the difference before you commit it")


@pytest.fixture(scope="session")
def running() -> Iterator[Stack]:
    """Gateway, Rasa, action server and post, shared by the whole session."""
    yield shared_stack()
    end_shared_stack()


@pytest.fixture
def stack(running: Stack) -> Stack:
    """The shared stack, whole again whatever the test before did to it, with mail that goes out and the clocks of here and now."""
    running.live_at(None)
    running.make_whole()
    mail_comes_back(running)
    return running
