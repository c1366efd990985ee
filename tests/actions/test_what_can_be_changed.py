"""What a young person can still change at the read-back, and what they are told about what was not sent."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from actions.doing import knowledge
from records import drafts, messages
from records.database import unit_of_work
from records.tables import Answer, Conversation, Statement, StatementVersion
from tests.actions.test_actions import Talk, payloads, texts
from tests.conftest import NOW
from tests.records.test_messages import CALM
from voice.pathways.model import ADDED, OPENING
from voice.safeguarding.screen import Level, raised
from voice.wording import Style


def skips_to(talk: Talk, stage: str) -> None:
    for _ in range(40):
        with unit_of_work(write=False) as work:
            now_at = drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one()).stage
        if now_at == stage:
            return
        talk.presses("carry:enough" if now_at == "carry_on" else "control:skip")
    raise AssertionError(f"never came to {stage}")


def standing(question: str) -> list[str | None]:
    with unit_of_work(write=False) as work:
        return list(work.session.scalars(select(Answer.verbatim).where(Answer.question == question, Answer.replaced_by.is_(None))))


def test_the_words_that_began_a_pathway_can_be_changed_at_the_read_back(installation: Engine) -> None:
    talk = Talk()
    talk.says("my review is on tuesday and i dont want my dad there", "prepare_review")
    talk.presses("offer:review")
    skips_to(talk, "check")
    assert f"edit:{OPENING}:" in payloads(talk.presses("check:change"))
    said = talk.presses(f"edit:{OPENING}:")
    assert said[-1].text == knowledge().library.ending.opening.ask.standard
    said = talk.says("my review is on monday and dad can come")
    assert "my review is on monday and dad can come" in texts(said)
    assert standing(OPENING) == ["my review is on monday and dad can come"]


def test_words_that_were_added_can_be_changed_or_taken_out(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:say_anything")
    talk.says("i miss my dog")
    skips_to(talk, "check")
    said = talk.says("and my cat")
    assert "and my cat" in texts(said)
    (edit,) = [payload for payload in payloads(talk.presses("check:change")) if payload.startswith(f"edit:{ADDED}:")]
    talk.presses(edit)
    said = talk.presses("control:skip")
    assert "and my cat" not in texts(said)
    assert standing(ADDED) == [None]


def test_going_back_from_changing_such_words_leads_to_the_read_back(installation: Engine) -> None:
    talk = Talk()
    talk.says("my review is on tuesday", "prepare_review")
    talk.presses("offer:review")
    skips_to(talk, "check")
    talk.presses("check:change")
    talk.presses(f"edit:{OPENING}:")
    assert "check:right" in payloads(talk.presses("control:back"))
    assert standing(OPENING) == ["my review is on tuesday"]


def test_an_answer_to_a_question_that_the_pathway_lost_is_read_back_and_sent(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk()
    talk.presses("open:change")
    talk.says("i want my own room")
    library = knowledge().library
    before = library.pathways["change"]
    shorter = before.model_copy(update={"questions": before.questions[1:], "version": before.version + 1})
    monkeypatch.setitem(library.pathways, "change", shorter)  # type: ignore[arg-type]
    skips_to(talk, "check")
    said = talk.presses("check:change")
    assert f"edit:{before.questions[0].id}:" not in payloads(said)
    said = talk.presses("control:back")
    assert "i want my own room" in texts(said)
    talk.presses("check:right")
    talk.presses("send:send")
    with unit_of_work(write=False) as work:
        body = work.session.scalars(select(StatementVersion)).one().body
    assert "i want my own room" in [answer["verbatim"] for answer in body]


def test_a_draft_in_which_nothing_was_said_is_not_offered_again(installation: Engine) -> None:
    talk = Talk()
    talk.presses("open:change")
    assert not [payload for payload in payloads(talk.presses("control:stop")) if payload.startswith("resume:")]


@pytest.mark.parametrize("flagged", [False, True])
def test_nothing_that_workers_can_see_is_called_unseen(installation: Engine, flagged: bool) -> None:
    talk = Talk()
    if flagged:
        with unit_of_work() as work:
            messages.receive(
                work,
                work.session.get_one(Conversation, talk.conversation_id),
                client_id="worrying",
                text="something that worries",
                picked=(),
                screen=lambda *said: raised(CALM(*said), Level.urgent),
                now=NOW,
            )
            work.commit()
    talk.presses("open:change")
    talk.says("my room")
    said = texts(talk.presses("control:stop"))
    speech = knowledge().speech
    seen, unseen = (speech.lines(key, Style.standard) for key in ("utter_not_sent_but_seen", "utter_not_sent"))
    assert (seen[-1].text in said) is flagged
    assert (unseen[0].text in said) is not flagged
