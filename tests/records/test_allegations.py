"""What is said about somebody who should look after young people reaches the allegations officer, and never the accused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from records import allegations
from records.database import Work, unit_of_work
from records.safety_data import load_help
from records.settings import settings
from records.tables import Flag, OutboxRow
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level, Screening, Severity


def officer() -> str:
    return load_help(settings().root).local.allegations_officer.mail


def told(work: Work, flag: Flag) -> set[str]:
    return set(work.session.scalars(select(OutboxRow.address).where(OutboxRow.about_id == flag.id)))


def says(work: Work, team: people.Team, text: str, *categories: str, severity: Severity = Severity.S2, about: tuple[str, ...] = ()) -> Flag:
    screening = Screening(severity.level, severity, categories, (), about, softened=False, unscreened=None)
    flag = people.says(work, people.chat(work, team.robin), text, screening).flag
    assert flag is not None
    return flag


def test_an_allegation_alerts_the_officer_beside_those_who_are_alerted_anyway(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = says(work, team, "my carer hits me", "physical_abuse", "allegation", about=("carer",))
        assert told(work, flag) == {team.ash.email, team.dee.email, officer()}


def test_the_accused_is_not_alerted_and_the_officer_is(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = says(work, team, "my social worker hits me", "physical_abuse", "allegation", about=("social_worker",))
        assert told(work, flag) == {team.dee.email, officer()}


def test_a_concern_that_is_an_allegation_reaches_the_officer_too(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = says(work, team, "my carer shouts at me", "emotional_abuse", "allegation", severity=Severity.S3)
        assert flag.level == Level.check.value
        assert told(work, flag) == {officer()}


def test_what_is_no_allegation_does_not_reach_the_officer(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        assert officer() not in told(work, says(work, team, "my dad hits me", "physical_abuse"))


def test_an_officer_who_is_accused_is_not_told_of_it(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        accused = people.worker(work, "Lou Ferncliffe", "manager")
        accused.email = officer().upper()
        work.session.flush()
        flag = says(work, team, "lou ferncliffe hit me", "physical_abuse", "allegation", about=("staff",))
        assert told(work, flag) == {team.ash.email, team.dee.email}


def test_the_officer_is_alerted_once_however_often_it_is_asked(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = says(work, team, "my carer hits me", "physical_abuse", "allegation")
        allegations.alert_officer(work, flag, NOW)
        rows = select(OutboxRow).where(OutboxRow.about_id == flag.id, OutboxRow.address == officer())
        assert len(work.session.scalars(rows).all()) == 1


@pytest.mark.parametrize("mail", ["", "  "])
def test_without_an_address_nobody_is_invented(installation: Engine, mail: str, monkeypatch: pytest.MonkeyPatch) -> None:
    help_data = load_help(settings().root)
    nobody = help_data.local.allegations_officer.model_copy(update={"mail": mail})
    without = replace(help_data, local=help_data.local.model_copy(update={"allegations_officer": nobody}))
    monkeypatch.setattr(allegations, "load_help", lambda _root: without)
    with unit_of_work() as work:
        team = people.team(work)
        assert told(work, says(work, team, "my carer hits me", "physical_abuse", "allegation")) == {team.ash.email, team.dee.email}
