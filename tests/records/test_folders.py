"""The folders of the inbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from records import answering, folders, history, young_people
from records.database import Work, unit_of_work
from records.errors import NotFound
from records.statements import read_statement
from records.tables import Worker
from tests.conftest import NOW
from tests.desk import people


def inside(work: Work, worker: Worker, name: str, now: datetime = NOW) -> set[str]:
    """The ids in a folder; the folder's count must say the same."""
    folder = next((one for one in folders.folders_of(worker, now) if one.name == name), None)
    if folder is None:
        return set()
    entries, size = folders.contents(work, folder)
    assert size == len(entries)
    assert folders.counts(work, worker, now)[name] == size + (len(flags_of(work, worker)) if name == "attention" else 0)
    return {entry.statement.id for entry in entries}


def flags_of(work: Work, worker: Worker) -> list[str]:
    from records.safety_queue import open_flags

    return [entry.flag.id for entry in open_flags(work, worker)]


def test_each_worker_finds_theirs_and_only_duty_has_the_unassigned_folder(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        hers = people.sent(work, people.chat(work, team.robin)).id
        nobodys = people.sent(work, people.chat(work)).id
        assert inside(work, team.ash, "mine") == {hers}
        assert inside(work, team.ash, "all") == {hers}
        assert inside(work, team.mo, "all") == set()
        assert inside(work, team.dee, "all") == {hers, nobodys}
        assert inside(work, team.dee, "unassigned") == {nobodys}
        assert [folder.name for folder in folders.folders_of(team.ash, NOW)] == ["attention", "mine", "all", "done"]
        assert [folder.name for folder in folders.folders_of(team.dee, NOW)] == ["attention", "mine", "unassigned", "all", "done"]


def test_drafts_are_in_no_folder_and_no_count(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        people.draft(work, people.chat(work, team.robin))
        for worker in (team.ash, team.dee, team.max):
            assert sum(folders.counts(work, worker, NOW).values()) == 0


def test_attention_holds_what_is_past_its_time_until_it_is_answered(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        assert statement.read_by is not None
        assert statement.reply_by is not None
        assert inside(work, team.ash, "attention", statement.read_by) == set()
        late = statement.read_by + timedelta(minutes=1)
        assert inside(work, team.ash, "attention", late) == {statement.id}
        assert folders.is_overdue(statement, late)
        read_statement(work, team.ash, statement.id, late)
        assert inside(work, team.ash, "attention", late) == set()
        later = statement.reply_by + timedelta(minutes=1)
        assert inside(work, team.ash, "attention", later) == {statement.id}
        answering.reply(work, team.ash, statement.id, "Yes.", later, token="f")
        assert inside(work, team.ash, "attention", later) == set()
        assert not folders.is_overdue(statement, later)


def test_done_moves_to_its_folder_and_out_of_the_others(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        answering.reply(work, team.ash, statement.id, "Yes.", NOW, token="f")
        answering.mark_done(work, team.ash, statement.id, NOW)
        assert inside(work, team.ash, "done") == {statement.id}
        for name in ("mine", "all", "attention"):
            assert inside(work, team.ash, name) == set()


def test_the_accused_and_the_hidden_find_nothing_in_any_list_count_search_or_history(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        accused = people.chat(work, team.robin)
        people.sent(work, accused)
        flag = people.flagged(work, accused, "my social worker hits me", about=("social_worker",))
        people.sent(work, people.chat(work, team.robin), to=("reviewing_officer",), hide_from=("social_worker",))
        read_statement(work, team.dee, next(iter(inside(work, team.dee, "all"))), NOW)
        assert folders.counts(work, team.ash, NOW) == {"attention": 0, "mine": 0, "all": 0, "done": 0}
        for folder in folders.folders_of(team.ash, NOW):
            assert folders.contents(work, folder, name="robin") == ([], 0)
        assert list(folders.of_young_person(work, team.ash, team.robin.id, NOW)) == []
        assert list(history.recent(work, team.ash)) == []
        assert flags_of(work, team.dee) == [flag.id]
        assert len(list(history.recent(work, team.dee))) >= 2


def test_every_list_says_what_the_gate_says(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        wren = people.person(work, "Wren Placeholder", "9", team.mo, team.priya)
        made = []
        for young_person in (team.robin, wren, None):
            for hide_from in (("nobody",), ("social_worker",), ("reviewing_officer",)):
                conversation = people.chat(work, young_person)
                made.append(people.sent(work, conversation, to=("social_worker", "reviewing_officer"), hide_from=hide_from))
                if hide_from == ("reviewing_officer",):
                    people.flagged(work, conversation, "max oakapple frightens me")
        for worker in (team.ash, team.mo, team.priya, team.dee, team.max):
            listed = inside(work, worker, "all")
            for statement in made:
                if statement.id in listed:
                    assert read_statement(work, worker, statement.id, NOW)
                else:
                    with pytest.raises(NotFound):
                        read_statement(work, worker, statement.id, NOW)


def test_search_finds_a_part_of_a_name_whatever_its_case(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        people.sent(work, people.chat(work))
        folder = next(one for one in folders.folders_of(team.dee, NOW) if one.name == "all")
        entries, size = folders.contents(work, folder, name=" ROBIN ")
        assert ([entry.statement.id for entry in entries], size) == ([statement.id], 1)


def test_a_long_folder_comes_in_pages(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        for minute in range(folders.PAGE + 2):
            people.sent(work, conversation, now=NOW + timedelta(minutes=minute))
        folder = next(one for one in folders.folders_of(team.ash, NOW) if one.name == "mine")
        first, size = folders.contents(work, folder)
        second, _ = folders.contents(work, folder, page=2)
        assert (len(first), len(second), size) == (folders.PAGE, 2, folders.PAGE + 2)
        assert not {entry.statement.id for entry in first} & {entry.statement.id for entry in second}


def test_the_history_says_whose_it_is_and_what_happened_to_an_entry(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        young_people.invite(work, team.robin.id, team.ash, NOW)
        statement = people.sent(work, people.chat(work, team.robin))
        read_statement(work, team.ash, statement.id, NOW)
        steps = history.recent(work, team.ash)
        assert {step.what for step in steps} == {"invited", "given", "read", "opened"}
        assert {step.young_person.name for step in steps if step.young_person} == {"Robin Example"}
        assert [event.what for event in history.of_young_person(work, team.robin.id)] == ["invited"]
        assert list(history.recent(work, team.mo)) == []
