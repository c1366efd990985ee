"""What all tests share: an installation of their own, on SQLite or PostgreSQL, and a moment that stands still."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that tests copy: migrating anew for every test would take most of their time."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, folder, "")
        prepare()
        records_database.engine().dispose()
    forget()
    return folder / "sayso.db"


@pytest.fixture(scope="session")
def empty_postgres(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database that tests copy."""
    name = postgres.new_name()
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, tmp_path_factory.mktemp("template"), postgres.create(name))
        prepare()
        records_database.engine().dispose()
    forget()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty, migrated installation; every process-wide setting, key and engine is its own. Yields its engine."""
    folder = tmp_path / "var"
    folder.mkdir()
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        _use(monkeypatch, folder, server.create(server.new_name(), like=request.getfixturevalue("empty_postgres")))
    else:
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "sayso.db")
        _use(monkeypatch, folder, "")
    yield records_database.engine()
    records_database.engine().dispose()
    forget()


def _use(patch: pytest.MonkeyPatch, folder: Path, database: str) -> None:
    patch.setenv("SAYSO_DATA_DIR", str(folder))
    patch.setenv("SAYSO_DATABASE_URL", database)
    patch.setenv("SAYSO_SECRET_KEY", "5a" * 32)
    forget()


def forget() -> None:
    """Makes this process read its settings, keys and engine anew."""
    records_settings.settings.cache_clear()
    records_keys.keys.cache_clear()
    records_database.engine.cache_clear()
