"""What all tests share: an installation of their own, on SQLite or PostgreSQL, and a moment that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine

from records import database as records_database
from records import keys as records_keys
from records import settings as records_settings
from records.migrating import prepare
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=timezone.utc)
"""A Tuesday morning."""


@pytest.fixture
def now() -> datetime:
    """The moment at which a test takes place."""
    return NOW


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server of the tests' own, on a socket in a temporary folder."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty, migrated installation; every process-wide setting, key and engine is its own. Yields its engine."""
    monkeypatch.setenv("SAYSO_DATA_DIR", str(tmp_path / "var"))
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("SAYSO_DATABASE_URL", server.new_database())
    forget()
    prepare()
    yield records_database.engine()
    records_database.engine().dispose()
    forget()


def forget() -> None:
    """Makes this process read its settings, keys and engine anew."""
    records_settings.settings.cache_clear()
    records_keys.keys.cache_clear()
    records_database.engine.cache_clear()
