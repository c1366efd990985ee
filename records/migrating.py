"""Brings a database to the present shape, and makes sure it is sealed with our key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from records.database import engine as process_engine
from records.database import unit_of_work
from records.tables import KeyMark

_FOLDER = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, working on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(on: Engine | None = None, to: str = "head") -> None:
    """Runs the migrations up to `to`. Several parts may call it at once: a lock lets one do it."""
    with _alone(on or process_engine()) as connection:
        command.upgrade(alembic_config(connection), to)


def downgrade(to: str, on: Engine | None = None) -> None:
    """Runs the migrations down to `to` (a revision, or "base")."""
    with _alone(on or process_engine()) as connection:
        command.downgrade(alembic_config(connection), to)


def prepare(on: Engine | None = None) -> None:
    """Makes a database ready for use: the present shape, sealed with our key.

    Raises WrongKey when the database was sealed with another key, before anything is written with the wrong one.
    """
    upgrade(on)
    with unit_of_work(on=on) as work:
        if work.session.get(KeyMark, 1) is None:
            work.session.add(KeyMark(id=1, mark="sayso"))
            work.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other migration shares."""
    with engine.execution_options(sayso_write=True).connect() as connection:
        if engine.dialect.name == "sqlite":
            # Alembic rebuilds tables on SQLite; with foreign keys on, dropping the old one would delete its children.
            # SQLite heeds this outside a transaction only, so it goes to the driver.
            _driver(connection).execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236501)")
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                _driver(connection).execute("PRAGMA foreign_keys=ON")


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
