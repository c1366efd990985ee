"""Flags at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError

from records import outbox, safety_queue
from records.database import Work, unit_of_work
from records.errors import NotFound, NothingDone, NothingWritten, Stale
from records.safety_queue import ACTIONS, ENDINGS, IN_WORDS, acknowledge, act, close, name_worker, open_flags, read_flag
from records.tables import Event, Flag, FlagAction, Message, OutboxRow, Reading, ScreeningRow, Worker
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level, Severity


def seen_by(work: Work, team: people.Team, flag: Flag) -> set[str]:
    """Who has the flag in their queue, in their count, and through the gate: all three must agree."""
    found = set()
    for worker in (team.ash, team.mo, team.priya, team.dee, team.max):
        listed = flag.id in {entry.flag.id for entry in open_flags(work, worker)}
        assert listed == (safety_queue.count_open(work, worker) > 0)
        assert listed == may_open(work, worker, flag)
        if listed:
            found.add(worker.name.split()[0])
    return found


def may_open(work: Work, worker: Worker, flag: Flag) -> bool:
    try:
        read_flag(work, worker, flag.id, NOW)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        ("i am scared at home", (), {"Ash", "Priya", "Dee", "Max"}),
        ("my social worker hit me", ("social_worker",), {"Priya", "Dee", "Max"}),
        ("ash hit me", (), {"Priya", "Dee", "Max"}),
        ("priya larkspur shouted at me", (), {"Ash", "Dee", "Max"}),
        ("dee brightwater hit me", (), {"Ash", "Priya", "Max"}),
        ("ash and priya and max oakapple and dee brightwater", (), set()),
    ],
)
def test_a_flag_is_seen_by_duty_and_the_young_persons_own_workers_unless_it_names_them(
    installation: Engine, text: str, about: tuple[str, ...], expected: set[str]
) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin), text, about=about)
        assert seen_by(work, team, flag) == expected


def test_a_flag_of_an_unmatched_chat_is_dutys(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        assert seen_by(work, team, people.flagged(work, people.chat(work))) == {"Dee", "Max"}


def test_another_flag_of_the_chat_does_not_show_the_accused_the_words_around_it(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        people.flagged(work, conversation, "my social worker hit me", about=("social_worker",))
        second = people.flagged(work, conversation, "and i want to run away", level=Level.check)
        assert not may_open(work, team.ash, second)
        assert open_flags(work, team.ash) == []


def test_a_refusal_leaves_no_reading_and_tells_nothing(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin), "ash hit me")
        errors = set()
        for flag_id in (flag.id, "nothing"):
            for refused in (
                lambda one: read_flag(work, team.ash, one, NOW),
                lambda one: acknowledge(work, team.ash, one, NOW),
                lambda one: act(work, team.ash, one, "police", "", NOW, token="t"),
                lambda one: close(work, team.ash, one, "all fine", NOW, ended="safe"),
                lambda one: name_worker(work, team.ash, one, team.mo.id, NOW),
            ):
                with pytest.raises(NotFound) as refusal:
                    refused(flag_id)
                errors.add(str(refusal.value))
        assert len(errors) == 1
        assert list(work.session.scalars(select(Reading))) == []
        assert flag.closed_at is None


def test_a_flag_shows_what_was_said_just_before_and_after_and_is_logged_first(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        for number in range(5):
            people.says(work, conversation, f"before {number}")
        flag = people.flagged(work, conversation, "he hit me")
        for number in range(6):
            people.says(work, conversation, f"after {number}")
        work.commit()
    with unit_of_work() as work:
        view = read_flag(work, team.dee, flag.id, NOW)
    shown = [message.text for message in view.messages]
    assert shown == [*(f"before {number}" for number in (2, 3, 4)), "he hit me", *(f"after {number}" for number in range(4))]
    assert view.flagged.text == "he hit me"
    with unit_of_work(write=False) as work:
        (kept,) = work.session.scalars(select(Reading))
        assert (kept.about, kept.about_id, kept.worker_id) == ("flag", flag.id, team.dee.id)


def test_what_the_young_person_hid_from_a_worker_is_not_shown_around_a_flag(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        people.sent(work, conversation, to=("reviewing_officer",), hide_from=("social_worker",), words="not for my worker")
        flag = people.flagged(work, conversation, "a boy at school hit me")
        for worker, shown in ((team.ash, False), (team.dee, True)):
            texts = [message.text for message in read_flag(work, worker, flag.id, NOW).messages]
            assert "a boy at school hit me" in texts
            assert ("every other week please" in texts) is shown


def test_the_alerts_say_what_became_of_them(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        first, second = work.session.scalars(select(OutboxRow).where(OutboxRow.about_id == flag.id).order_by(OutboxRow.address))
        outbox.delivered(first, NOW)
        outbox.failed(second, "NoMailServer", NOW)
        alerts = {one.address: (one.delivered_at is not None, one.fault) for one in read_flag(work, team.dee, flag.id, NOW).alerts}
        assert alerts == {team.ash.email: (True, None), team.dee.email: (False, "NoMailServer")}


def test_the_queue_is_in_the_order_of_the_clocks_and_urgent_ones_stand_first(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)

        def flag(severity: Severity, minute: int) -> str:
            at = NOW + timedelta(minutes=minute)
            return people.flagged(work, people.chat(work), "x", level=severity.level, severity=severity, now=at).id

        late_low, low, harm = flag(Severity.S4, -60 * 24 * 30), flag(Severity.S4, 0), flag(Severity.S2, 0)
        old_danger, danger, taken = flag(Severity.S1, 1), flag(Severity.S1, 2), flag(Severity.S1, 0)
        acknowledge(work, team.dee, taken, NOW)
        assert [entry.flag.id for entry in open_flags(work, team.dee)] == [old_danger, danger, harm, late_low, low, taken]


def test_the_first_to_look_stays_the_one_who_looks(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        acknowledge(work, team.dee, flag.id, NOW)
        acknowledge(work, team.max, flag.id, NOW + timedelta(minutes=5))
        assert (flag.acknowledged_by, flag.acknowledged_at) == (team.dee.id, NOW)


def test_a_flag_is_closed_by_a_person_with_a_reason_once(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        act(work, team.dee, flag.id, "spoke_to_child", "", NOW, token="t")
        with pytest.raises(NothingWritten, match="outcome"):
            close(work, team.dee, flag.id, "  ", NOW, ended="safe")
        with pytest.raises(NothingWritten, match="ended"):
            close(work, team.dee, flag.id, "Spoke with Robin.", NOW, ended="fine")
        close(work, team.dee, flag.id, "Spoke with Robin.", NOW, ended="safe")
        assert (flag.closed_by, flag.closed_at, flag.ended, flag.outcome) == (team.dee.id, NOW, "safe", "Spoke with Robin.")
        assert close(work, team.dee, flag.id, "Spoke with Robin.", NOW, ended="safe") is flag
        with pytest.raises(Stale):
            close(work, team.max, flag.id, "Me too.", NOW, ended="safe")
        with pytest.raises(Stale):
            acknowledge(work, team.max, flag.id, NOW)
        assert flag.outcome == "Spoke with Robin."
        assert open_flags(work, team.dee) == []
        assert [entry.flag.id for entry in safety_queue.closed_flags(work, team.dee)] == [flag.id]
        assert [event.what for event in work.session.scalars(select(Event).where(Event.about == "flag"))] == ["acted", "closed"]


@pytest.mark.parametrize("ended", ENDINGS)
def test_only_a_false_alarm_is_closed_with_nothing_done(installation: Engine, ended: str) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        if ended == "false_alarm":
            close(work, team.dee, flag.id, "A film.", NOW, ended=ended)
            return
        with pytest.raises(NothingDone):
            close(work, team.dee, flag.id, "Fine.", NOW, ended=ended)
        act(work, team.dee, flag.id, "none_needed", "Seen ten minutes ago.", NOW, token="t")
        assert close(work, team.dee, flag.id, "Fine.", NOW, ended=ended).ended == ended


def test_a_false_alarm_changes_nothing_but_how_it_ended(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin), "it was only a game", families=("physical_abuse.hit",))

        def kept() -> tuple[object, ...]:
            message, row = work.session.get_one(Message, flag.message_id), work.session.get_one(ScreeningRow, flag.message_id)
            return message.text, row.level, row.severity, row.families, flag.level, flag.severity, flag.categories, flag.raised_at

        before = kept()
        close(work, team.dee, flag.id, "A game.", NOW, ended="false_alarm")
        work.session.expire_all()
        assert kept() == before


def test_what_was_done_is_added_to_by_several_people_and_each_takes_the_flag_on(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        act(work, team.dee, flag.id, "police", "Rang 101, reference 7.", NOW, token="one")
        act(work, team.ash, flag.id, "spoke_to_child", "", NOW + timedelta(minutes=9), token="two")
        act(work, team.ash, flag.id, "spoke_to_child", "", NOW + timedelta(minutes=9), token="two")
        view = read_flag(work, team.max, flag.id, NOW)
        assert [(one.kind, one.worker_id, one.words) for one in view.actions] == [
            ("police", team.dee.id, "Rang 101, reference 7."),
            ("spoke_to_child", team.ash.id, None),
        ]
        assert (flag.acknowledged_by, flag.acknowledged_at) == (team.dee.id, NOW)
        close(work, team.dee, flag.id, "With the police.", NOW, ended="passed_on")
        act(work, team.dee, flag.id, "strategy_discussion", "Tomorrow at 9.", NOW + timedelta(hours=1), token="three")
        assert len(read_flag(work, team.max, flag.id, NOW).actions) == 3


def test_what_was_done_is_one_of_a_list_and_some_of_it_needs_words(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        with pytest.raises(NothingWritten, match="kind"):
            act(work, team.dee, flag.id, "", "words", NOW, token="t")
        for kind in ACTIONS:
            if kind in IN_WORDS:
                with pytest.raises(NothingWritten, match="words"):
                    act(work, team.dee, flag.id, kind, " ", NOW, token=kind)
            else:
                act(work, team.dee, flag.id, kind, " ", NOW, token=kind)


def test_words_about_what_was_done_are_sealed(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        act(work, team.dee, flag.id, "other", "plain words", NOW, token="t")
        work.commit()
        raw = work.session.connection().exec_driver_sql("SELECT words FROM flag_action").scalar_one()
        assert b"plain words" not in bytes(raw)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE flag_action SET kind = 'police'",
        "DELETE FROM flag_action",
        "UPDATE flag SET acknowledged_at = NULL",
        "UPDATE flag SET acknowledged_by = NULL",
        "UPDATE flag SET closed_at = NULL",
        "UPDATE flag SET ended = 'false_alarm'",
        "UPDATE event SET what = 'seen'",
        "UPDATE reading SET about = 'statement'",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_done(installation: Engine, change: str) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin))
        read_flag(work, team.dee, flag.id, NOW)
        act(work, team.dee, flag.id, "police", "", NOW, token="t")
        close(work, team.dee, flag.id, "With the police.", NOW, ended="passed_on")
        assert work.session.scalars(select(FlagAction)).one()
        work.commit()
    with pytest.raises(DatabaseError, match="never changes"), installation.begin() as connection:
        connection.exec_driver_sql(change)


def test_a_colleague_hides_a_flag_from_whom_the_words_mean(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        flag = people.flagged(work, people.chat(work, team.robin), "the tall one with the beard hit me")
        assert may_open(work, team.ash, flag)
        name_worker(work, team.dee, flag.id, team.ash.id, NOW)
        name_worker(work, team.dee, flag.id, team.ash.id, NOW)
        assert not may_open(work, team.ash, flag)
        view = read_flag(work, team.dee, flag.id, NOW)
        assert [(row.worker_id, row.reason) for row in view.named] == [(team.ash.id, "worker")]
        assert [event.what for event in view.events] == ["named"]
        with pytest.raises(NotFound):
            name_worker(work, team.dee, flag.id, "nobody", NOW)
