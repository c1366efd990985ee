from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select

from records import conversations, database
from records.database import unit_of_work
from records.errors import NotSaved
from records.tables import Conversation
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
