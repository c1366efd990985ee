"""Flags at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from records import outbox, safety_queue
from records.database import Work, unit_of_work
from records.errors import NotFound, NothingWritten, Stale
from records.safety_queue import acknowledge, close, name_worker, open_flags, read_flag
from records.tables import Event, Flag, OutboxRow, Reading, Worker
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level


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
            for act in (
                lambda one: read_flag(work, team.ash, one, NOW),
                lambda one: acknowledge(work, team.ash, one, NOW),
                lambda one: close(work, team.ash, one, "all fine", NOW),
                lambda one: name_worker(work, team.ash, one, team.mo.id, NOW),
            ):
                with pytest.raises(NotFound) as refusal:
                    act(flag_id)
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


def test_urgent_flags_stand_before_the_others_and_the_oldest_first(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        check = people.flagged(work, people.chat(work), "sad", level=Level.check, now=NOW)
        old = people.flagged(work, people.chat(work), "hit", now=NOW + timedelta(minutes=1))
        new = people.flagged(work, people.chat(work), "hit", now=NOW + timedelta(minutes=2))
        assert [entry.flag.id for entry in open_flags(work, team.dee)] == [old.id, new.id, check.id]


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
        with pytest.raises(NothingWritten):
            close(work, team.dee, flag.id, "  ", NOW)
        close(work, team.dee, flag.id, "Spoke with Robin.", NOW)
        assert (flag.closed_by, flag.closed_at, flag.outcome) == (team.dee.id, NOW, "Spoke with Robin.")
        assert close(work, team.dee, flag.id, "Spoke with Robin.", NOW) is flag
        with pytest.raises(Stale):
            close(work, team.max, flag.id, "Me too.", NOW)
        with pytest.raises(Stale):
            acknowledge(work, team.max, flag.id, NOW)
        assert flag.outcome == "Spoke with Robin."
        assert open_flags(work, team.dee) == []
        assert [entry.flag.id for entry in safety_queue.closed_flags(work, team.dee)] == [flag.id]
        assert [event.what for event in work.session.scalars(select(Event).where(Event.about == "flag"))] == ["closed"]


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
