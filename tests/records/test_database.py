from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select

from records import conversations, database
from records.database import make_engine, unit_of_work
from records.errors import NotSaved
from records.tables import ChatSession, Conversation
from voice.wording import Style


def start_a_chat(now: datetime) -> None:
    with unit_of_work() as work:
        conversations.start(work, style=Style.standard, mode="alone", join_code=None, now=now)
        work.commit()


def start_and_fail(now: datetime) -> None:
    with unit_of_work() as work:
        conversations.start(work, style=Style.standard, mode="alone", join_code=None, now=now)
        raise LookupError


def chats() -> int:
    with unit_of_work(write=False) as work:
        return work.session.scalar(select(func.count()).select_from(Conversation)) or 0


def test_many_threads_that_write_at_once_all_get_their_turn(installation: Engine, now: datetime) -> None:
    with ThreadPoolExecutor(30) as threads:
        for done in [threads.submit(start_a_chat, now) for _ in range(120)]:
            done.result()
    assert chats() == 120


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_thread_that_waits_too_long_for_the_others_says_so_and_the_next_one_gets_its_turn(
    installation: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 20)
    with ThreadPoolExecutor(1) as another:
        with unit_of_work() as work:
            conversations.start(work, style=Style.standard, mode="alone", join_code=None, now=now)
            with pytest.raises(NotSaved, match="queue"):
                another.submit(start_a_chat, now).result()
            assert another.submit(chats).result() == 0
            work.commit()
        monkeypatch.undo()
        another.submit(start_a_chat, now).result()
    assert chats() == 2


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_turn_to_write_ends_with_the_unit_of_work_however_it_ends(installation: Engine, now: datetime) -> None:
    with pytest.raises(LookupError):
        start_and_fail(now)
    with ThreadPoolExecutor(1) as another:
        another.submit(start_a_chat, now).result()
    assert chats() == 1


def locked_for(database: Path, seconds: float) -> threading.Thread:
    """Another process that is just writing, until the thread ends."""
    writer = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")

    def let_go() -> None:
        time.sleep(seconds)
        writer.execute("COMMIT")
        writer.close()

    thread = threading.Thread(target=let_go)
    thread.start()
    return thread


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_another_process_that_writes_is_waited_for_but_not_for_ever(
    installation: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(str(installation.url.database))
    other = locked_for(file, 0.3)
    start_a_chat(now)
    other.join()
    assert chats() == 1
    monkeypatch.setattr(database, "_BUSY_MS", 20)
    other = locked_for(file, 0.3)
    with pytest.raises(NotSaved):
        start_a_chat(now)
    # whoever reads waits for nobody
    assert chats() == 1
    other.join()
    start_a_chat(now)
    assert chats() == 2


class WornCursor(sqlite3.Cursor):
    """Fails as soon as something is to be written."""

    def execute(self, said: str, *values: Any) -> sqlite3.Cursor:
        if said == "BEGIN IMMEDIATE":
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(said, *values)


class Worn(sqlite3.Connection):
    """A connection to a disk that can only be read any more."""

    def cursor(self, *_: Any) -> Any:
        return super().cursor(WornCursor)

    def execute(self, said: str, *values: Any) -> sqlite3.Cursor:
        return WornCursor(self).execute(said, *values)


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_disk_that_fails_as_a_write_begins_is_not_saved_to_and_not_waited_for(
    installation: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.dbapi2.connect", partial(sqlite3.connect, factory=Worn))
    monkeypatch.setattr(database.time, "sleep", lambda _: pytest.fail("it waited"))
    with pytest.raises(NotSaved, match="OperationalError"), unit_of_work(on=make_engine(str(installation.url))) as work:
        work.session.scalars(select(Conversation)).all()


def test_what_somebody_has_just_deleted_cannot_be_changed_and_that_is_told(installation: Engine, now: datetime) -> None:
    start_a_chat(now)
    with unit_of_work() as work:
        conversation = work.session.scalars(select(Conversation)).one()
        work.session.execute(delete(ChatSession))
        work.session.execute(delete(Conversation).execution_options(synchronize_session=False))
        conversation.style = "easy"
        with pytest.raises(NotSaved):
            work.commit()


def test_parts_that_start_together_on_a_new_database_all_get_in(tmp_path: Path) -> None:
    for n in range(20):
        address = f"sqlite:///{tmp_path}/{n}.sqlite"

        def enter(address: str = address) -> str:
            with make_engine(address).connect() as connection:
                return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())

        with ThreadPoolExecutor(6) as threads:
            assert {done.result() for done in [threads.submit(enter) for _ in range(6)]} == {"wal"}


class Busy:
    """A cursor that finds the database locked a few times."""

    def __init__(self, times: int, fault: str = "database is locked") -> None:
        self.times = times
        self.fault = fault

    def execute(self, said: str) -> None:
        assert said == "PRAGMA journal_mode=WAL"
        if self.times:
            self.times -= 1
            raise sqlite3.OperationalError(self.fault)


def test_a_database_that_another_part_is_just_entering_is_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LOOK_AGAIN", 0.001)
    busy = Busy(3)
    database._write_ahead(busy)
    assert busy.times == 0
    broken = Busy(2, "disk I/O error")
    with pytest.raises(sqlite3.OperationalError, match="disk"):
        database._write_ahead(broken)
    assert broken.times == 1
    monkeypatch.setattr(database, "_BUSY_MS", 20)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database._write_ahead(Busy(1_000_000))
