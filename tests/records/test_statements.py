"""The gate to a young person's words, and what workers do with a statement."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import answering, drafts, flags, messages, safety_queue
from records.database import Work, unit_of_work
from records.errors import NotFound
from records.statements import read_statement
from records.tables import Conversation, Message, Reading, Statement, Worker
from tests.conftest import NOW
from tests.desk import people

LATER = NOW + timedelta(hours=3)


def may_read(work: Work, worker: Worker, statement: Statement) -> bool:
    try:
        read_statement(work, worker, statement.id, NOW)
    except NotFound:
        return False
    return True


def readers(work: Work, team: people.Team, statement: Statement) -> set[str]:
    everybody = (team.ash, team.mo, team.priya, team.dee, team.max)
    return {worker.name.split()[0] for worker in everybody if may_read(work, worker, statement)}


def readings(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(Reading)) or 0


@pytest.mark.parametrize(
    ("to", "hide_from", "expected"),
    [
        (("social_worker",), ("nobody",), {"Ash", "Dee", "Max"}),
        (("reviewing_officer",), ("nobody",), {"Priya", "Dee", "Max"}),
        (("social_worker", "reviewing_officer"), ("nobody",), {"Ash", "Priya", "Dee", "Max"}),
        (("social_worker",), ("social_worker",), {"Dee", "Max"}),
        (("social_worker", "reviewing_officer"), ("social_worker", "parents"), {"Priya", "Dee", "Max"}),
        (("someone_else",), ("nobody",), {"Dee", "Max"}),
        (("not_sure",), ("nobody",), {"Ash", "Dee", "Max"}),
    ],
)
def test_who_may_read_follows_the_young_persons_choice(
    installation: Engine, to: tuple[str, ...], hide_from: tuple[str, ...], expected: set[str]
) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), to=to, hide_from=hide_from)
        assert readers(work, team, statement) == expected


def test_a_worker_whom_a_flag_names_cannot_read_whatever_their_role(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        people.flagged(work, conversation, "dee brightwater scares me")
        assert readers(work, team, statement) == {"Ash", "Max"}


def test_somebody_whose_access_ended_reads_nothing(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        team.ash.active = team.dee.active = False
        assert readers(work, team, statement) == {"Max"}


@pytest.mark.parametrize("status", ["draft", "kept", "deleted", "withdrawn"])
def test_what_was_not_sent_is_nobodys_and_leaves_no_reading(installation: Engine, status: str) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.draft(work, people.chat(work, team.robin))
        statement.owner_id, statement.status = team.ash.id, status
        work.session.flush()
        assert readers(work, team, statement) == set()
        assert readings(work) == 0


def test_an_unknown_id_is_the_same_as_a_forbidden_one(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        errors = []
        for worker, statement_id in ((team.mo, statement.id), (team.mo, "nothing"), (team.dee, "nothing")):
            with pytest.raises(NotFound) as refusal:
                read_statement(work, worker, statement_id, NOW)
            errors.append(str(refusal.value))
        assert len(set(errors)) == 1


def test_a_reading_stays_even_when_what_follows_fails(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin))
        work.commit()
    with unit_of_work() as work:
        read_statement(work, team.dee, statement.id, NOW)
        work.session.rollback()
    with unit_of_work(write=False) as work:
        (kept,) = work.session.scalars(select(Reading))
        assert (kept.worker_id, kept.about, kept.about_id, kept.at) == (team.dee.id, "statement", statement.id, NOW)


def test_the_first_reading_by_its_owner_is_told_in_the_chat_once(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        before = conversation.next_n
        read_statement(work, team.ash, statement.id, LATER)
        read_statement(work, team.ash, statement.id, LATER)
        told = messages.transcript(work, conversation.id, after=before - 1)
        assert [(bubble.kind, bubble.said_by) for bubble in told] == [("notice", "bot")]
        assert "Ash Fernwood" in told[0].text
        assert "Tuesday 24 November" in told[0].text
        assert (statement.status, statement.read_at) == ("read", LATER)
        assert readings(work) == 2


def test_a_look_by_duty_does_not_count_as_read(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        before = conversation.next_n
        view = read_statement(work, team.dee, statement.id, NOW)
        assert (statement.status, statement.read_at, conversation.next_n) == ("sent", None, before)
        assert [view.workers[reading.worker_id].name for reading in view.readings] == ["Dee Brightwater"]


def test_the_view_shows_the_lines_with_their_bubbles_and_only_that_part_of_the_chat(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        people.says(work, conversation, "this is before and theirs alone")
        statement = people.sent(work, conversation, words="i want <b>my nan</b> 😀")
        people.says(work, conversation, "this is after and theirs alone")
        view = read_statement(work, team.ash, statement.id, NOW)
        texts = {bubble.n: bubble.text for bubble in view.transcript}
        assert "theirs alone" not in " ".join(texts.values())
        first = view.lines[0]
        assert first.n is not None
        assert (first.verbatim, texts[first.n]) == ("i want <b>my nan</b> 😀",) * 2
        assert [line.save for line in view.lines] == ["free_text", "wanted_outcome", "recipients", "not_in_front_of"]
        assert not view.lines[3].restricts
        assert view.young_person is not None
        assert view.young_person.name == "Robin Example"


def test_an_earlier_version_can_be_looked_at_and_never_changed(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation, words="first words")
        people.answer(work, statement, "free_text", "free_text", "second words", ())
        drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=LATER)
        assert read_statement(work, team.ash, statement.id, LATER).lines[0].verbatim == "second words"
        assert read_statement(work, team.ash, statement.id, LATER, number=1).lines[0].verbatim == "first words"
        with pytest.raises(NotFound):
            read_statement(work, team.ash, statement.id, LATER, number=7)


def test_the_view_hides_flags_from_whoever_may_not_know_of_them(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        people.flagged(work, conversation, "someone hits me")
        assert len(read_statement(work, team.dee, statement.id, NOW).flags) == 1
        answering.assign(work, team.dee, statement.id, team.mo.id, NOW)
        # the new owner is not one of the young person's own workers
        assert read_statement(work, team.mo, statement.id, NOW).flags == []


def test_two_owners_who_open_it_at_once_are_told_of_once(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), to=("social_worker", "reviewing_officer"))
        work.commit()

    def look(worker: Worker) -> None:
        with unit_of_work() as work:
            read_statement(work, worker, statement.id, LATER)

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(look, (team.ash, team.priya, team.ash, team.priya)))
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Message).where(Message.kind == "notice")) == 1
        assert readings(work) == 4


def test_naming_a_worker_takes_their_statement_away(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation)
        flag = people.flagged(work, conversation, "they lock me in")
        assert not flags.names(work, flag.id, team.ash.id)
        safety_queue.name_worker(work, team.dee, flag.id, team.ash.id, NOW)
        assert readers(work, team, statement) == {"Dee", "Max"}
        assert statement.owner_id is None


def test_no_free_text_of_a_worker_or_child_is_kept_unsealed(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        conversation: Conversation = people.chat(work, team.robin)
        statement = people.sent(work, conversation, words="canary one")
        answering.reply(work, team.ash, statement.id, "canary two", NOW, token="f")
        answering.add_note(work, team.ash, statement.id, "canary three", NOW, token="f")
        work.commit()
        for table in ("message", "reply", "note", "answer", "statement_version"):
            rows = work.session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608  names of our own tables
            assert rows
            assert b"canary" not in b"".join(bytes(cell) for row in rows for cell in row if isinstance(cell, (bytes, memoryview)))
            assert "canary" not in str([cell for row in rows for cell in row if isinstance(cell, str)])
