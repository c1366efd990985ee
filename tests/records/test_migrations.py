"""Migrations: the tables they make are those the models describe, and every revision goes up and down with data in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Engine, LargeBinary, MetaData, Table, insert, inspect, text
from sqlalchemy.exc import DatabaseError

from records.migrating import alembic_config, downgrade, upgrade


def revisions(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
        return [revision.revision for revision in script.walk_revisions()][::-1]


def test_the_migrations_make_exactly_the_tables_of_the_models(installation: Engine) -> None:
    with installation.begin() as connection:
        command.check(alembic_config(connection))


def test_every_revision_goes_down_and_up_again_with_a_row_in_every_table(installation: Engine) -> None:
    for revision in reversed(revisions(installation)):
        downgrade(revision)
        before = fill(installation)
        upgrade()
        downgrade(revision)
        assert counts(installation) == before
        downgrade("-1")
        upgrade(to=revision)
    upgrade()


def test_going_down_to_the_ground_leaves_nothing(installation: Engine) -> None:
    downgrade("base")
    assert set(inspect(installation).get_table_names()) <= {"alembic_version"}


def test_the_database_itself_refuses_to_change_a_sent_version(installation: Engine) -> None:
    fill(installation)
    with pytest.raises(DatabaseError, match="never changes"), installation.begin() as connection:
        connection.execute(text("UPDATE statement_version SET number = number + 1"))


def tables(connection: Connection) -> Iterator[Table]:
    found = MetaData()
    found.reflect(connection)
    yield from (table for table in found.sorted_tables if table.name != "alembic_version")


def fill(engine: Engine) -> dict[str, int]:
    """Puts one row into every empty table, with something in every column that needs it, whatever the revision."""
    rows: dict[str, dict[str, object]] = {}
    with engine.begin() as connection:
        for table in tables(connection):
            present = connection.execute(table.select()).mappings().first()
            if present is None:
                row = {column.name: value(column, rows) for column in table.columns if not column.nullable or column.primary_key}
                connection.execute(insert(table).values(**row))
                present = row
            rows[table.name] = dict(present)
    return counts(engine)


def counts(engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return {table.name: len(connection.execute(table.select()).all()) for table in tables(connection)}


def value(column: object, rows: dict[str, dict[str, object]]) -> object:
    for key in column.foreign_keys:  # type: ignore[attr-defined]
        return rows[key.column.table.name][key.column.name]
    kind = column.type  # type: ignore[attr-defined]
    if isinstance(kind, DateTime):
        return datetime(2026, 11, 24, tzinfo=timezone.utc)
    if isinstance(kind, LargeBinary):
        return b"sealed"
    python = kind.python_type
    return {int: 1, bool: True, str: "x"}.get(python, [])
