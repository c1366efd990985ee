"""The actions, as Rasa calls them: a whole pathway, controls, and the same message played twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import Engine, func, select

from actions.doing import SaysoAction, knowledge
from actions.finishing import FinishPathway
from actions.hearing import Hear
from actions.opening import OpenPathway
from actions.pathway_form import AskAnswer, ValidatePathwayForm
from records import conversations, drafts, messages
from records.database import unit_of_work
from records.tables import Answer, Conversation, Message, Statement, StatementVersion
from tests.conftest import NOW
from tests.records.test_messages import CALM
from voice.messages import Bubble
from voice.pathways.model import OPENING
from voice.wording import Style


class Talk:
    """Plays Rasa and the gateway: keeps a message, calls the actions a turn would call, keeps what they say."""

    def __init__(self, style: Style = Style.standard) -> None:
        with unit_of_work() as work:
            conversation = conversations.add(work, style=style, mode="alone", young_person_id=None, now=NOW)
            messages.say(work, conversation, knowledge().speech.hello(style, "alone"), NOW)
            work.commit()
            self.conversation_id, self.sender = conversation.id, conversation.sender
        self.in_form = False
        self.count = 0
        self.events: list[dict[str, Any]] = []

    def says(self, text: str, intent: str = "nlu_fallback", confidence: float = 0.99) -> list[Bubble]:
        return self._turn(self._keep(text, ()), intent, confidence, None)

    def presses(self, *payloads: str) -> list[Bubble]:
        message_id = self._keep(None, payloads)
        first, *more = payloads
        return self._turn(message_id, "choose", 1.0, ",".join([first, *(payload.partition(":")[2] for payload in more)]))

    def replays(self) -> list[Bubble]:
        return self._turn(*self._last)

    def _keep(self, text: str | None, payloads: Sequence[str]) -> str:
        self.count += 1
        with unit_of_work() as work:
            conversation = work.session.get_one(Conversation, self.conversation_id)
            picked = [self._button(work, payload) for payload in payloads]
            received = messages.receive(
                work, conversation, client_id=f"client-{self.count}", text=text, picked=picked, screen=CALM, now=NOW
            )
            work.commit()
            return received.message.id

    def _button(self, work: Any, payload: str) -> str:
        question = messages.open_question(work, self.conversation_id)
        rows = [question] if question else []
        rows += work.session.scalars(select(Message).where(Message.stays_open.is_(True), Message.open.is_(True))).all()
        for row in rows:
            for button in ((row.extras or {}).get("choices") or []) + ((row.extras or {}).get("controls") or []):
                if button["payload"] == payload:
                    return str(button["id"])
        raise AssertionError(f"there is no button {payload}")

    def _turn(self, message_id: str, intent: str, confidence: float, choice: str | None) -> list[Bubble]:
        self._last = (message_id, intent, confidence, choice)
        was_in_form = self.in_form
        said: list[Bubble] = []
        if self.in_form:
            events = self._call(ValidatePathwayForm(), said, requested="answer")
            if events[0]["value"] is None:
                self._call(AskAnswer(), said)
            else:
                self.in_form = False
                self._call(FinishPathway(), said)
        else:
            events = self._call(OpenPathway() if intent in ("choose", "affirm") else Hear(), said)
            if events:
                self.in_form = True
                self._call(ValidatePathwayForm(), said, requested=None)
                self._call(AskAnswer(), said)
        self._was_in_form = was_in_form
        with unit_of_work() as work:
            message = work.session.get_one(Message, message_id)
            if message.state != "done":
                messages.say(work, work.session.get_one(Conversation, self.conversation_id), said, NOW, answers=message)
                message.state = "done"
                work.commit()
        return said

    def dies_before_answering(self, text: str) -> list[Bubble]:
        """The validator ran, then everything was killed: Rasa's state is the old one and the message comes again."""
        self._last = (self._keep(text, ()), "nlu_fallback", 0.99, None)
        self._call(ValidatePathwayForm(), [], requested="answer")
        return self.replays()

    def _call(self, action: SaysoAction, said: list[Bubble], requested: str | None = None) -> list[dict[str, Any]]:
        message_id, intent, confidence, choice = self._last
        latest = {
            "text": "cut by Rasa",
            "message_id": message_id,
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": "choice", "value": choice}] if choice else [],
        }
        tracker = Tracker(self.sender, {"requested_slot": requested}, latest, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        said += [Bubble.from_plain(message["sayso"]) for message in dispatcher.messages]
        return list(events)


def texts(bubbles: Sequence[Bubble]) -> str:
    return "\n".join(bubble.text for bubble in bubbles)


def payloads(bubbles: Sequence[Bubble]) -> list[str]:
    return [button.payload for bubble in bubbles for button in (*bubble.choices, *bubble.controls)]


def to_the_end(talk: Talk, *, change: str = "I want a later bedtime") -> list[Bubble]:
    talk.presses("open:change")
    talk.says(change)
    while True:
        with unit_of_work(write=False) as work:
            place = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one())
        if place.stage == "check":
            break
        if place.asked and place.asked.question == "recipients":
            talk.presses("answer:social_worker", "answer:reviewing_officer")
        elif place.asked and place.asked.question == "hide_from":
            talk.presses("answer:parents")
        elif place.asked and place.asked.question == "wanted":
            talk.says("please ask my carers")
        else:
            talk.presses("control:skip")
    talk.presses("check:right")
    return talk.presses("send:send")


def test_a_pathway_from_the_menu_to_sending_keeps_every_answer_as_it_was_given(installation: Engine) -> None:
    talk = Talk()
    said = to_the_end(talk)
    with unit_of_work(write=False) as work:
        statement = work.session.scalars(select(Statement)).one()
        version = work.session.scalars(select(StatementVersion)).one()
        first = drafts.answers(work, statement)[0]
    assert statement.status == "sent"
    assert statement.recipients == ["social_worker", "reviewing_officer"]
    assert statement.hide_from == ["parents"]
    assert first.verbatim == "I want a later bedtime"
    assert version.wanted == "please ask my carers"
    assert version.body[0]["question_shown"] == knowledge().library.pathways["change"].questions[0].ask.standard
    assert {answer["how"] for answer in version.body} == {"answered", "skipped"}
    assert "{code}" in texts(said)
    assert "open:say_anything" in payloads(said)


def test_changing_what_was_sent_makes_a_second_version_and_leaves_the_first_alone(installation: Engine) -> None:
    talk = Talk()
    to_the_end(talk)
    with unit_of_work(write=False) as work:
        statement_id = work.session.scalars(select(Statement.id)).one()
    talk.presses(f"revise:{statement_id}")
    talk.presses("check:change")
    first = knowledge().library.pathways["change"].questions[0].id
    talk.presses(f"edit:{first}:")
    talk.says("I want to go to bed at nine")
    talk.presses("check:right")
    talk.presses("send:send")
    with unit_of_work(write=False) as work:
        versions = work.session.scalars(select(StatementVersion).order_by(StatementVersion.number)).all()
    assert [version.body[0]["verbatim"] for version in versions] == ["I want a later bedtime", "I want to go to bed at nine"]


def test_just_typing_is_met_with_an_offer_and_the_words_are_carried_in(installation: Engine) -> None:
    talk = Talk()
    words = "my review is on tuesday and i dont want my dad there"
    said = talk.says(words, "prepare_review")
    assert "offer:review" in payloads(said)
    said = talk.presses("offer:review")
    assert words in texts(said)
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Answer.verbatim).where(Answer.question == OPENING)).all() == [words]


def test_a_typed_yes_takes_the_offer(installation: Engine) -> None:
    talk = Talk()
    talk.says("i passed my maths test today", "share_good_news")
    talk.says("yeah", "affirm")
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Statement.pathway)).all() == ["good_news"]


def test_words_nobody_understands_are_offered_to_be_kept_and_sent(installation: Engine) -> None:
    talk = Talk()
    talk.says("the thing with the bins again")
    talk.presses("offer:say_anything")
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Answer.verbatim)).all() == ["the thing with the bins again"]


@pytest.mark.parametrize("style", list(Style))
def test_every_control_answers_and_asks_the_same_question_again(installation: Engine, style: Style) -> None:
    talk = Talk(style)
    first = talk.presses("open:change")[-1]
    for control in ("who_sees", "meaning", "advocate"):
        said = talk.presses(f"control:{control}")
        assert len(said) > 1
        assert said[-1].text == first.text


def test_a_control_can_be_typed_the_way_a_child_types_it(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    talk.says("idk")
    with unit_of_work(write=False) as work:
        answer = work.session.scalars(select(Answer)).one()
    assert (answer.how, answer.verbatim) == ("dont_know", "idk")


def test_an_answer_taken_for_a_control_can_be_kept_as_the_answer(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    said = talk.says("who reads my file", "ask_who_sees")
    (button,) = [payload for payload in payloads(said) if payload.startswith("put:")]
    talk.presses(button)
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Answer.verbatim)).all() == ["who reads my file"]


def test_going_back_asks_the_question_before_and_a_new_answer_replaces_the_old_one(installation: Engine) -> None:
    talk = Talk()
    first = talk.presses("open:change")[-1]
    talk.says("my room")
    said = talk.presses("control:back")
    assert said[-1].text == first.text
    talk.says("my school")
    with unit_of_work(write=False) as work:
        statement = work.session.scalars(select(Statement)).one()
        assert [answer.verbatim for answer in drafts.answers(work, statement)] == ["my school"]
        assert work.session.scalar(select(func.count()).select_from(Answer)) == 2


def test_stopping_keeps_the_draft_and_the_menu_leads_back_to_it(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    question = talk.says("my room")[-1]
    said = talk.presses("control:stop")
    (resume,) = [payload for payload in payloads(said) if payload.startswith("resume:")]
    assert talk.presses(resume)[-1].text == question.text


def test_opening_a_pathway_that_was_begun_asks_whether_to_carry_on(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    talk.says("my room")
    talk.presses("control:stop")
    said = talk.presses("open:change")
    assert {payload.partition(":")[0] for payload in payloads(said)} == {"resume", "fresh"}


def test_two_bubbles_typed_under_one_question_are_one_answer(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, talk.conversation_id)
        for number, words in enumerate(("my nan", "and grandad"), 1):
            messages.receive(work, conversation, client_id=f"double-{number}", text=words, picked=(), screen=CALM, now=NOW)
        work.commit()
        ids = [message.id for message in messages.unanswered(work, conversation.id)]
    for message_id in ids:
        talk._turn(message_id, "nlu_fallback", 0.99, None)
    with unit_of_work(write=False) as work:
        statement = work.session.scalars(select(Statement)).one()
        assert [answer.verbatim for answer in drafts.answers(work, statement)] == ["my nan\nand grandad"]


def test_the_same_message_played_twice_is_kept_once_and_answered_the_same(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    said = talk.dies_before_answering("my room")
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Answer)) == 1
    assert texts(said) == texts(talk.replays())


def test_sending_twice_after_a_crash_makes_one_version(installation: Engine) -> None:
    talk = Talk()
    to_the_end(talk)
    talk.in_form = True
    talk.replays()
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(StatementVersion)) == 1


def test_words_typed_at_the_read_back_are_added_and_not_lost(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:say_anything")
    talk.says("i miss my dog")
    for _ in range(6):
        with unit_of_work(write=False) as work:
            stage = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one()).stage
        if stage == "check":
            break
        talk.presses("control:skip")
    said = talk.says("and i want to see him")
    assert "and i want to see him" in texts(said)


def test_deleting_a_draft_removes_the_words_everywhere(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:say_anything")
    talk.says("please forget this")
    while True:
        with unit_of_work(write=False) as work:
            stage = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one()).stage
        if stage == "check":
            break
        talk.presses("control:skip")
    talk.presses("check:right")
    talk.presses("send:delete")
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Statement)) == 0
        assert not [message for message in work.session.scalars(select(Message)) if "forget this" in message.text]


def test_skipping_everything_sends_nothing(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:say_anything")
    while talk.in_form:
        with unit_of_work(write=False) as work:
            stage = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one()).stage
        talk.presses("check:right" if stage == "check" else "control:skip")
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(StatementVersion)) == 0


def skip_to_the_end(talk: Talk) -> None:
    """Skips what is left and says that the read-back is right."""
    while True:
        with unit_of_work(write=False) as work:
            place = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one())
        if place.stage == "check":
            talk.presses("check:right")
            return
        talk.presses("control:skip" if place.stage == "question" else "carry:enough")


def resumed(said: Sequence[Bubble]) -> str:
    return next(payload for payload in payloads(said) if payload.startswith("resume:"))


def belonging(talk: Talk, pathway: str) -> str:
    with unit_of_work(write=False) as work:
        statement = work.session.scalars(select(Statement).where(Statement.pathway == pathway)).one()
        return " / ".join(message.text for message in messages.of_statement(work, statement.id, 10_000))


def test_what_was_kept_private_in_between_does_not_lie_beside_the_statement_that_was_sent(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    talk.says("words for my worker")
    talk.presses("control:stop")
    talk.presses("open:say_anything")
    talk.says("words for nobody else")
    skip_to_the_end(talk)
    said = talk.presses("send:keep")
    talk.presses(resumed(said))
    skip_to_the_end(talk)
    talk.presses("send:send")
    assert "words for my worker" in belonging(talk, "change")
    assert "words for nobody else" not in belonging(talk, "change")


def test_deleting_an_older_draft_leaves_what_was_sent_since_and_the_reply_to_it(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    talk.says("words to forget")
    talk.presses("control:stop")
    talk.presses("open:say_anything")
    talk.says("words that were sent")
    skip_to_the_end(talk)
    said = talk.presses("send:send")
    with unit_of_work() as work:
        messages.say(work, work.session.get_one(Conversation, talk.conversation_id), [Bubble("A worker's answer.")], NOW)
        work.commit()
    talk.presses(resumed(said))
    skip_to_the_end(talk)
    talk.presses("send:delete")
    with unit_of_work(write=False) as work:
        left = " / ".join(message.text for message in work.session.scalars(select(Message)))
    assert "words to forget" not in left
    assert "words that were sent" in left
    assert "A worker's answer." in left


def test_the_words_that_began_a_pathway_belong_to_it(installation: Engine) -> None:
    talk = Talk()
    talk.says("i want a later bedtime please", "want_change")
    talk.presses("offer:change")
    assert belonging(talk, "change").startswith("i want a later bedtime please")


def the_statement() -> Statement:
    with unit_of_work(write=False) as work:
        return work.session.scalars(select(Statement)).one()


@pytest.mark.parametrize("end", ["keep", "delete", "stop"])
def test_leaving_a_revision_does_not_unsend_what_was_sent(installation: Engine, end: str) -> None:
    talk = Talk()
    to_the_end(talk)
    talk.presses(f"revise:{the_statement().id}")
    if end == "stop":
        said = talk.presses("control:stop")
    else:
        talk.presses("check:right")
        said = talk.presses(f"send:{end}")
    assert the_statement().status == "sent"
    assert "not been sent" not in texts(said)


def test_people_named_in_words_leave_it_to_a_person_to_decide_who_is_meant(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:say_anything")
    talk.says("a thing i want to say")
    while drafts.place_of(the_statement()).stage == "question":
        asked = drafts.place_of(the_statement()).asked
        if asked and asked.question == "recipients":
            talk.says("only jane please")
        elif asked and asked.question == "hide_from":
            talk.says("dont let sarah see it")
        else:
            talk.presses("control:skip")
    talk.presses("check:right")
    talk.presses("send:send")
    assert (the_statement().recipients, the_statement().hide_from) == (["someone_else"], ["someone_else"])
    assert the_statement().owner_id is None


def test_a_button_of_a_question_the_talk_has_left_overwrites_nothing(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:feedback")
    first, second, *_ = knowledge().library.pathways["feedback"].questions
    talk.presses(f"answer:{first.choices[-1].value}")
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, talk.conversation_id)
        picked = [talk._button(work, "control:back"), talk._button(work, f"answer:{second.choices[0].value}")]
        for number, button in enumerate(picked):
            messages.receive(work, conversation, client_id=f"queued-{number}", text=None, picked=[button], screen=CALM, now=NOW)
        work.commit()
        ids = [message.id for message in messages.unanswered(work, conversation.id)]
    talk._turn(ids[0], "choose", 1.0, "control:back")
    talk._turn(ids[1], "choose", 1.0, f"answer:{second.choices[0].value}")
    with unit_of_work(write=False) as work:
        (kept,) = drafts.answers(work, work.session.scalars(select(Statement)).one())
    assert (kept.question, kept.choices[0]["value"]) == (first.id, first.choices[-1].value)


def test_a_pathway_that_lost_its_open_question_goes_on_with_the_next(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    with unit_of_work() as work:
        statement = work.session.scalars(select(Statement)).one()
        statement.asking = {"stage": "question", "asked": ["a_question_of_last_year", None]}
        work.commit()
    said = talk.says("still here")
    assert said[-1].kind == "question"
