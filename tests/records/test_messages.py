"""Keeping what a young person says, and what is said to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import conversations, messages, outbox
from records.database import Work, unit_of_work
from records.errors import ChoiceIsOld, NotSignedIn, UnknownCode
from records.tables import Conversation, Flag, FlagNames, Message, OutboxRow, ScreeningRow, Worker, YoungPerson
from tests.conftest import NOW
from voice.messages import Bubble, Button
from voice.safeguarding.screen import Level, Screening, Severity
from voice.wording import Style


def finds(level: Level, *about: str) -> messages.Reader:
    def read(_text: str, _before: Sequence[str], _question: str | None) -> Screening:
        severity = Severity.S1 if level is Level.urgent else None
        return Screening(level, severity, ("physical_abuse",) if severity else (), (), about, softened=False, unscreened=None)

    return read


CALM = finds(Level.none)


def chat(work: Work, person: str | None = None) -> Conversation:
    return conversations.add(work, style=Style.standard, mode="alone", young_person_id=person, now=NOW)


def typed(
    work: Work, conversation: Conversation, text: str, client_id: str = "client-1", screen: messages.Reader = CALM
) -> messages.Received:
    return messages.receive(work, conversation, client_id=client_id, text=text, picked=(), screen=screen, now=NOW)


QUESTION = Bubble(
    "How is it?",
    kind="question",
    choices=(Button("answer:good", "Good", "happy"), Button("answer:bad", "Bad", "sad", raises="check")),
    controls=(Button("control:skip", "Skip", "skip", name="skip"),),
)


def test_a_message_is_kept_exactly_and_numbered(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        first = typed(work, conversation, "  my nan \n\x00 ", "client-1").message
        second = typed(work, conversation, "and grandad", "client-2").message
        work.commit()
    assert (first.n, second.n) == (1, 2)
    with unit_of_work(write=False) as work:
        assert work.session.get_one(Message, first.id).text == "  my nan \n\x00 "


def test_the_same_id_twice_is_the_same_message(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        first = typed(work, conversation, "hello there")
        again = typed(work, conversation, "hello there")
        work.commit()
        assert again.message.id == first.message.id
        assert (first.fresh, again.fresh) == (True, False)
        assert work.session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_pressed_button_is_kept_as_its_label_with_its_meaning(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        (shown,) = messages.say(work, conversation, [QUESTION], NOW)
        ids = [button["id"] for button in messages.view(shown)["choices"]]
        received = messages.receive(work, conversation, client_id="client-1", text=None, picked=ids[:1], screen=CALM, now=NOW)
        assert received.payloads == ("answer:good",)
        assert received.message.text == "Good"
        assert received.message.asked_n == shown.n


def test_a_button_of_an_older_question_is_refused(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        (old,) = messages.say(work, conversation, [QUESTION], NOW)
        messages.say(work, conversation, [QUESTION], NOW)
        old_id = messages.view(old)["choices"][0]["id"]
        with pytest.raises(ChoiceIsOld):
            messages.receive(work, conversation, client_id="client-1", text=None, picked=[old_id], screen=CALM, now=NOW)


def test_a_button_of_another_chat_is_refused(installation: Engine) -> None:
    with unit_of_work() as work:
        (other,) = messages.say(work, chat(work), [QUESTION], NOW)
        picked, mine = [messages.view(other)["choices"][0]["id"]], chat(work)
        with pytest.raises(ChoiceIsOld):
            messages.receive(work, mine, client_id="client-1", text=None, picked=picked, screen=CALM, now=NOW)


def test_only_one_button_may_be_pressed_where_one_answer_is_asked(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        (shown,) = messages.say(work, conversation, [QUESTION], NOW)
        ids = [button["id"] for button in messages.view(shown)["choices"]]
        with pytest.raises(ChoiceIsOld):
            messages.receive(work, conversation, client_id="client-1", text=None, picked=ids, screen=CALM, now=NOW)


def test_buttons_under_a_reply_stay_until_one_is_pressed(installation: Engine) -> None:
    reply = Bubble("Did it help?", kind="question", choices=(Button("helped:1:yes", "Yes"),), stays_open=True)
    with unit_of_work() as work:
        conversation = chat(work)
        (shown,) = messages.say(work, conversation, [reply], NOW)
        messages.say(work, conversation, [QUESTION], NOW)
        picked = [messages.view(shown)["choices"][0]["id"]]
        messages.receive(work, conversation, client_id="client-1", text=None, picked=picked, screen=CALM, now=NOW)
        with pytest.raises(ChoiceIsOld):
            messages.receive(work, conversation, client_id="client-2", text=None, picked=picked, screen=CALM, now=NOW)


def test_a_button_can_raise_a_flag_without_any_detector(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        (shown,) = messages.say(work, conversation, [QUESTION], NOW)
        bad = messages.view(shown)["choices"][1]["id"]
        received = messages.receive(work, conversation, client_id="client-1", text=None, picked=[bad], screen=CALM, now=NOW)
        assert received.flag is not None
        assert (received.flag.level, received.flag.source) == ("check", "choice")


def test_what_the_page_sees_of_a_button_is_only_an_opaque_id(installation: Engine) -> None:
    with unit_of_work() as work:
        (shown,) = messages.say(work, chat(work), [QUESTION], NOW)
        button = messages.view(shown)["choices"][0]
    assert set(button) == {"id", "label", "picture", "name"}
    assert "good" not in button["id"].lower()


def test_the_return_code_is_shown_to_the_young_person_and_kept_nowhere(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        (shown,) = messages.say(work, conversation, [Bubble("Your code is {code}.", code=True)], NOW)
        assert "{code}" in shown.text
        assert "{code}" not in messages.view(shown)["text"]
        assert messages.view(shown, code=False)["text"] == "Your code is ····."
        code = messages.view(shown)["text"].removeprefix("Your code is ").removesuffix(".")
        assert conversations.resume(work, code, NOW).conversation.id == conversation.id
        with pytest.raises(UnknownCode):
            conversations.resume(work, "BBBB-BBBB-BBBB", NOW)


def test_a_token_that_was_left_opens_nothing(installation: Engine) -> None:
    with unit_of_work() as work:
        entry = conversations.start(work, style=Style.easy, mode="alone", join_code=None, now=NOW)
        assert conversations.of_token(work, entry.token).id == entry.conversation.id
        conversations.leave(work, entry.token, NOW)
        with pytest.raises(NotSignedIn):
            conversations.of_token(work, entry.token)


def worker(work: Work, name: str, role: str = "social_worker") -> Worker:
    row = Worker(email=f"{name.replace(' ', '.').lower()}@example.org", name=name, role=role, password="x", created_at=NOW)
    work.session.add(row)
    work.session.flush()
    return row


def person(work: Work, social_worker: Worker) -> YoungPerson:
    row = YoungPerson(name="Robin Example", identifier="1 May 2012", social_worker_id=social_worker.id, created_at=NOW)
    work.session.add(row)
    work.session.flush()
    return row


def test_a_worrying_message_is_kept_with_its_screening_its_flag_and_its_alerts_at_once(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = worker(work, "Ash Fernwood")
        duty = worker(work, "Dee Uty", "duty")
        conversation = chat(work, person(work, ash).id)
        received = typed(work, conversation, "someone hits me", screen=finds(Level.urgent))
        work.commit()
        assert received.flag is not None
        assert work.session.get_one(ScreeningRow, received.message.id).level == "urgent"
        assert set(work.session.scalars(select(OutboxRow.address))) == {ash.email, duty.email}


def test_on_a_bare_installation_the_manager_is_alerted(installation: Engine) -> None:
    with unit_of_work() as work:
        manager = worker(work, "Max Oakapple", "manager")
        typed(work, chat(work), "someone hits me", screen=finds(Level.urgent))
        assert list(work.session.scalars(select(OutboxRow.address))) == [manager.email]


def test_a_worker_whom_an_earlier_flag_names_is_not_alerted_of_a_later_one(installation: Engine) -> None:
    with unit_of_work() as work:
        ash, duty = worker(work, "Ash Fernwood"), worker(work, "Dee Uty", "duty")
        conversation = chat(work, person(work, ash).id)
        typed(work, conversation, "ash hits me", screen=finds(Level.urgent))
        typed(work, conversation, "it happens at night", "client-2", screen=finds(Level.urgent))
        assert set(work.session.scalars(select(OutboxRow.address))) == {duty.email}


def test_nothing_of_a_message_is_kept_when_the_work_is_not_committed(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        work.commit()
        typed(work, conversation, "someone hits me", screen=finds(Level.urgent))
    with unit_of_work(write=False) as work:
        for table in (Message, ScreeningRow, Flag, OutboxRow):
            assert work.session.scalar(select(func.count()).select_from(table)) == 0


def test_an_alert_does_not_go_to_the_worker_whose_role_is_accused(installation: Engine) -> None:
    with unit_of_work() as work:
        ash, duty = worker(work, "Ash Fernwood"), worker(work, "Dee Uty", "duty")
        conversation = chat(work, person(work, ash).id)
        typed(work, conversation, "my social worker hits me", screen=finds(Level.urgent, "social_worker"))
        assert set(work.session.scalars(select(FlagNames.worker_id))) == {ash.id}
        assert set(work.session.scalars(select(OutboxRow.address))) == {duty.email}


def test_an_alert_does_not_go_to_a_worker_of_theirs_who_is_called_by_first_name(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = worker(work, "Ash Fernwood")
        conversation = chat(work, person(work, ash).id)
        typed(work, conversation, "ASH scares me", screen=finds(Level.urgent))
        assert set(work.session.scalars(select(FlagNames.worker_id))) == {ash.id}


def test_a_stranger_with_the_same_first_name_is_not_hidden_from(installation: Engine) -> None:
    with unit_of_work() as work:
        other = worker(work, "Ash Otherwise", "duty")
        typed(work, chat(work), "ash scares me", screen=finds(Level.urgent))
        typed(work, chat(work), "ash otherwise scares me", "client-2", screen=finds(Level.urgent))
        assert list(work.session.scalars(select(FlagNames.worker_id))) == [other.id]


def test_only_one_holds_the_lease_of_a_chat_until_it_runs_out(installation: Engine) -> None:
    with unit_of_work() as work:
        conversation = chat(work)
        assert conversations.take_lease(conversation, "one", NOW, 10)
        assert not conversations.take_lease(conversation, "two", NOW + timedelta(seconds=9), 10)
        assert conversations.take_lease(conversation, "two", NOW + timedelta(seconds=11), 10)


def test_a_chat_waits_for_an_answer_only_while_nobody_is_at_it(installation: Engine) -> None:
    late = NOW + timedelta(seconds=30)
    with unit_of_work() as work:
        conversation = chat(work)
        typed(work, conversation, "hello")
        assert messages.chats_waiting(work, late, late, 5) == [conversation.id]
        assert messages.chats_waiting(work, NOW - timedelta(seconds=1), late, 5) == []
        conversations.take_lease(conversation, "one", NOW, 10)
        assert messages.chats_waiting(work, late, NOW + timedelta(seconds=9), 5) == []
        # whoever was at it has died
        assert messages.chats_waiting(work, late, NOW + timedelta(seconds=11), 5) == [conversation.id]
        conversations.release_lease(conversation, "one")
        assert messages.chats_waiting(work, late, NOW, 5) == [conversation.id]


def test_an_alert_is_tried_again_later_each_time_and_never_given_up(installation: Engine) -> None:
    with unit_of_work() as work:
        outbox.put(work, kind="flag_raised", about_id="f", address="duty@example.org", now=NOW)
        outbox.put(work, kind="flag_raised", about_id="f", address="duty@example.org", now=NOW)
        (row,) = outbox.due(work, NOW)
        waits = []
        for _ in range(12):
            outbox.failed(row, "ConnectionRefusedError", NOW)
            assert row.next_try_at is not None
            waits.append(row.next_try_at - NOW)
        assert waits == sorted(waits)
        assert waits[-1] == timedelta(minutes=15)
        outbox.delivered(row, NOW)
        assert row.next_try_at is None


def test_a_post_that_was_not_heard_of_for_five_minutes_is_not_relied_on(installation: Engine) -> None:
    with unit_of_work() as work:
        assert not outbox.post_is_alive(work, NOW)
        outbox.beat(work, "post", NOW)
        work.session.flush()
        assert outbox.post_is_alive(work, NOW + timedelta(minutes=4))
        assert not outbox.post_is_alive(work, NOW + timedelta(minutes=6))
