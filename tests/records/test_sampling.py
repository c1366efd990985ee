"""The weekly sample: only from what was sent, only for those who may read it, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, delete, select

from records import drafts, flags, outbox, sampling
from records.database import Work, unit_of_work
from records.errors import NotFound, NothingWritten, Stale
from records.lessons import lessons
from records.routing import decide_access_of_chat
from records.safety_queue import act, close, open_flags
from records.settings import settings
from records.statements import read_statement
from records.tables import Event, Flag, FlagNames, Message, OutboxRow, Reading, SampleItem, SampleWeek, ScreeningRow, Worker
from tests.conftest import NOW
from tests.desk import people
from voice.safeguarding.screen import Level

LAST_WEEK = datetime(2026, 11, 18, 10, 0, tzinfo=timezone.utc)
"""The Wednesday before NOW, which is a Tuesday."""


def drawn(work: Work, now: datetime = NOW) -> list[str]:
    """Draws; the words of the messages that were drawn."""
    outbox.beat(work, "post", now)
    week = sampling.draw(work, now, "chance")
    assert week is not None
    messages = select(Message.text).join(SampleItem, SampleItem.message_id == Message.id).where(SampleItem.week_id == week.id)
    return sorted(work.session.scalars(messages))


def one_item(work: Work, team: people.Team, words: str = "i want to see my nan", **how: object) -> SampleItem:
    """The item of one message that was sent and drawn."""
    people.sent(work, people.chat(work, team.robin), words=words, now=LAST_WEEK, **how)  # type: ignore[arg-type]
    drawn(work)
    return work.session.scalars(select(SampleItem).join(Message, Message.id == SampleItem.message_id).where(Message.n == 2)).one()


def test_only_typed_words_that_were_sent_and_not_flagged_are_drawn(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        people.sent(work, people.chat(work, team.robin), words="sent", now=LAST_WEEK)
        people.draft(work, people.chat(work, team.robin), "only a draft", now=LAST_WEEK)
        kept = people.draft(work, people.chat(work, team.robin), "kept for myself", now=LAST_WEEK)
        drafts.keep(work, kept)
        loose = people.chat(work, team.robin)
        people.says(work, loose, "never in any statement", now=LAST_WEEK)
        people.flagged(work, loose, "flagged already", level=Level.check, now=LAST_WEEK)
        assert drawn(work) == ["every other week please", "sent"]


def test_what_was_flagged_inside_a_statement_is_not_drawn(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        people.draft(work, conversation, "fine", now=LAST_WEEK)
        people.flagged(work, conversation, "he hit me", level=Level.check, now=LAST_WEEK)
        statement = drafts.active(work, conversation.id)
        assert statement is not None
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LAST_WEEK)
        assert drawn(work) == ["every other week please", "fine"]


def test_what_was_said_after_sending_is_not_drawn_before_it_is_sent_too(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation, words="first", now=LAST_WEEK)
        drafts.pick_up(work, statement)
        people.says(work, conversation, "a change nobody sent yet", now=LAST_WEEK)
        assert drawn(work) == ["every other week please", "first"]
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=NOW)
        assert drawn(work, NOW + timedelta(days=7)) == ["a change nobody sent yet"]


def test_a_week_is_drawn_from_once_and_from_monday_to_monday(installation: Engine) -> None:
    monday = datetime(2026, 11, 23, tzinfo=timezone.utc)
    with unit_of_work() as work:
        team = people.team(work)
        people.sent(work, people.chat(work, team.robin), words="on sunday", now=monday - timedelta(minutes=1))
        people.sent(work, people.chat(work, team.robin), words="on monday", now=monday)
        assert "on sunday" in drawn(work)
        assert not sampling.is_due(work, NOW)
        assert sampling.draw(work, NOW, "chance") is None
        assert not sampling.is_due(work, monday + timedelta(days=6, hours=23))
        assert "on monday" in drawn(work, monday + timedelta(days=7))


def test_after_a_long_silence_nothing_that_was_sent_is_left_out(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        drawn(work)
        people.sent(work, people.chat(work, team.robin), words="while the post was away", now=NOW + timedelta(days=3))
        assert "while the post was away" in drawn(work, NOW + timedelta(days=30))


def test_the_weeks_begin_at_midnight_in_england_when_the_clocks_change_too(installation: Engine) -> None:
    with unit_of_work() as work:
        outbox.beat(work, "post", NOW)
        summer_ends = sampling.draw(work, datetime(2026, 10, 27, 12, tzinfo=timezone.utc), "chance")
        assert summer_ends is not None
        assert summer_ends.from_at == datetime(2026, 10, 18, 23, tzinfo=timezone.utc)
        assert summer_ends.to_at == datetime(2026, 10, 26, tzinfo=timezone.utc)


def test_the_kept_seed_draws_the_same_again(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "sample_at_least", 3)
    with unit_of_work() as work:
        team = people.team(work)
        for number in range(10):
            people.sent(work, people.chat(work, team.robin), words=f"words {number}", now=LAST_WEEK + timedelta(minutes=number))
        first = drawn(work)
        assert len(first) == 3
        week = work.session.scalars(select(SampleWeek)).one()
        assert (week.seed, week.among) == ("2026-W48 chance", 20)
        work.session.execute(delete(SampleItem))
        work.session.execute(delete(SampleWeek))
        assert drawn(work) == first


def test_what_the_screening_never_read_is_drawn_every_time_and_is_no_part_of_the_sum(
    installation: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sample_at_least", 1)
    monkeypatch.setattr(settings(), "sample_percent", 0)
    with unit_of_work() as work:
        team = people.team(work)
        people.sent(work, people.chat(work, team.robin), words="unread", now=LAST_WEEK)
        unread = work.session.scalars(select(Message).where(Message.n == 2)).one()
        work.session.execute(delete(ScreeningRow).where(ScreeningRow.message_id == unread.id))
        assert drawn(work) == ["every other week please", "unread"]
        for item in sampling.to_read(work, team.dee):
            sampling.say_fine(work, team.dee, item.id, NOW)
        assert sampling.rate(work, team.dee).read == 1


def test_duty_is_told_by_mail_that_a_sample_waits_and_not_of_an_empty_one(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        drawn(work, NOW - timedelta(days=7))
        people.sent(work, people.chat(work, team.robin), now=LAST_WEEK)
        drawn(work)
        rows = work.session.scalars(select(OutboxRow).where(OutboxRow.kind == sampling.DRAWN)).all()
        assert [row.address for row in rows] == [team.dee.email]


def may_read(work: Work, worker: Worker, item: SampleItem) -> bool:
    listed = item.id in {one.id for one in sampling.to_read(work, worker)}
    try:
        sampling.read(work, worker, item.id, NOW)
    except NotFound:
        assert not listed
        return False
    assert listed
    return True


def test_only_those_on_duty_who_may_read_the_statement_may_read_it_here(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team)
        assert [may_read(work, one, item) for one in (team.ash, team.mo, team.priya)] == [False] * 3
        assert [may_read(work, one, item) for one in (team.dee, team.max)] == [True] * 2
        flag = people.flagged(work, work.session.scalars(select(people.Conversation)).one(), "something else")
        work.session.add(FlagNames(flag_id=flag.id, worker_id=team.dee.id, reason="worker"))
        decide_access_of_chat(work, flag.conversation_id)
        assert [may_read(work, one, item) for one in (team.dee, team.max)] == [False, True]


def test_nobody_judges_what_is_said_about_themselves(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team, "dee brightwater gives me sweets and says dont tell")
        assert not may_read(work, team.dee, item)
        assert may_read(work, team.max, item)
        with pytest.raises(NotFound):
            sampling.say_fine(work, team.dee, item.id, NOW)


def test_what_nobody_on_duty_may_read_is_not_drawn(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        team.dee.active = team.max.active = False
        people.sent(work, people.chat(work, team.robin), now=LAST_WEEK)
        assert drawn(work) == []


def test_each_reading_is_logged_first_and_stands_with_the_statement(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team)
        view = sampling.read(work, team.dee, item.id, NOW)
        assert [message.text for message in view.messages] == ["i want to see my nan"]
        statement_id = view.message.statement_id
        assert statement_id is not None
        readings = read_statement(work, team.max, statement_id, NOW).readings
        assert [(row.worker_id, row.about) for row in readings] == [(team.dee.id, "statement"), (team.max.id, "statement")]
    with unit_of_work() as work:
        # a look at the sample is no reading that the young person is told of
        assert work.session.scalars(select(people.Statement.status)).one() == "sent"


def test_only_two_of_their_messages_before_it_are_shown_and_only_of_this_statement(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        people.says(work, conversation, "from before", now=LAST_WEEK)
        people.draft(work, conversation, "one", now=LAST_WEEK)
        for text in ("three", "four"):
            people.says(work, conversation, text, now=LAST_WEEK)
        statement = drafts.active(work, conversation.id)
        assert statement is not None
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LAST_WEEK)
        drawn(work)
        last = work.session.scalars(select(Message).where(Message.n == conversation.next_n - 1)).one()
        item = work.session.scalars(select(SampleItem).where(SampleItem.message_id == last.id)).one()
        shown = [message.text for message in sampling.read(work, team.dee, item.id, NOW).messages if message.said_by == "me"]
        assert shown == ["every other week please", "three", "four"]


def test_a_miss_raises_a_flag_with_its_clock_and_alerts_and_counts(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team, "i stay at my mates")
        sampling.say_missed(work, team.max, item.id, severity="S2", category="missing", meant=None, now=NOW)
        flag = work.session.scalars(select(Flag)).one()
        assert (flag.source, flag.level, flag.severity, flag.categories) == ("sample", "urgent", "S2", ["missing"])
        assert (flag.raised_at, flag.due_at) == (NOW, NOW + timedelta(hours=1))
        alerts = work.session.scalars(select(OutboxRow).where(OutboxRow.about_id == flag.id)).all()
        assert {row.address for row in alerts} == {team.ash.email, team.dee.email}
        assert [entry.flag.id for entry in open_flags(work, team.ash)] == [flag.id]
        assert (item.verdict, item.flag_id, item.judged_by) == ("missed", flag.id, team.max.id)
        other = next(one for one in sampling.to_read(work, team.dee))
        sampling.say_fine(work, team.dee, other.id, NOW)
        rate = sampling.rate(work, team.dee)
        assert (rate.read, rate.missed) == (2, 1)
        assert [(one.size, one.read, one.missed) for one in sampling.weeks(work, team.dee)] == [(2, 2, 1)]
        events = [event.what for event in work.session.scalars(select(Event).where(Event.what.startswith("sample")))]
        assert sorted(events) == ["sample_fine", "sample_missed", "sample_raised"]


def test_a_miss_makes_the_young_persons_next_card_no_shorter(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team, "i stay at my mates")
        sampling.say_missed(work, team.max, item.id, severity="S2", category="missing", meant=None, now=NOW)
        conversation = work.session.scalars(select(people.Conversation)).one()
        flag = people.flagged(work, conversation, "i am leaving", category="missing", now=NOW)
        assert not flags.shown_lately(work, conversation.id, flag, NOW - timedelta(minutes=10))


def test_who_is_meant_by_a_miss_never_hears_of_it_not_even_in_a_figure(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team, "the tall one frightens me")
        sampling.say_missed(work, team.max, item.id, severity="S1", category="allegation", meant=team.dee.id, now=NOW)
        alerts = work.session.scalars(select(OutboxRow).where(OutboxRow.kind == "flag_raised")).all()
        assert team.dee.email not in {row.address for row in alerts}
        assert open_flags(work, team.dee) == []
        assert sampling.rate(work, team.dee).missed == lessons(work, team.dee, NOW).missed == 0
        assert sampling.rate(work, team.max).missed == lessons(work, team.max, NOW).missed == 1


def test_a_verdict_is_given_once(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team)
        sampling.say_fine(work, team.dee, item.id, NOW)
        with pytest.raises(Stale):
            sampling.say_missed(work, team.max, item.id, severity="S3", category="bullying", meant=None, now=NOW)
        with pytest.raises(Stale):
            sampling.say_fine(work, team.dee, item.id, NOW)
        assert list(work.session.scalars(select(Flag))) == []


@pytest.mark.parametrize(
    ("severity", "category", "what"), [("", "missing", "severity"), ("S5", "missing", "severity"), ("S1", "", "category")]
)
def test_a_miss_says_what_and_how_serious(installation: Engine, severity: str, category: str, what: str) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team)
        with pytest.raises(NothingWritten, match=what):
            sampling.say_missed(work, team.dee, item.id, severity=severity, category=category, meant=None, now=NOW)
        assert item.verdict is None


def test_false_alarms_are_counted_by_category_and_rule_for_those_who_may_know_of_them(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        for number, ended in enumerate(("false_alarm", "false_alarm", "safe")):
            conversation = people.chat(work, team.robin)
            flag = people.flagged(work, conversation, f"game {number}", families=("physical_abuse.hit", "peer_harm.fight"))
            act(work, team.dee, flag.id, "spoke_to_child", "", NOW, token="t")
            close(work, team.dee, flag.id, "A game.", NOW, ended=ended)
        about_dee = people.flagged(work, people.chat(work), "dee brightwater")
        close(work, team.max, about_dee.id, "No.", NOW, ended="false_alarm")
        found = lessons(work, team.dee, NOW)
        assert (found.closed, found.false_alarms, found.missed) == (3, 2, 0)
        assert [(one.name, one.false_alarms, one.closed) for one in found.categories] == [("physical_abuse", 2, 3)]
        assert {(one.name, one.false_alarms, one.closed) for one in found.families} == {
            ("physical_abuse.hit", 2, 3),
            ("peer_harm.fight", 2, 3),
        }
        assert lessons(work, team.max, NOW).false_alarms == 3
        assert lessons(work, team.dee, NOW + timedelta(days=91)).closed == 0


def test_a_refused_look_leaves_no_reading(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        item = one_item(work, team)
        for item_id in (item.id, "nothing"):
            with pytest.raises(NotFound):
                sampling.read(work, team.ash, item_id, NOW)
        assert list(work.session.scalars(select(Reading))) == []
