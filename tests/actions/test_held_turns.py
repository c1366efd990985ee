"""What is said twice before the next question is on the screen, and words that come where no question is open."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from records import drafts, messages
from records.database import unit_of_work
from records.tables import Conversation, Message, Statement
from tests.actions.test_actions import Talk, texts
from tests.conftest import NOW
from voice.messages import Bubble, Button
from voice.pathways.walk import Place


class Waiting(Talk):
    """A talk in which several messages are kept before Rasa answers any."""

    def all_at_once(self, *said: str) -> None:
        """Payloads have a colon, all else is typed."""
        ids = [self._keep(None, (one,)) if ":" in one else self._keep(one, ()) for one in said]
        for message_id, one in zip(ids, said, strict=True):
            self._turn(message_id, "choose" if ":" in one else "nlu_fallback", 0.9, one if ":" in one else None)

    def kept(self) -> dict[str, tuple[str | None, str]]:
        """Question → (words, how) of the answers that stand."""
        with unit_of_work(write=False) as work:
            statement = work.session.scalars(select(Statement)).one()
            return {row.question: (row.verbatim, row.how) for row in drafts.answers(work, statement)}

    def goes_to(self, place: Place) -> None:
        """Puts the talk where it is wanted."""
        with unit_of_work() as work:
            work.session.scalars(select(Statement)).one().asking = place.to_plain()
            work.commit()


@pytest.mark.parametrize("control", ["control:skip", "control:dont_know"])
def test_a_skip_pressed_twice_while_rasa_is_away_skips_one_question(installation: Engine, control: str) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    talk.all_at_once(control, control)
    assert list(talk.kept()) == ["free_text"]


def test_idk_typed_after_an_answer_belongs_to_that_answer(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    talk.all_at_once("it is about my nan", "idk")
    assert talk.kept() == {"free_text": ("it is about my nan\nidk", "answered")}


def test_a_typed_skip_is_not_read_back(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    talk.says("my nan is ill")
    for _ in range(4):
        talk.says("skip")
    assert "skip" not in texts(talk.says("skip"))
    assert talk.kept()["wanted"] == ("skip", "skipped")


def test_words_put_in_while_they_are_read_back_are_added(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    talk.says("my nan is ill")
    talk.goes_to(Place("check"))
    message_id = talk._keep("and nobody tells me", ())
    with unit_of_work() as work:
        work.session.get_one(Message, message_id).state = "done"
        work.commit()
    said = talk._turn(talk._keep("x", ()), "choose", 1.0, f"put:{message_id}")
    assert talk.kept()["added_words"] == ("and nobody tells me", "answered")
    assert "and nobody tells me" in texts(said)


def test_the_same_words_put_in_twice_are_one_answer(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    message_id = talk._keep("nobody tells me", ())
    presses = [talk._keep("x", ()), talk._keep("x", ())]
    for press in presses:
        talk._turn(press, "choose", 1.0, f"put:{message_id}")
    assert talk.kept() == {"free_text": ("nobody tells me", "answered")}


def test_carry_on_can_be_typed_where_a_rest_is_offered(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:change")
    talk.goes_to(Place("carry_on"))
    assert "What do you want to change?" in texts(talk.says("carry on"))


def test_what_is_said_after_asking_to_delete_is_not_deleted(installation: Engine) -> None:
    talk = Waiting()
    talk.presses("open:say_anything")
    talk.says("i hate maths")
    talk.goes_to(Place("send"))
    with unit_of_work() as work:
        conversation = work.session.get_one(Conversation, talk.conversation_id)
        delete = Button("send:delete", "Delete it")
        messages.say(work, conversation, [Bubble("What do you want to do with it?", "question", (delete,))], NOW)
        work.commit()
    talk.all_at_once("send:delete", "wait, one more thing")
    with unit_of_work(write=False) as work:
        left = [row.text for row in messages.transcript(work, talk.conversation_id) if row.said_by == "me"]
        assert left[-1] == "wait, one more thing"
        assert "i hate maths" not in left
        assert not list(work.session.scalars(select(Statement)))
