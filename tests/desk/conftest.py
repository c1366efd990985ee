"""A desk of its own for each test, with a clock that stands still, and visitors who are signed in already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from desk.app import create_app
from records import database, desk_sessions
from records.database import unit_of_work
from records.migrating import prepare
from records.settings import settings
from records.tables import Worker
from tests.browser_fixture import chromium
from tests.conftest import NOW, forget
from tests.desk import people

__all__ = ["chromium"]

ADDRESS = "http://127.0.0.1:8001"


@dataclass
class Office:
    """The desk under test. Change `now` to move its clock."""

    engine: Engine
    team: people.Team
    app: Starlette = field(init=False)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.app = create_app(settings(), engine=self.engine, clock=lambda: self.now)

    def visitor(self, worker: Worker | None = None, *, ours: bool = True) -> TestClient:
        """A browser, signed in as `worker`. `ours`: its changes come from pages of the desk."""
        client = TestClient(self.app, base_url=ADDRESS, follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"} if ours else {})
        if worker:
            with unit_of_work(on=self.engine) as work:
                client.cookies.set("desk", desk_sessions.start(work, worker, self.now), domain="127.0.0.1", path="/")
                work.commit()
        return client


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A desk on an empty database with a team in it."""
    monkeypatch.setenv("SAYSO_DATA_DIR", str(tmp_path / "var"))
    forget()
    prepare()
    with unit_of_work() as work:
        team = people.team(work)
        work.commit()
    yield Office(database.engine(), team)
    database.engine().dispose()
    forget()
