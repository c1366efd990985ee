"""What Sayso understood, put right by workers, and found again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import answering, corrections, drafts, folders, meanings
from records.database import Work, unit_of_work
from records.errors import NotAMeaning, NotFound, Stale
from records.meanings import Meanings
from records.statements import read_statement
from records.tables import Correction, Event, Statement, StatementVersion, Worker
from tests.conftest import NOW
from tests.desk import people

LATER = NOW + timedelta(hours=3)
FREE_TEXT, WANTED, RECIPIENTS = 1, 2, 3
"""Places in the statements of tests/desk/people.py."""


def latest(work: Work, statement: Statement) -> StatementVersion:
    query = select(StatementVersion).where(StatementVersion.statement_id == statement.id).order_by(StatementVersion.number.desc())
    return work.session.scalars(query.limit(1)).one()


def said(work: Work, statement: Statement) -> Meanings:
    return meanings.of_version(work, latest(work, statement))


def found(work: Work, worker: Worker, topic: str | None = None, stance: str | None = None) -> set[str]:
    folder = folders.All(worker, NOW)
    entries, size = folders.contents(work, folder, topic=topic, stance=stance)
    assert size == len(entries)
    return {entry.statement.id for entry in entries}


def test_each_typed_answer_and_the_whole_say_what_was_understood(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), meant=(("home", "carers"), "worry"))
        whole, lines = said(work, statement).whole, said(work, statement).lines
        assert [line and (line.topics, line.stance) for line in lines] == [
            (("home", "carers"), "worry"),
            (("family_time",), "wish"),
            None,
            None,
        ]
        assert (set(whole.topics), whole.stance) == ({"home", "carers", "family_time"}, "worry")


def test_what_was_sent_before_sayso_listened_has_no_meaning_until_a_worker_gives_it_one(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        version = latest(work, statement)
        old = [{field: value for field, value in part.items() if field not in ("topics", "stance")} for part in version.body]
        work.session.add(
            StatementVersion(
                statement_id=statement.id, number=2, body=old, wanted=None, from_n=version.from_n, to_n=version.to_n, sent_at=NOW
            )
        )
        work.session.flush()
        assert [(line.topics, line.stance) for line in said(work, statement).lines if line] == [((), None)] * 2
        assert (said(work, statement).whole.topics, said(work, statement).whole.stance) == ((), None)
        corrections.correct(work, team.ash, statement.id, number=2, place=WANTED, topics=["money"], stance="wish", now=NOW)
        assert (said(work, statement).whole.topics, said(work, statement).whole.stance) == (("money",), "wish")


def test_the_last_correction_counts_and_the_earlier_ones_stay(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["carers", "home"], stance="wish", now=NOW)
        corrections.correct(work, team.dee, statement.id, number=1, place=FREE_TEXT, topics=["home"], stance="worry", now=LATER)
        line = said(work, statement).lines[FREE_TEXT - 1]
        assert line is not None
        assert (line.topics, line.stance) == (("home",), "worry")
        assert (line.understood_topics, line.understood_stance) == (("family_time",), "worry")
        assert [(one.topics, one.stance, one.worker_id, one.at) for one in line.corrections] == [
            (["home", "carers"], "wish", team.ash.id, NOW),
            (["home"], "worry", team.dee.id, LATER),
        ]
        events = work.session.scalars(select(Event).where(Event.what == "corrected").order_by(Event.id))
        assert [(one.about_id, one.worker_id, one.detail) for one in events] == [
            (statement.id, team.ash.id, None),
            (statement.id, team.dee.id, None),
        ]


def test_a_corrected_answer_changes_the_whole_unless_a_worker_said_what_the_whole_is(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["home"], stance="wish", now=NOW)
        whole = said(work, statement).whole
        assert (set(whole.topics), whole.stance) == ({"home", "family_time"}, "wish")
        corrections.correct(work, team.ash, statement.id, number=1, place=None, topics=["my_plan"], stance="question", now=NOW)
        corrections.correct(work, team.ash, statement.id, number=1, place=WANTED, topics=["money"], stance="praise", now=NOW)
        whole = said(work, statement).whole
        assert (whole.topics, whole.stance) == (("my_plan",), "question")


def test_the_same_form_sent_twice_or_five_times_at_once_makes_one_correction(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        seen = corrections.stamp(1, said(work, statement).whole)
        work.commit()

    def press(_time: int) -> bool:
        with unit_of_work() as work:
            made = corrections.correct(
                work, team.ash, statement.id, number=1, place=None, topics=["home"], stance="wish", now=NOW, seen=seen
            )
            work.commit()
        return made is not None

    with ThreadPoolExecutor(5) as hands:
        assert sorted(hands.map(press, range(5))) == [False] * 4 + [True]
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Correction)) == 1


def test_a_form_is_stale_after_a_colleagues_correction_of_the_same_part_and_after_a_new_version(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        line = said(work, statement).lines[FREE_TEXT - 1]
        assert line is not None
        seen = corrections.stamp(1, line)
        corrections.correct(work, team.dee, statement.id, number=1, place=WANTED, topics=["money"], stance="wish", now=NOW)
        corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["home"], stance="wish", now=NOW, seen=seen)
        with pytest.raises(Stale):
            corrections.correct(
                work, team.dee, statement.id, number=1, place=FREE_TEXT, topics=["money"], stance="wish", now=NOW, seen=seen
            )
        line = said(work, statement).lines[FREE_TEXT - 1]
        assert line is not None
        seen = corrections.stamp(1, line)
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LATER)
        with pytest.raises(Stale):
            corrections.correct(
                work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["money"], stance="wish", now=LATER, seen=seen
            )


def test_a_correction_makes_no_colleagues_reply_stale(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        seen = read_statement(work, team.ash, statement.id, NOW).seen
        corrections.correct(work, team.dee, statement.id, number=1, place=None, topics=["home"], stance="wish", now=NOW)
        assert answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="f", seen=seen).text == "Yes."


def test_a_correction_is_about_its_version_only(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["home"], stance="question", now=NOW)
        first = latest(work, statement)
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LATER)
        before, after = meanings.of_version(work, first).lines[0], said(work, statement).lines[0]
        assert before is not None
        assert after is not None
        assert (before.topics, after.topics, after.corrections) == (("home",), ("family_time",), ())
        assert found(work, team.ash, topic="home") == set()
        # who looks at the first version on purpose may still put it right
        seen = corrections.stamp(2, before)
        corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=["money"], stance="wish", now=LATER, seen=seen)
        assert found(work, team.ash, topic="money") == set()


def test_what_is_no_meaning_is_refused_and_nothing_is_kept(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        bad = (([], "wish", "topics"), (["nonsense"], "wish", "topics"), (["other", "home"], "wish", "other"), (["home"], "", "stance"))
        for topics, stance, what in bad:
            with pytest.raises(NotAMeaning) as refusal:
                corrections.correct(work, team.ash, statement.id, number=1, place=FREE_TEXT, topics=topics, stance=stance, now=NOW)
            assert refusal.value.what == what
        for number, place in ((7, FREE_TEXT), (0, None), (1, 0), (1, -1), (1, 99), (1, RECIPIENTS)):
            with pytest.raises(NotFound):
                corrections.correct(work, team.ash, statement.id, number=number, place=place, topics=["home"], stance="wish", now=NOW)
        assert work.session.scalar(select(func.count()).select_from(Correction)) == 0
        assert work.session.scalar(select(func.count()).select_from(Event).where(Event.what == "corrected")) == 0


def test_nobody_puts_right_what_they_may_not_read(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        hidden = people.sent(work, conversation, hide_from=("social_worker",))
        theirs = people.draft(work, conversation)
        for worker, statement in ((team.ash, hidden), (team.mo, hidden), (team.dee, theirs), (team.max, theirs)):
            with pytest.raises(NotFound):
                corrections.correct(work, worker, statement.id, number=1, place=None, topics=["home"], stance="wish", now=NOW)


def test_a_folder_is_narrowed_by_topic_and_stance_of_the_same_answer_and_corrections_count(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        one = people.sent(work, people.chat(work, team.robin), meant=(("home", "carers"), "worry"))
        two = people.sent(work, people.chat(work, team.robin), meant=(("home",), "praise"))
        assert found(work, team.ash) == {one.id, two.id}
        assert found(work, team.ash, topic="home") == {one.id, two.id}
        assert found(work, team.ash, stance="worry") == {one.id}
        assert found(work, team.ash, topic="home", stance="praise") == {two.id}
        # its wish is about family, its worry about home
        assert found(work, team.ash, topic="home", stance="wish") == set()
        assert found(work, team.ash, topic="money") == set()
        corrections.correct(work, team.ash, one.id, number=1, place=FREE_TEXT, topics=["money"], stance="question", now=NOW)
        assert found(work, team.ash, topic="home") == {two.id}
        assert found(work, team.ash, topic="money", stance="question") == {one.id}
        corrections.correct(work, team.ash, two.id, number=1, place=None, topics=["money"], stance="statement", now=NOW)
        assert found(work, team.ash, topic="money") == {one.id, two.id}
        assert found(work, team.ash, topic="money", stance="statement") == {two.id}


def test_a_narrowed_folder_shows_nothing_the_gate_refuses_and_no_draft_of_a_change(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        people.sent(work, people.chat(work, team.robin), hide_from=("social_worker",), meant=(("money",), "worry"))
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        changed = people.says(work, conversation, "about money now", meant=(("money",), "worry")).message
        people.answer(work, statement, "free_text", "free_text", "about money now", (), changed.id, LATER)
        people.draft(work, people.chat(work, team.robin), meant=(("money",), "worry"))
        assert found(work, team.ash, topic="money") == set()
        assert found(work, team.mo, topic="family_time") == set()
        assert found(work, team.ash, topic="family_time") == {statement.id}


def test_a_narrowed_folder_keeps_its_order_and_its_pages_and_can_be_narrowed_by_name_too(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        wren = people.person(work, "Wren Placeholder", "9", team.ash)
        made = [people.sent(work, people.chat(work, wren), now=NOW + timedelta(days=day)) for day in range(folders.PAGE + 2)]
        people.sent(work, people.chat(work, team.robin), now=NOW)
        folder = folders.Mine(team.ash, LATER)
        first, size = folders.contents(work, folder, name="wren", topic="family_time")
        second, _ = folders.contents(work, folder, page=2, name="wren", topic="family_time")
        in_order = sorted(made, key=lambda one: (one.reply_by, one.id))
        assert size == len(made)
        assert [entry.statement.id for entry in (*first, *second)] == [one.id for one in in_order]
