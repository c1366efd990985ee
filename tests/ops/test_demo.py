"""`sayso demo`: a living desk out of an empty database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ops.demo import Filled, fill_with
from ops.errors import CannotGoOn
from records import conversations, database, folders, messages, safety_queue, workers
from records.database import Work, unit_of_work
from records.errors import NotFound
from records.migrating import prepare
from records.settings import settings
from records.statements import read_statement
from records.tables import Access, Reply, Statement, Worker, YoungPerson
from tests.conftest import NOW, forget


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """One installation with the demo in it, for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYSO_DATA_DIR", str(tmp_path_factory.mktemp("demo")))
        forget()
        prepare()
        with unit_of_work() as work:
            ways_in = fill_with(work, NOW, settings().root)
            work.commit()
        yield ways_in
        database.engine().dispose()
        forget()


def named(work: Work, first: str) -> Worker:
    return next(worker for worker in work.session.scalars(select(Worker)) if worker.name.startswith(first))


def test_every_printed_way_in_works(filled: Filled) -> None:
    assert {one.role for one in filled.sign_ins} == set(workers.ROLES)
    with unit_of_work() as work:
        for one in filled.sign_ins:
            assert workers.check_password(work, one.email, filled.password, one.email, NOW).name == one.name
    with unit_of_work() as work:
        for code in filled.return_codes.values():
            assert conversations.resume(work, code, NOW).conversation.young_person_id


def test_everybody_in_it_is_plainly_invented(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        names = [one.name for table in (Worker, YoungPerson) for one in work.session.scalars(select(table))]
        assert all("(demo)" in name for name in names)
        assert all(worker.email.endswith(".example") for worker in work.session.scalars(select(Worker)))
        assert 8 <= len(list(work.session.scalars(select(YoungPerson)))) <= 12


def test_statements_are_there_in_every_state(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        rows = list(work.session.scalars(select(Statement)))
        assert {row.status for row in rows} == {"draft", "kept", "sent", "read", "replied", "done"}
        assert any(row.owner_id is None and row.young_person_id is None and row.status == "sent" for row in rows)
        assert any(folders.is_overdue(row, NOW) for row in rows)
        assert {row.style for row in rows} == {"standard", "easy"}
        assert {row.mode for row in rows} == {"alone", "with_helper"}
        assert {reply.helped for reply in work.session.scalars(select(Reply))} == {"yes", "bit"}


def test_one_statement_is_hidden_from_the_social_worker(filled: Filled) -> None:
    with unit_of_work() as work:
        row = work.session.scalars(select(Access).where(Access.granted.is_(False), Access.reason == "hidden")).one()
        assert work.session.get_one(Worker, row.worker_id).name.startswith("Ash")
        with pytest.raises(NotFound):
            read_statement(work, named(work, "Ash"), row.statement_id, NOW)


def test_a_flag_that_names_a_worker_is_seen_by_duty_only(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        queues = {
            first: {entry.flag.id for entry in safety_queue.open_flags(work, named(work, first))} for first in ("Ash", "Mo", "Dee", "Max")
        }
        assert len(queues["Dee"]) == 2
        assert queues["Dee"] == queues["Max"]
        assert queues["Ash"] == set()
        assert len(queues["Mo"]) == 1
        assert len(safety_queue.closed_flags(work, named(work, "Dee"))) == 1


def test_no_folder_of_duty_is_empty(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        counts = folders.counts(work, named(work, "Dee"), NOW)
        assert all(counts[name] for name in ("attention", "unassigned", "all", "done"))
        assert folders.counts(work, named(work, "Ash"), NOW)["mine"] >= 2


def test_the_chats_look_as_the_real_thing_makes_them(filled: Filled) -> None:
    with unit_of_work() as work:
        conversation = conversations.resume(work, next(iter(filled.return_codes.values())), NOW).conversation
        shown = [messages.view(message) for message in messages.transcript(work, conversation.id)]
        assert [bubble["n"] for bubble in shown] == list(range(1, len(shown) + 1))
        assert {bubble["kind"] for bubble in shown} >= {"text", "question", "summary", "notice"}
        assert not any(bubble.get("held") for bubble in shown)
        assert not re.search(r"\{\w+\}", " ".join(bubble["text"] for bubble in shown))


def test_a_database_with_anybody_in_it_is_left_alone(filled: Filled) -> None:
    with unit_of_work() as work, pytest.raises(CannotGoOn, match="young people or chats"):
        fill_with(work, NOW, Path())
