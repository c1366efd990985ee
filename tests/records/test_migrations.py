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


def test_flags_from_before_there_were_clocks_get_one_and_an_ending(installation: Engine) -> None:
    downgrade("0002")
    fill(installation)
    for number, severity in enumerate(("S1", "S2", "S3", "S4", None)):
        closed = datetime(2026, 11, 24, 12, tzinfo=timezone.utc) if severity == "S2" else None
        add_like(installation, "message", id=f"m{number}", n=100 + number)
        add_like(installation, "flag", id=f"f{number}", message_id=f"m{number}", severity=severity, closed_at=closed)
    upgrade()
    with installation.begin() as connection:
        rows = connection.execute(text("SELECT severity, raised_at, due_at, rung, ended FROM flag WHERE id <> 'x'")).all()
    hours = {row.severity: (_moment(row.due_at) - _moment(row.raised_at)).total_seconds() / 3600 for row in rows}
    assert hours == {"S1": pytest.approx(1 / 12), "S2": 4, None: 4, "S3": 24, "S4": 168}
    assert {row.rung for row in rows} == {0}
    assert {row.severity: row.ended for row in rows} == {"S1": None, "S2": "other", "S3": None, "S4": None, None: None}


def test_going_down_keeps_one_alert_to_each_address(installation: Engine) -> None:
    fill(installation)
    for step in (2, 3):
        add_like(installation, "outbox", id=f"step {step}", step=step)
    downgrade("0002")
    with installation.begin() as connection:
        assert connection.execute(text("SELECT id FROM outbox")).scalars().all() == ["x"]
    upgrade()


def add_like(engine: Engine, name: str, **changed: object) -> None:
    """Adds a row like the one that `fill` put there, but for what is changed."""
    with engine.begin() as connection:
        table = next(one for one in tables(connection) if one.name == name)
        row = connection.execute(table.select().where(table.c.id == "x")).mappings().one()
        connection.execute(insert(table).values({**row, **changed}))


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


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
