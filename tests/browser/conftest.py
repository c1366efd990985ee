"""Every part of Sayso running as `make run` runs it, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ops.front_end import build
from records import workers, young_people
from records.database import unit_of_work
from tests.browser_fixture import chromium
from tests.stack import Stack, stack_of

__all__ = ["chromium"]

PASSWORD = "a-long-password-for-tests"


@dataclass(frozen=True)
class Town:
    """An installation with one young person, their social worker, and a join code the worker has handed over."""

    stack: Stack
    join_code: str

    @property
    def council(self) -> str:
        """The sample council's page: another origin than the chat."""
        return f"http://127.0.0.1:{self.stack.parts['council'].port}"

    @property
    def desk(self) -> str:
        """Where workers sign in."""
        return f"http://127.0.0.1:{self.stack.parts['desk'].port}"


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Everything, started once for the tests of a module."""
    build(Path(__file__).resolve().parents[2])
    with stack_of("gateway", "rasa", "actions", "desk", "post", "council") as stack:
        now = datetime.now(timezone.utc)
        with stack.records(), unit_of_work() as work:
            ash = workers.add_worker(work, email="ash@example.org", name="Ash Fernwood", role="social_worker", password=PASSWORD, now=now)
            robin = young_people.add(
                work, ash, name="Robin Example", identifier="1 May 2012", social_worker_id=ash.id, reviewing_officer_id=None, now=now
            )
            code = young_people.invite(work, robin.id, ash, now)
            work.commit()
        yield Town(stack, code)
