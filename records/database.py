"""The one way to the database: an engine with our rules, and a unit of work that rolls back unless it was committed."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from records.errors import NotSaved
from records.settings import settings

_BUSY_MS = 4000
"""How long a SQLite write waits for another process. Below the gateway's own patience, so that the child hears the truth in time."""
_LOOK_AGAIN = 0.02
"""Seconds between tries to turn WAL on."""
_TRY_AGAIN = 0.001
"""Seconds between tries to write to SQLite. Its own waiting looks ever more seldom, until the lock lies free longer than it is held."""

_writers = threading.RLock()
"""Threads of one process queue here to write to SQLite: its own waiting is a poll, in which some of fifty never get their turn."""


def make_engine(address: str) -> Engine:
    """An engine for a SQLAlchemy address, with the rules we need on SQLite or PostgreSQL.

    SQLite: WAL, synchronous FULL (a commit that returned is on the disk), deleted words are overwritten, no temporary files.
    PostgreSQL: connections are tried before use, so that a restart of the server loses nothing.
    """
    if address.startswith("sqlite"):
        engine = create_engine(
            address,
            connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
            pool_size=8,
            max_overflow=24,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _sqlite_rules)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(
        _with_driver(address),
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        hide_parameters=True,
        # a server that hangs must not keep a safety card from the screen
        connect_args={"connect_timeout": 4, "options": f"-c lock_timeout={_BUSY_MS} -c statement_timeout={3 * _BUSY_MS}"},
    )


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process."""
    chosen = settings()
    if chosen.database_address.startswith("sqlite"):
        chosen.data_folder.mkdir(parents=True, exist_ok=True)
    return make_engine(chosen.database_address)


class Work:
    """One unit of work: a session whose changes are kept only by `commit`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def commit(self) -> None:
        """Makes everything so far durable. Raises NotSaved when the database could not take it."""
        try:
            self.session.commit()
        except IntegrityError:
            raise
        except (DBAPIError, StaleDataError) as error:
            raise NotSaved(_kind(error)) from None


@contextmanager
def unit_of_work(write: bool = True, on: Engine | None = None) -> Iterator[Work]:
    """`with unit_of_work() as work:` — everything in it happens, or nothing.

    Raises NotSaved when the database is locked, full, read-only or gone, or when somebody has just deleted what was to be changed.
    The error never carries the statement's values.
    """
    with ExitStack() as queued:
        bound = (on or engine()).execution_options(sayso_write=write, sayso_queued=queued)
        session = Session(bound, expire_on_commit=False)
        try:
            yield Work(session)
        except IntegrityError:
            # not the database's fault but ours
            raise
        except (DBAPIError, StaleDataError) as error:
            raise NotSaved(_kind(error)) from None
        finally:
            session.close()


def _kind(error: DBAPIError | StaleDataError) -> str:
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__


def _with_driver(address: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if address.startswith(plain):
            return "postgresql+psycopg://" + address.removeprefix(plain)
    return address


def _sqlite_rules(connection: Any, record: Any) -> None:
    # pysqlite would open transactions when it pleases; with None, _sqlite_begin does
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    _write_ahead(cursor)
    # a disk that programs cannot share has no WAL, and says so only when asked; there a commit has to wait for readers
    record.info["wal"] = cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    for rule in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {rule}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turns WAL on. SQLite does not wait for that, however long its timeout, when another process is just doing the same."""
    ends = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(_LOOK_AGAIN)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection
    write, queued = options.get("sayso_write", True), options.get("sayso_queued")
    patience = 0 if write and connection.info["wal"] else _BUSY_MS
    if connection.info.get("patience") != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        connection.info["patience"] = patience
    if not write:
        connection.exec_driver_sql("BEGIN")
        return
    ends = time.monotonic() + _BUSY_MS / 1000
    if queued:
        _queue_up(queued)
    # a write that starts as a read can meet a lock it may not wait for; IMMEDIATE asks for the lock at once
    while _has_to_wait(driver) and time.monotonic() < ends:
        time.sleep(_TRY_AGAIN)
    if not driver.in_transaction:
        # whatever is wrong is met once more, so that SQLAlchemy tells of it as of any other fault
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _has_to_wait(driver: Any) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return "locked" in str(error)
    return False


def _queue_up(queued: ExitStack) -> None:
    """Waits for the other threads of this process. Raises NotSaved."""
    if not _writers.acquire(timeout=_BUSY_MS / 1000):
        raise NotSaved("queue")
    queued.callback(_writers.release)
