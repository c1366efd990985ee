"""Alerts that nobody heeds go up the chain (promise P5), and never to anybody a flag names (P20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select

from ops.post import one_round
from records import escalation, outbox, safety_queue
from records.database import Work, unit_of_work
from records.settings import settings
from records.tables import Event, Flag, OutboxRow
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level, Severity

ASH, DEE, MAX = "ash@example.org", "dee@example.org", "max@example.org"
NIGHT_TEAM = "night@council.example"


@pytest.fixture
def night_team(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """The last address of the chain."""
    monkeypatch.setattr(settings(), "out_of_hours_mail", NIGHT_TEAM)
    return NIGHT_TEAM


def raised(text: str = "he hit me", *, severity: Severity = Severity.S1, now: datetime = NOW, **more: object) -> Flag:
    """A flag of Robin's, whose social worker is Ash; Dee is on duty and Max is the manager."""
    with unit_of_work() as work:
        team = people.team(work)
        level = severity.level
        flag = people.flagged(work, people.chat(work, team.robin), text, level=level, severity=severity, now=now, **more)  # type: ignore[arg-type]
        work.commit()
    return flag


class Mailbox:
    """A mail server; `away` says for which addresses it does not work."""

    def __init__(self, away: Sequence[str] = ()) -> None:
        self.got: list[str] = []
        self.away = away

    def deliver(self, row: OutboxRow) -> None:
        if row.address in self.away:
            raise ConnectionRefusedError
        self.got.append(row.address)

    def after(self, now: datetime) -> list[str]:
        """Who got something in the round at a moment."""
        self.got = []
        one_round(self.deliver, now)
        return sorted(self.got)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_danger_now_goes_up_the_chain_until_somebody_takes_it_on(night_team: str) -> None:
    flag, mail = raised(), Mailbox()
    assert mail.after(NOW) == [ASH, DEE]
    assert mail.after(minutes(4.9)) == []
    assert mail.after(minutes(5)) == [MAX]
    assert mail.after(minutes(5)) == []
    assert mail.after(minutes(9)) == []
    assert mail.after(minutes(10)) == [NIGHT_TEAM]
    for again in (15, 20, 25):
        assert mail.after(minutes(again)) == [ASH, DEE, MAX, NIGHT_TEAM]
        assert mail.after(minutes(again + 4)) == []
    with unit_of_work() as work:
        safety_queue.acknowledge(work, work.session.get_one(people.Worker, worker_id(work, DEE)), flag.id, minutes(29))
        work.commit()
    assert mail.after(minutes(30)) == []
    assert mail.after(minutes(300)) == []


def worker_id(work: Work, email: str) -> str:
    return work.session.scalars(select(people.Worker.id).where(people.Worker.email == email)).one()


def test_every_step_is_a_line_in_the_flags_history_and_a_row_for_each_address(night_team: str) -> None:
    flag, mail = raised(), Mailbox()
    for minute in (0, 5, 10, 15):
        mail.after(minutes(minute))
    with unit_of_work() as work:
        events = [event.what for event in work.session.scalars(select(Event).where(Event.about_id == flag.id).order_by(Event.id))]
        assert events == ["alert_managers", "alert_last", "alert_again"]
        dee = work.session.get_one(people.Worker, worker_id(work, DEE))
        alerts = safety_queue.read_flag(work, dee, flag.id, minutes(16)).alerts
        assert [(row.step, row.address) for row in alerts][:4] == [(0, ASH), (0, DEE), (1, MAX), (2, NIGHT_TEAM)]
        assert all(row.delivered_at for row in alerts)


def test_serious_harm_goes_up_at_the_end_of_the_day_and_an_hour_later(night_team: str) -> None:
    raised(severity=Severity.S2)
    mail = Mailbox()
    end_of_day = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
    assert mail.after(NOW) == [ASH, DEE]
    assert mail.after(end_of_day - timedelta(minutes=1)) == []
    assert mail.after(end_of_day) == [MAX]
    assert mail.after(end_of_day + timedelta(hours=1)) == [NIGHT_TEAM]
    assert mail.after(end_of_day + timedelta(days=3)) == []


def test_over_easter_serious_harm_does_not_wait_for_tuesday(night_team: str) -> None:
    good_friday = datetime(2026, 4, 3, 9, 0, tzinfo=timezone.utc)
    raised(severity=Severity.S2, now=good_friday)
    mail = Mailbox()
    mail.after(good_friday)
    assert mail.after(good_friday + timedelta(hours=4)) == [MAX]
    assert mail.after(good_friday + timedelta(hours=5)) == [NIGHT_TEAM]


def test_over_easter_a_concern_waits_for_tuesday_and_then_asks_quietly(night_team: str) -> None:
    thursday_evening = datetime(2026, 4, 2, 18, 0, tzinfo=timezone.utc)
    raised(severity=Severity.S3, now=thursday_evening)
    mail = Mailbox()
    for hours in (0, 24, 48, 72, 96):
        assert mail.after(thursday_evening + timedelta(hours=hours)) == []
    tuesday_at_three = datetime(2026, 4, 7, 14, 0, tzinfo=timezone.utc)
    assert mail.after(tuesday_at_three - timedelta(minutes=1)) == []
    assert mail.after(tuesday_at_three) == [ASH, DEE]
    assert mail.after(tuesday_at_three + timedelta(hours=2)) == [MAX]
    assert mail.after(tuesday_at_three + timedelta(days=30)) == []
    with unit_of_work(write=False) as work:
        assert {row.kind for row in work.session.scalars(select(OutboxRow))} == {escalation.WAITING}


def test_in_the_night_the_clocks_go_back_five_minutes_stay_five_minutes(night_team: str) -> None:
    before = datetime(2026, 10, 25, 0, 58, tzinfo=timezone.utc)
    raised(now=before)
    mail = Mailbox()
    mail.after(before)
    assert mail.after(before + timedelta(minutes=4)) == []
    assert mail.after(before + timedelta(minutes=5)) == [MAX]
    assert mail.after(before + timedelta(minutes=10)) == [NIGHT_TEAM]
    assert mail.after(before + timedelta(minutes=65)) == [ASH, DEE, MAX, NIGHT_TEAM]


def test_a_concern_that_was_taken_on_asks_for_nothing_more(installation: Engine) -> None:
    flag, mail = raised(severity=Severity.S4), Mailbox()
    with unit_of_work() as work:
        safety_queue.acknowledge(work, work.session.get_one(people.Worker, worker_id(work, DEE)), flag.id, NOW)
        work.commit()
    assert mail.after(NOW + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("text", "about", "never"),
    [
        ("max oakapple hit me", (), MAX),
        ("dee brightwater hit me", (), DEE),
        ("my social worker hit me", ("social_worker",), ASH),
    ],
)
def test_nobody_whom_the_flag_names_ever_hears_of_it(night_team: str, text: str, about: tuple[str, ...], never: str) -> None:
    raised(text, about=about)
    mail = Mailbox()
    heard = {address for minute in range(0, 60, 5) for address in mail.after(minutes(minute))}
    assert never not in heard
    assert heard == {ASH, DEE, MAX, NIGHT_TEAM} - {never}


def test_with_the_only_manager_named_the_alert_goes_to_the_last_address_at_once(night_team: str) -> None:
    raised("max oakapple hit me")
    mail = Mailbox()
    mail.after(NOW)
    assert mail.after(minutes(5)) == [NIGHT_TEAM]


@pytest.mark.parametrize("setting", ["duty_mail", "out_of_hours_mail"])
def test_an_address_of_the_settings_that_is_the_accuseds_own_is_passed_over(
    installation: Engine, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setattr(settings(), setting, "Dee@Example.org")
    raised("dee brightwater hit me")
    mail = Mailbox()
    heard = {address.casefold() for minute in range(0, 30, 5) for address in mail.after(minutes(minute))}
    assert heard == {ASH, MAX}


def test_who_is_named_by_a_colleague_later_gets_nothing_that_had_not_gone_out(night_team: str) -> None:
    flag, mail = raised("the tall one hit me"), Mailbox(away=[MAX])
    mail.after(NOW)
    mail.after(minutes(5))
    with unit_of_work() as work:
        dee = work.session.get_one(people.Worker, worker_id(work, DEE))
        safety_queue.name_worker(work, dee, flag.id, worker_id(work, MAX), minutes(6))
        work.commit()
    mail.away = ()
    assert MAX not in {address for minute in range(7, 60) for address in mail.after(minutes(minute))}


def test_a_post_that_was_away_does_not_make_up_for_what_it_missed(night_team: str) -> None:
    raised()
    mail = Mailbox()
    assert mail.after(minutes(120)) == sorted([ASH, DEE, MAX, NIGHT_TEAM])


def test_an_alert_that_cannot_be_delivered_is_tried_anew_and_does_not_pile_up(night_team: str) -> None:
    flag, mail = raised(), Mailbox(away=[MAX, NIGHT_TEAM])
    for minute in range(0, 121, 5):
        mail.after(minutes(minute))
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(OutboxRow).where(OutboxRow.about_id == flag.id, OutboxRow.delivered_at.is_(None))).all()
        assert sorted(row.address for row in rows) == [MAX, NIGHT_TEAM]
        # at least at every repeat, not only as slowly as other mail
        assert all(row.tries >= 20 for row in rows)
    mail.away = ()
    assert set(mail.after(minutes(125))) == {ASH, DEE, MAX, NIGHT_TEAM}


def test_what_only_asked_for_somebody_is_stood_down_once_there_is_somebody(night_team: str, monkeypatch: pytest.MonkeyPatch) -> None:
    flag, mail = raised(), Mailbox(away=[ASH, MAX])
    mail.after(NOW)
    mail.after(minutes(5))
    with unit_of_work() as work:
        safety_queue.acknowledge(work, work.session.get_one(people.Worker, worker_id(work, DEE)), flag.id, minutes(6))
        work.commit()
    mail.away = ()
    # the young person's own worker still hears of it; the manager needs not any more
    assert mail.after(minutes(7)) == [ASH]
    with unit_of_work(write=False) as work:
        stood_down = work.session.scalars(select(OutboxRow).where(OutboxRow.address == MAX)).one()
        assert (stood_down.delivered_at, stood_down.next_try_at) == (None, None)
        assert stood_down.fault == "ConnectionRefusedError"
    # and what was stood down does not say for ever that mail does not work
    monkeypatch.setattr(settings(), "smtp_host", "mail.example")
    with unit_of_work() as work:
        outbox.beat(work, "post", minutes(60))
        assert outbox.is_working(work, minutes(60))


def test_when_everybody_is_named_the_history_says_that_there_was_nobody(installation: Engine) -> None:
    flag = raised("ash and priya and max oakapple and dee brightwater")
    mail = Mailbox()
    assert [mail.after(minutes(minute)) for minute in (0, 5, 10)] == [[], [], []]
    with unit_of_work(write=False) as work:
        events = [event.what for event in work.session.scalars(select(Event).where(Event.about_id == flag.id))]
        assert events == [escalation.NOBODY] * 2


def test_without_a_last_address_everybody_is_alerted_again(installation: Engine) -> None:
    raised(severity=Severity.S1)
    mail = Mailbox()
    mail.after(NOW)
    mail.after(minutes(5))
    assert mail.after(minutes(10)) == [ASH, DEE, MAX]


def test_of_two_posts_at_once_one_climbs(night_team: str, installation: Engine) -> None:
    flag = raised()
    with unit_of_work() as first:
        escalation.climb(first, flag.id, minutes(5))
        if installation.dialect.name == "postgresql":
            with unit_of_work() as second:
                escalation.climb(second, flag.id, minutes(5))
                second.commit()
        first.commit()
    with unit_of_work() as third:
        escalation.climb(third, flag.id, minutes(5))
        third.commit()
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(OutboxRow).where(OutboxRow.kind == escalation.OVERDUE)).all()
        assert [(row.address, row.step) for row in rows] == [(MAX, 1)]


@pytest.mark.parametrize("level", [Level.urgent, Level.check])
def test_every_flag_is_alerted_or_seen_to_have_failed(installation: Engine, level: Level) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        ids = {people.flagged(work, conversation, f"number {number}", level=level).id for number in range(12)}
        work.commit()
    mail = Mailbox(away=[DEE])
    for days in range(0, 10):
        mail.after(NOW + timedelta(days=days))
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(OutboxRow)).all()
    assert {row.about_id for row in rows} == ids
    assert all(row.delivered_at or (row.fault and row.next_try_at) for row in rows if row.tries)
    assert len({(row.kind, row.about_id, row.address, row.step) for row in rows}) == len(rows)
