"""What workers do with a statement: replies, notes, giving it on, done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import answering, drafts, messages, replies
from records.database import unit_of_work
from records.errors import CannotBeGiven, NoReplyYet, NotFound, NothingWritten, Stale
from records.statements import read_statement, stamp, who_can_have
from records.tables import Event, Message, Note, OutboxRow, Reply
from tests.conftest import NOW
from tests.desk import people
from voice.wording import Style

LATER = NOW + timedelta(hours=3)


def test_a_reply_is_in_the_chat_word_for_word_with_the_question_whether_it_helped(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin, Style.easy)
        statement = people.sent(work, conversation)
        before = conversation.next_n
        words = "Hi Robin.\n\nYes! <i>Every</i> {other} week."
        reply = answering.reply(work, team.ash, statement.id, words, LATER, token="f")
        intro, bubble, question = messages.transcript(work, conversation.id, after=before - 1)
        assert "Ash Fernwood" in intro.text
        assert (bubble.said_by, bubble.worker_id, bubble.text, bubble.id) == ("worker", team.ash.id, words, reply.message_id)
        assert messages.payloads_open(question) == tuple(f"helped:{reply.id}:{value}" for value in ("yes", "bit", "no"))
        assert question.open
        assert question.stays_open
        assert (statement.status, statement.replied_at, reply.text) == ("replied", LATER, words)
        replies.note_helped(work, conversation.id, reply.id, "bit", LATER)
        assert read_statement(work, team.ash, statement.id, LATER).replies[0].helped == "bit"


def test_a_reply_leaves_the_question_of_another_talk_open(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        people.draft(work, conversation)
        open_before = messages.open_question(work, conversation.id)
        answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="f")
        assert open_before is not None
        assert messages.open_question(work, conversation.id) is open_before


def test_the_same_form_sent_twice_makes_one_reply_and_one_note(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        seen = stamp(work, statement)
        first = answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="form", seen=seen)
        assert answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="form", seen=seen).id == first.id
        answering.add_note(work, team.ash, statement.id, "Rang.", LATER, token="form")
        answering.add_note(work, team.ash, statement.id, "Rang.", LATER, token="form")
        for table in (Reply, Note):
            assert work.session.scalar(select(func.count()).select_from(table)) == 1
        said = work.session.scalar(select(func.count()).select_from(Message).where(Message.said_by == "worker"))
        assert said == 1


def test_the_same_form_sent_five_times_at_once_makes_one_reply(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        seen = stamp(work, statement)
        work.commit()

    def press(_time: int) -> str:
        with unit_of_work() as work:
            made = answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="form", seen=seen)
            work.commit()
        return made.id

    with ThreadPoolExecutor(5) as hands:
        assert len(set(hands.map(press, range(5)))) == 1
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Message).where(Message.said_by == "worker")) == 1


def test_a_reply_on_an_old_page_is_stale_after_a_colleagues_reply_and_after_a_new_version(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation, to=("social_worker", "reviewing_officer"))
        seen = read_statement(work, team.ash, statement.id, NOW).seen
        answering.reply(work, team.priya, statement.id, "I will ask.", LATER, token="hers")
        with pytest.raises(Stale):
            answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="mine", seen=seen)
        seen = read_statement(work, team.ash, statement.id, NOW).seen
        people.answer(work, statement, "free_text", "free_text", "second words", ())
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LATER)
        with pytest.raises(Stale):
            answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="mine", seen=seen)


def test_a_note_and_a_reading_make_no_page_old(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        seen = read_statement(work, team.dee, statement.id, NOW).seen
        answering.add_note(work, team.ash, statement.id, "Rang.", NOW, token="n")
        read_statement(work, team.ash, statement.id, NOW)
        assert answering.reply(work, team.ash, statement.id, "Yes.", LATER, token="f", seen=seen).text == "Yes."


def test_an_empty_reply_or_note_is_refused(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        with pytest.raises(NothingWritten):
            answering.reply(work, team.ash, statement.id, " \n", NOW, token="f")
        with pytest.raises(NothingWritten):
            answering.add_note(work, team.ash, statement.id, "", NOW, token="f")


def test_giving_a_statement_to_somebody_lets_them_read_and_tells_them_by_mail(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work))
        answering.assign(work, team.dee, statement.id, team.mo.id, NOW)
        assert read_statement(work, team.mo, statement.id, NOW).statement is statement
        mails = work.session.scalars(select(OutboxRow.address).where(OutboxRow.about_id == statement.id))
        assert team.mo.email in set(mails)
        event = work.session.scalars(select(Event).where(Event.what == "assigned")).one()
        assert (event.worker_id, event.detail) == (team.dee.id, team.mo.id)


def test_a_statement_is_not_given_to_whom_it_is_kept_from_or_who_left(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation, hide_from=("social_worker",))
        team.priya.active = False
        work.session.flush()
        assert {worker.name for worker in who_can_have(work, statement)} == {"Mo Hollybush", "Dee Brightwater", "Max Oakapple"}
        for worker_id in (team.ash.id, team.priya.id, "nobody"):
            with pytest.raises(CannotBeGiven):
                answering.assign(work, team.dee, statement.id, worker_id, NOW)


def test_done_needs_an_answer_and_can_be_taken_back(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        with pytest.raises(NoReplyYet):
            answering.mark_done(work, team.ash, statement.id, NOW)
        answering.reply(work, team.ash, statement.id, "Yes.", NOW, token="f")
        assert answering.mark_done(work, team.ash, statement.id, LATER).done_at == LATER
        assert answering.mark_done(work, team.ash, statement.id, LATER).status == "done"
        reopened = answering.reopen(work, team.ash, statement.id, LATER)
        assert (reopened.status, reopened.done_at) == ("replied", None)


def test_nothing_can_be_done_with_what_may_not_be_read(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), hide_from=("social_worker",))
        for worker in (team.ash, team.mo):
            for act in (
                lambda who: answering.assign(work, who, statement.id, team.mo.id, NOW),
                lambda who: answering.add_note(work, who, statement.id, "x", NOW, token="f"),
                lambda who: answering.reply(work, who, statement.id, "x", NOW, token="f"),
                lambda who: answering.mark_done(work, who, statement.id, NOW),
                lambda who: answering.reopen(work, who, statement.id, NOW),
            ):
                with pytest.raises(NotFound):
                    act(worker)
