"""`sayso demo`: a living desk out of an empty database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ops.demo import Filled, fill_with
from ops.errors import CannotGoOn
from records import conversations, database, folders, lessons, messages, safety_queue, sampling, workers
from records.database import Work, unit_of_work
from records.errors import NotFound
from records.migrating import prepare
from records.settings import settings
from records.statements import read_statement
from records.tables import Access, Flag, FlagAction, FlagNames, OutboxRow, Reply, Statement, Worker, YoungPerson
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


def test_a_flag_that_names_a_worker_is_hidden_from_them(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        queues = {
            first: {entry.flag.id for entry in safety_queue.open_flags(work, named(work, first))} for first in ("Ash", "Mo", "Dee", "Max")
        }
        assert queues["Dee"] == queues["Max"]
        (row,) = work.session.scalars(select(FlagNames))
        assert work.session.get_one(Worker, row.worker_id).name.startswith("Ash")
        assert row.flag_id in queues["Dee"]
        assert row.flag_id not in queues["Ash"] | queues["Mo"]


def test_there_is_a_flag_at_each_step_of_the_clock(filled: Filled) -> None:
    with unit_of_work(write=False) as work:
        flags = list(work.session.scalars(select(Flag)))
        waiting = [flag for flag in flags if flag.acknowledged_at is None]
        assert {flag.severity for flag in waiting if flag.due_at > NOW} >= {"S1", "S2", "S3"}
        assert {(flag.level, flag.rung) for flag in waiting if flag.due_at < NOW} == {("urgent", 2), ("check", 2)}
        assert any(flag.acknowledged_at and not flag.closed_at for flag in flags)
        assert {flag.ended for flag in flags if flag.closed_at} == {"plan_in_place", "false_alarm"}
        assert {action.kind for action in work.session.scalars(select(FlagAction))} == {"spoke_to_child", "tried_to_reach"}
        alerts = list(work.session.scalars(select(OutboxRow).where(OutboxRow.kind.startswith("flag_"))))
        assert {alert.delivered_at is None for alert in alerts} == {True, False}


@pytest.mark.parametrize("weekday", [0, 3, 6])
def test_the_samples_are_mostly_read_and_hold_a_miss_on_any_day_of_the_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weekday: int
) -> None:
    monkeypatch.setenv("SAYSO_DATA_DIR", str(tmp_path))
    forget()
    prepare()
    now = NOW + timedelta(days=weekday)
    with unit_of_work() as work:
        fill_with(work, now, settings().root)
        rate = sampling.rate(work, named(work, "Max"))
        assert rate.missed == 1
        assert rate.read >= 5
        assert len(sampling.to_read(work, named(work, "Max"))) == 4
        assert lessons.lessons(work, named(work, "Max"), now).missed == 1
    database.engine().dispose()
    forget()


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
