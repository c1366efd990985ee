"""Young people as their workers know them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import answering, conversations, flags, messages, young_people
from records.database import Work, unit_of_work
from records.errors import AlreadyThere, NotFound, NothingWritten, Stale, TooLate, UnknownJoin
from records.statements import read_statement
from records.tables import Access, Event, FlagNames, OutboxRow, YoungPerson
from tests.conftest import NOW
from tests.desk import people
from voice.wording import Style


def test_a_young_person_needs_a_name_and_a_second_identifier(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        for name, identifier, what in (("", "1", "name"), ("Wren", "  ", "identifier")):
            with pytest.raises(NothingWritten) as missing:
                add(work, team, name, identifier)
            assert missing.value.what == what
        with pytest.raises(AlreadyThere):
            add(work, team, "robin EXAMPLE", "2012-03-04")
        assert add(work, team, "Robin Example", "2013-03-04").id


def add(work: Work, team: people.Team, name: str, identifier: str) -> YoungPerson:
    return young_people.add(
        work, team.ash, name=name, identifier=identifier, social_worker_id=team.ash.id, reviewing_officer_id=None, now=NOW
    )


def test_workers_know_their_own_young_people_and_duty_knows_all(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        people.person(work, "Wren Placeholder", "9", team.mo)
        known = {who.name: [one.name for one in young_people.known_to(work, who)] for who in (team.ash, team.mo, team.priya, team.dee)}
        assert known == {
            "Ash Fernwood": ["Robin Example"],
            "Mo Hollybush": ["Wren Placeholder"],
            "Priya Larkspur": ["Robin Example"],
            "Dee Brightwater": ["Robin Example", "Wren Placeholder"],
        }
        with pytest.raises(NotFound):
            young_people.one(work, team.mo, team.robin.id)


@pytest.mark.parametrize(
    ("name", "identifier", "found"),
    [
        ("robin  example", "2012-03-04", True),
        ("ROBINEXAMPLE", " 2012-03-04 ", True),
        ("Robin Example", "2012-03-05", False),
        ("Robin", "2012-03-04", False),
        ("", "2012-03-04", False),
        ("Robin Example", "", False),
    ],
)
def test_both_identifiers_must_match(installation: Engine, name: str, identifier: str, found: bool) -> None:
    with unit_of_work() as work:
        people.team(work)
        assert (young_people.find_by_two_identifiers(work, name, identifier) is not None) is found


def test_a_join_code_ties_a_chat_until_a_new_one_or_its_end(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        first = young_people.invite(work, team.robin.id, team.ash, NOW)
        start = conversations.start(work, style=Style.standard, mode="alone", join_code=first.lower(), now=NOW)
        assert start.conversation.young_person_id == team.robin.id
        second = young_people.invite(work, team.robin.id, team.ash, NOW)
        for code, now in ((first, NOW), (second, NOW + timedelta(days=30))):
            with pytest.raises(UnknownJoin):
                conversations.start(work, style=Style.standard, mode="alone", join_code=code, now=now)
        with pytest.raises(NotFound):
            young_people.invite(work, team.robin.id, team.mo, NOW)


def test_a_match_gives_the_statement_to_the_young_persons_worker_and_its_undoing_takes_it_back(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        statement = people.sent(work, conversation)
        assert statement.owner_id is None
        tie = young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        assert (statement.young_person_id, statement.owner_id) == (team.robin.id, team.ash.id)
        assert work.session.get_one(Access, (statement.id, team.ash.id)).granted
        young_people.undo_match(work, tie.id, team.dee, NOW + timedelta(hours=23))
        assert (statement.young_person_id, statement.owner_id, conversation.young_person_id) == (None, None, None)
        assert work.session.get(Access, (statement.id, team.ash.id)) is None
        steps = work.session.scalars(select(Event.what).where(Event.about == "conversation").order_by(Event.id))
        assert list(steps) == ["matched", "match_undone"]
        with pytest.raises(NotFound):
            read_statement(work, team.ash, statement.id, NOW)


def test_an_owner_from_before_the_match_is_the_owner_after_its_undoing(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        statement = people.sent(work, conversation)
        answering.assign(work, team.dee, statement.id, team.mo.id, NOW)
        tie = young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        assert statement.owner_id == team.mo.id
        answering.assign(work, team.dee, statement.id, team.ash.id, NOW)
        young_people.undo_match(work, tie.id, team.dee, NOW)
        assert statement.owner_id == team.mo.id


def test_a_match_hides_the_flag_from_the_worker_it_now_names_and_tells_nobody_else(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        flag = people.flagged(work, conversation, "my social worker hit me", about=("social_worker",))
        statement = people.sent(work, conversation)
        assert not flags.names(work, flag.id, team.ash.id)
        tie = young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        assert flags.names(work, flag.id, team.ash.id)
        assert statement.owner_id is None
        told = set(work.session.scalars(select(OutboxRow.address)))
        assert team.ash.email not in told
        young_people.undo_match(work, tie.id, team.dee, NOW)
        assert work.session.scalar(select(func.count()).select_from(FlagNames)) == 0


def test_a_match_tells_the_social_worker_of_an_open_urgent_flag(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        flag = people.flagged(work, conversation, "a man keeps following me")
        young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        told = work.session.scalars(select(OutboxRow.address).where(OutboxRow.kind == "flag_raised", OutboxRow.about_id == flag.id))
        assert team.ash.email in set(told)


def test_hiding_from_a_role_holds_from_the_match_on(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        statement = people.sent(work, conversation, hide_from=("social_worker",))
        young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        assert statement.owner_id is None
        assert not work.session.get_one(Access, (statement.id, team.ash.id)).granted


def test_only_duty_matches_only_once_and_only_what_they_may_know_of(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        people.sent(work, conversation)
        for nobody in (team.ash, team.priya):
            with pytest.raises(NotFound):
                young_people.match(work, conversation.id, team.robin.id, nobody, NOW)
        empty = people.chat(work)
        with pytest.raises(NotFound):
            young_people.match(work, empty.id, team.robin.id, team.dee, NOW)
        accused = people.chat(work)
        people.flagged(work, accused, "dee brightwater hit me")
        with pytest.raises(NotFound):
            young_people.match(work, accused.id, team.robin.id, team.dee, NOW)
        young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        with pytest.raises(Stale):
            young_people.match(work, conversation.id, team.robin.id, team.max, NOW)


def test_a_match_cannot_be_undone_after_a_day_or_twice(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        people.sent(work, conversation)
        tie = young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        assert young_people.can_undo(tie, NOW + timedelta(hours=24))
        assert not young_people.can_undo(tie, NOW + timedelta(hours=24, seconds=1))
        with pytest.raises(TooLate):
            young_people.undo_match(work, tie.id, team.dee, NOW + timedelta(hours=25))
        young_people.undo_match(work, tie.id, team.dee, NOW)
        with pytest.raises(Stale):
            young_people.undo_match(work, tie.id, team.dee, NOW)


def test_words_after_the_match_are_screened_for_the_new_circle(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work)
        people.sent(work, conversation)
        young_people.match(work, conversation.id, team.robin.id, team.dee, NOW)
        flag = people.flagged(work, conversation, "ash shouts at me and i am scared")
        assert flags.names(work, flag.id, team.ash.id)
        assert messages.transcript(work, conversation.id)[-1].text == "ash shouts at me and i am scared"
