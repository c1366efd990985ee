"""Corrected answers leave as training data: whose do not, what is taken out of them, and where they may not go."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from ops.command import app
from ops.errors import CannotGoOn
from records import corrections, drafts
from records.database import Work, unit_of_work
from records.history import recent
from records.reading import read_sheet
from records.settings import settings
from records.tables import Correction, Event, Reading, Statement
from records.teaching import load_lessons
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level
from voice.understanding.lessons import Account, AccountsSheet

FREE_TEXT, WANTED = 1, 2


def export(place: Path) -> tuple[str, Sequence[Account]]:
    """What the command says, and what stands in the file."""
    done = CliRunner().invoke(app, ["corrections", "export", str(place)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output, read_sheet(place, AccountsSheet).accounts if place.exists() else ()


def corrected(work: Work, team: people.Team, statement: Statement, place: int | None = FREE_TEXT, topic: str = "home") -> None:
    corrections.correct(work, team.dee, statement.id, number=1, place=place, topics=[topic, "carers"], stance="question", now=NOW)


def test_only_what_was_corrected_is_written_with_the_labels_that_count(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        one = people.sent(work, people.chat(work, team.robin), words='when: do i "see" nan\'s dog? # yes\nnext line 😀')
        people.sent(work, people.chat(work, team.robin), words="canary, nobody corrected this")
        corrected(work, team, one, topic="money")
        corrected(work, team, one)
        work.commit()
    said, accounts = export(tmp_path / "out.yml")
    assert [(one.says, one.topics, one.stance) for one in accounts] == [
        ('when: do i "see" nan\'s dog? # yes\nnext line 😀', ("home", "carers"), "question")
    ]
    assert "1 examples from 1 statements" in said
    assert "Handle the file like the case record" in said
    assert "canary" not in said
    assert "nan" not in said


def test_the_file_is_read_as_training_data_like_the_ones_that_are_there(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        corrected(work, team, statement)
        corrected(work, team, statement, place=None, topic="my_plan")
        work.commit()
    place = tmp_path / "root" / "data" / "nlu" / "said" / "accounts_corrected.yml"
    place.parent.mkdir(parents=True)
    _, accounts = export(place)
    assert [lesson.text for lesson in load_lessons(tmp_path / "root")] == [account.says for account in accounts]
    assert {account.says for account in accounts} == {"i want to see my nan", "i want to see my nan\nevery other week please"}


def test_names_are_taken_out(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        hello = people.draft(work, people.chat(work, team.robin))
        people.answer(work, hello, "display_name", "display_name", "Bobbin", ())
        statement = people.sent(work, people.chat(work, team.robin), words="robins here, bobbin to mo hollybush. my friend Kit too")
        corrected(work, team, statement)
        work.commit()
    _, (account,) = export(tmp_path / "out.yml")
    assert account.says == "[name]s here, [name] to [name]. my friend Kit too"


def test_what_a_flag_touched_what_is_to_be_kept_from_anybody_and_what_is_nobodys_yet_stays_here(
    installation: Engine, tmp_path: Path
) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flagged, hidden, loose = people.chat(work, team.robin), people.chat(work, team.robin), people.chat(work)
        made = [
            people.sent(work, flagged, words="canary flagged"),
            people.sent(work, hidden, hide_from=("parents",), words="canary hidden"),
            people.sent(work, loose, words="canary of nobody"),
        ]
        secret = people.draft(work, people.chat(work, team.robin), words="canary private")
        people.answer(work, secret, "do_not_discuss", "do_not_discuss", "the thing with my phone", ())
        drafts.send(work, secret, drafts.answers(work, secret), to_n=4, now=NOW)
        for statement in (*made, secret):
            corrected(work, team, statement)
        people.flagged(work, flagged, "he hit me", level=Level.check)
        work.commit()
    said, accounts = export(tmp_path / "out.yml")
    assert accounts == ()
    assert not (tmp_path / "out.yml").exists()
    assert "nothing to export" in said
    assert "1 with a safety flag in their chat, 2 in which" in said
    assert "1 whose young person is not known" in said


def test_what_was_once_to_be_kept_from_somebody_stays_here_also_when_a_later_version_says_nothing_of_it(
    installation: Engine, tmp_path: Path
) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), hide_from=("parents",))
        corrected(work, team, statement)
        people.answer(work, statement, "hide_from", "not_in_front_of", None, ("nobody",))
        drafts.send(work, statement, drafts.answers(work, statement), to_n=4, now=NOW)
        assert statement.hide_from == []
        work.commit()
    said, accounts = export(tmp_path / "out.yml")
    assert accounts == ()
    assert "1 in which" in said


def test_one_text_is_written_once_with_what_was_said_of_it_last(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        first, second = (people.sent(work, people.chat(work, team.robin)) for _ in range(2))
        corrected(work, team, first, topic="money")
        corrected(work, team, second, topic="home")
        work.commit()
    _, (account,) = export(tmp_path / "out.yml")
    assert account.topics == ("home", "carers")


def test_every_statement_that_was_opened_for_it_says_so_in_its_history(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement, other = (people.sent(work, people.chat(work, team.robin)) for _ in range(2))
        corrected(work, team, statement)
        work.commit()
    export(tmp_path / "out.yml")
    with unit_of_work(write=False) as work:
        (event,) = work.session.scalars(select(Event).where(Event.what == "exported"))
        assert (event.about, event.about_id, event.worker_id) == ("statement", statement.id, None)
        assert [step.about_id for step in recent(work, team.dee) if step.what == "exported"] == [statement.id]
        assert work.session.scalars(select(Reading)).all() == []
        assert len(work.session.scalars(select(Correction)).all()) == 1


def test_the_file_is_its_owners_alone(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        corrected(work, team, people.sent(work, people.chat(work, team.robin)))
        work.commit()
    export(tmp_path / "out.yml")
    assert stat.S_IMODE((tmp_path / "out.yml").stat().st_mode) == 0o600


def test_it_goes_into_no_folder_under_version_control_over_no_file_and_through_no_link(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        corrected(work, team, people.sent(work, people.chat(work, team.robin)))
        work.commit()
    root = settings().root
    (tmp_path / "fork" / ".git").mkdir(parents=True)
    (tmp_path / "there.yml").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(root / "data")
    (tmp_path / "loose.yml").symlink_to(root / "data" / "out.yml")
    into_git = (root / "out.yml", root / "data" / "nlu" / "said" / "accounts_x.yml", tmp_path / "fork" / "a" / "out.yml")
    for place in (*into_git, tmp_path / "link" / "out.yml", tmp_path / "loose.yml"):
        with pytest.raises(CannotGoOn, match="do not go into the folder of Sayso"):
            export(place)
        assert not place.exists()
    for place, reason in ((tmp_path / "there.yml", "is there already"), (tmp_path / "none" / "out.yml", "cannot be made")):
        with pytest.raises(CannotGoOn, match=reason):
            export(place)
    assert (tmp_path / "there.yml").read_text(encoding="utf-8") == "mine"
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Event).where(Event.what == "exported")).all() == []


def test_half_an_emoji_and_signs_no_file_holds_are_written_so_that_they_can_be_read(installation: Engine, tmp_path: Path) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        corrected(work, team, people.sent(work, people.chat(work, team.robin), words="odd \ud83d \u2028 \x85 \x07 \t end"))
        work.commit()
    _, (account,) = export(tmp_path / "out.yml")
    assert account.says == "odd ? \u2028 \x85 \x07 \t end"
