"""The one stack of the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack import Stack, end_shared_stack, shared_stack


@pytest.fixture(scope="session")
def running() -> Iterator[Stack]:
    """Gateway, Rasa, action server and post, shared by the whole session."""
    yield shared_stack()
    end_shared_stack()


@pytest.fixture
def stack(running: Stack) -> Stack:
    """The shared stack, whole again whatever the test before did to it."""
    running.make_whole()
    return running
