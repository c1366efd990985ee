"""Two workers change who may read a statement at the same moment: nobody is refused by chance, and a name given to a flag wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, select

from records import answering, safety_queue, young_people
from records.database import Work, unit_of_work
from records.errors import CannotBeGiven, NotFound, Stale
from records.tables import Access, Flag, Statement
from tests.conftest import NOW
from tests.desk import people

ROUNDS = 12
Change = Callable[[Work], object]


def at_once(*changes: Change) -> None:
    """Each in its own unit of work, begun together. A refusal that names its reason is an answer; anything else is raised."""
    start = Barrier(len(changes))

    def run(change: Change) -> None:
        start.wait()
        with unit_of_work() as work:
            try:
                change(work)
                work.commit()
            except (CannotBeGiven, NotFound, Stale):
                pass

    with ThreadPoolExecutor(len(changes)) as hands:
        list(hands.map(run, changes))


def flagged_statement(team: people.Team) -> tuple[Statement, Flag]:
    with unit_of_work() as work:
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        flag = people.flagged(work, conversation, "they lock me in")
        work.commit()
        return statement, flag


def access(work: Work, statement: Statement, worker_id: str) -> bool | None:
    row = work.session.get(Access, (statement.id, worker_id))
    return row.granted if row else None


def a_team() -> people.Team:
    with unit_of_work() as work:
        team = people.team(work)
        work.commit()
        return team


def test_a_worker_who_is_named_while_the_statement_is_given_to_them_does_not_have_it(installation: Engine) -> None:
    team = a_team()
    for _ in range(ROUNDS):
        statement, flag = flagged_statement(team)
        at_once(
            lambda work, one=statement: answering.assign(work, team.dee, one.id, team.mo.id, NOW),
            lambda work, one=flag: safety_queue.name_worker(work, team.dee, one.id, team.mo.id, NOW),
        )
        with unit_of_work(write=False) as work:
            assert access(work, statement, team.mo.id) is False
            assert work.session.get_one(Statement, statement.id).owner_id != team.mo.id


def test_two_who_name_two_at_once_hide_it_from_both(installation: Engine) -> None:
    team = a_team()
    for _ in range(ROUNDS):
        statement, flag = flagged_statement(team)
        at_once(
            lambda work, one=flag: safety_queue.name_worker(work, team.dee, one.id, team.ash.id, NOW),
            lambda work, one=flag: safety_queue.name_worker(work, team.max, one.id, team.priya.id, NOW),
            lambda work, one=flag: safety_queue.name_worker(work, team.max, one.id, team.ash.id, NOW),
        )
        with unit_of_work(write=False) as work:
            assert [access(work, statement, one.id) for one in (team.ash, team.priya)] == [False, False]


def test_a_match_and_a_name_at_once_leave_the_named_one_out(installation: Engine) -> None:
    team = a_team()
    for _ in range(ROUNDS):
        with unit_of_work() as work:
            conversation = people.chat(work)
            statement = people.sent(work, conversation)
            flag = people.flagged(work, conversation, "they lock me in")
            work.commit()
        at_once(
            lambda work, one=conversation: young_people.match(work, one.id, team.robin.id, team.dee, NOW),
            lambda work, one=flag: safety_queue.name_worker(work, team.max, one.id, team.ash.id, NOW),
        )
        with unit_of_work(write=False) as work:
            kept = work.session.scalars(select(Statement).where(Statement.id == statement.id)).one()
            assert kept.young_person_id == team.robin.id
            assert access(work, statement, team.ash.id) is False
            assert kept.owner_id != team.ash.id
