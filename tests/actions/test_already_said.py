"""What was said before it was asked is shown back for a yes, and not asked again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, func, select

from actions.doing import knowledge
from records import drafts, messages
from records.database import unit_of_work
from records.tables import Answer, Conversation, Memo, Message, Statement, StatementVersion
from tests.actions.test_actions import Talk, payloads, texts
from tests.conftest import NOW
from tests.records.test_messages import CALM
from tests.voice.pathways.said import Spirit, understood
from voice.messages import Bubble
from voice.pathways.walk import QUESTIONS_BEFORE_A_REST, Asked, Place
from voice.wording import Style

NAN = "my reviews thursday n i hate my new school can my nan come"
SPIRITS: dict[str, Sequence[Spirit]] = {
    NAN: (("statement", "meetings_reviews"), ("worry", "school_college_work"), ("question", "family_time")),
    "its ok but i want my nan at the meeting and i dont want my dad there": (("statement", "other"), ("wish", "family_time")),
}


class Understanding(Talk):
    """A talk in which every message is understood as it is written above."""

    def _keep(self, text: str | None, payloads: Sequence[str]) -> str:
        if text is None:
            return super()._keep(None, payloads)
        self.count += 1
        with unit_of_work() as work:
            received = messages.receive(
                work,
                work.session.get_one(Conversation, self.conversation_id),
                client_id=f"client-{self.count}",
                text=text,
                picked=(),
                screen=CALM,
                now=NOW,
                understood=understood(text, *SPIRITS.get(text, ())),
            )
            work.commit()
            return received.message.id


def offered(pathway: str = "review", words: str = NAN, style: Style = Style.standard) -> tuple[Understanding, list[Bubble]]:
    """A talk at which the offer for these words was taken, and what was said then."""
    talk = Understanding(style)
    talk.says(words, knowledge().library.pathways[pathway].intents[0])
    return talk, talk.presses(f"offer:{pathway}")


def answers() -> dict[str, tuple[tuple[str, ...], str | None]]:
    """Question → (buttons, words) of the answers that stand."""
    with unit_of_work(write=False) as work:
        rows = work.session.scalars(select(Answer).where(Answer.replaced_by.is_(None)).order_by(Answer.position)).all()
        return {row.question: (tuple(one["value"] for one in row.choices), row.verbatim) for row in rows}


def place() -> Place:
    with unit_of_work(write=False) as work:
        return drafts.place_of(work.session.scalars(select(Statement).where(Statement.active.is_(True))).one())


def go_to(question: str, talk: Talk) -> list[Bubble]:
    """Skips up to a question, or to where it is shown back."""
    said: list[Bubble] = []
    for _ in range(40):
        now = place()
        if now.asked == Asked(question) and now.stage != "carry_on":
            return said
        said = talk.presses("carry:on" if now.stage == "carry_on" else "control:skip")
    raise AssertionError(f"never came to {question}")


def test_what_was_said_already_is_shown_back_in_the_young_persons_own_words(installation: Engine) -> None:
    _, said = offered()
    assert [bubble.text for bubble in said if bubble.kind == "summary"] == [
        "When is your review?\nmy reviews thursday",
        "What is not going well?\ni hate my new school",
        "What do you want to talk about? Pick as many as you like.\nSchool or college",
        "Who do you want to be there? Pick as many as you like.\nSomeone else in my family: can my nan come",
    ]
    assert [payload for payload in payloads(said[-1:]) if payload.startswith("said:")] == ["said:yes:meeting_date", "said:no:meeting_date"]
    assert list(answers()) == ["opening_words"]


def test_a_yes_makes_answers_of_it_and_none_of_it_is_asked_again(installation: Engine) -> None:
    talk, _ = offered()
    said = talk.presses("said:yes:meeting_date")
    assert answers() == {
        "opening_words": ((), NAN),
        "meeting_date": ((), "my reviews thursday"),
        "not_going_well": ((), "i hate my new school"),
        "topics": (("school",), None),
        "invite": (("family",), "can my nan come"),
    }
    assert said[-1].text == "How do you feel about your review?"
    asked = [said[-1].text]
    while place().stage != "check":
        asked.append(talk.presses("carry:on" if place().stage == "carry_on" else "control:skip")[-1].text)
    pathway = knowledge().library.pathways["review"]
    given = {"meeting_date", "not_going_well", "topics", "invite"}
    assert not {question.ask.standard for question in pathway.questions if question.id in given} & set(asked)
    assert "School or college. How is it, from 1 to 5?" in asked


def test_the_answers_know_their_message_and_what_was_understood_of_their_own_words(installation: Engine) -> None:
    talk, _ = offered()
    talk.presses("said:yes:meeting_date")
    while place().stage != "check":
        talk.presses("carry:on" if place().stage == "carry_on" else "control:skip")
    talk.presses("check:right")
    talk.presses("send:send")
    with unit_of_work(write=False) as work:
        body = {part["question"]: part for part in work.session.scalars(select(StatementVersion)).one().body}
        first = work.session.scalars(select(Message).where(Message.said_by == "me").order_by(Message.n)).first()
    assert first is not None
    assert {body[name]["n"] for name in ("opening_words", "meeting_date", "not_going_well", "topics", "invite")} == {first.n}
    assert (body["not_going_well"]["topics"], body["not_going_well"]["stance"]) == (["school_college_work"], "worry")
    assert (body["invite"]["topics"], body["invite"]["stance"]) == (["family_time"], "question")
    assert set(body["opening_words"]["topics"]) == {"meetings_reviews", "school_college_work", "family_time"}


def test_not_quite_takes_nothing_and_asks_every_question(installation: Engine) -> None:
    talk, _ = offered()
    said = talk.presses("said:no:meeting_date")
    assert said[-1].text == "How do you feel about your review?"
    assert answers() == {"opening_words": ((), NAN)}
    talk.presses("control:skip")
    assert place().asked == Asked("meeting_date")
    go_to("invite", talk)
    assert place().stage == "question"


@pytest.mark.parametrize("words", ["yes", "yeah thats right", "Yes."])
def test_a_typed_yes_is_a_yes(installation: Engine, words: str) -> None:
    talk, _ = offered()
    talk.says(words, "affirm")
    assert "invite" in answers()
    assert "added_words" not in answers()


@pytest.mark.parametrize(
    ("words", "intent"), [("not quite", "nlu_fallback"), ("nope", "deny"), ("skip", "nlu_fallback"), ("idk", "nlu_fallback")]
)
def test_a_typed_no_or_a_skip_is_not_quite(installation: Engine, words: str, intent: str) -> None:
    talk, _ = offered()
    said = talk.says(words, intent)
    assert said[-1].text == "How do you feel about your review?"
    assert list(answers()) == ["opening_words"]


def test_a_yes_with_more_in_it_is_kept_and_the_list_is_shown_again(installation: Engine) -> None:
    talk, _ = offered()
    said = talk.says("yes but its on friday not thursday", "affirm")
    assert "said:yes:meeting_date" in payloads(said)
    assert answers()["added_words"] == ((), "yes but its on friday not thursday")


def test_a_yes_typed_twice_does_not_say_yes_to_what_nobody_has_seen(installation: Engine) -> None:
    talk = Understanding()
    talk.says(NAN, "prepare_review")
    ids = [talk._keep("yes", ()), talk._keep("yes", ())]
    for message_id in ids:
        said = talk._turn(message_id, "affirm", 0.99, None)
    assert "said:yes:meeting_date" in payloads(said)
    assert list(answers()) == ["opening_words"]


def test_a_yes_pressed_twice_is_one_yes(installation: Engine) -> None:
    talk, _ = offered()
    ids = [talk._keep(None, ("said:yes:meeting_date",)), talk._keep(None, ("said:yes:meeting_date",))]
    for message_id in ids:
        said = talk._turn(message_id, "choose", 1.0, "said:yes:meeting_date")
    assert said[-1].text == "How do you feel about your review?"
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Answer)) == 5


def test_when_everything_dies_in_between_nothing_is_lost_or_doubled(installation: Engine) -> None:
    talk, said = offered()
    with unit_of_work() as work:
        work.session.get_one(Message, talk._last[0]).state = "received"
        work.commit()
    talk.in_form = False
    assert texts(talk.replays()) == texts(said)
    first = talk.presses("said:yes:meeting_date")
    before = answers()
    talk.in_form = True
    assert texts(talk.replays()) == texts(first)
    assert answers() == before
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Answer)) == 5
        assert work.session.scalar(select(func.count()).select_from(Memo)) > 0


def test_it_can_be_changed_like_any_answer(installation: Engine) -> None:
    talk, _ = offered()
    talk.presses("said:yes:meeting_date")
    while place().stage != "check":
        talk.presses("carry:on" if place().stage == "carry_on" else "control:skip")
    assert "edit:invite:" in payloads(talk.presses("check:change"))
    talk.presses("edit:invite:")
    said = talk.presses("answer:mum")
    assert answers()["invite"] == (("mum",), None)
    assert "Who do you want to be there? Pick as many as you like.\nMum" in [bubble.text for bubble in said]


def test_one_press_for_several_answers_brings_no_rest_nearer(installation: Engine) -> None:
    talk, _ = offered()
    talk.presses("said:yes:meeting_date")
    for _ in range(QUESTIONS_BEFORE_A_REST):
        assert place().stage == "question"
        talk.presses("control:skip")
    assert place().stage == "carry_on"


def test_stopping_there_and_coming_back_shows_the_list_again(installation: Engine) -> None:
    talk, shown = offered()
    (resume,) = [payload for payload in payloads(talk.presses("control:stop")) if payload.startswith("resume:")]
    again = talk.presses(resume)
    assert [bubble.text for bubble in again] == [bubble.text for bubble in shown[-len(again) :]]
    talk.presses("said:yes:meeting_date")
    assert "invite" in answers()


def test_what_it_means_is_said_and_the_list_stays(installation: Engine) -> None:
    talk, _ = offered()
    said = talk.presses("control:meaning")
    assert "I will not ask this again" in said[0].text
    assert "said:yes:meeting_date" in payloads(said)


def test_when_nothing_is_sure_nothing_is_shown(installation: Engine) -> None:
    _, said = offered(words="i have a review soon and stuff")
    assert said[-1].text == "How do you feel about your review?"
    assert not [payload for payload in payloads(said) if payload.startswith("said:")]


def test_words_that_answer_the_first_question_are_not_shown_for_it(installation: Engine) -> None:
    words = "i won player of the match im so proud my foster dad helped me practise"
    talk, said = offered("good_news", words)
    assert "said:yes:feeling" in payloads(said)
    talk.presses("said:yes:feeling")
    assert answers() == {
        "news": ((), words),
        "feeling": (("proud",), "im so proud"),
        "helpers": (("carers",), "my foster dad helped me practise"),
    }


def test_in_easy_words_too(installation: Engine) -> None:
    talk, said = offered("review_easy", style=Style.easy)
    assert [bubble.text for bubble in said if bubble.kind == "summary"] == [
        "Is school good, OK or bad?\nBad: i hate my new school",
        "Who do you want to come?\nSomeone else in my family: can my nan come",
    ]
    talk.says("yes", "affirm")
    assert answers()["school_score"] == (("score_1",), "i hate my new school")


LATER = "its ok but i want my nan at the meeting and i dont want my dad there"


def test_what_was_said_in_a_later_answer_is_shown_back_where_it_would_be_asked(installation: Engine) -> None:
    talk = Understanding()
    talk.presses("open:review")
    talk.says(LATER)
    said = go_to("invite", talk)
    assert [bubble.text for bubble in said if bubble.kind == "summary"] == [
        "Who do you want to be there? Pick as many as you like.\nSomeone else in my family: i want my nan at the meeting",
        "Is there anyone you do not want there?\nDad: i dont want my dad there",
    ]
    said = talk.presses("said:yes:invite")
    assert said[-1].text == "Where would you like to meet?"
    assert answers()["feeling_about_meeting"] == ((), LATER)
    assert answers()["invite"] == (("family",), "i want my nan at the meeting")
    assert answers()["not_invite"] == (("dad",), "i dont want my dad there")


def test_not_quite_to_it_asks_the_question_and_does_not_show_it_again(installation: Engine) -> None:
    talk = Understanding()
    talk.presses("open:review")
    talk.says(LATER)
    go_to("invite", talk)
    said = talk.presses("said:no:invite")
    assert said[-1].text == "Who do you want to be there? Pick as many as you like."
    assert talk.presses("control:skip")[-1].text == "Is there anyone you do not want there?"
    talk.presses("control:back")
    assert talk.presses("control:skip")[-1].text == "Is there anyone you do not want there?"


def test_words_that_were_changed_since_do_not_count(installation: Engine) -> None:
    talk = Understanding()
    talk.presses("open:review")
    talk.says(LATER)
    talk.presses("control:back")
    talk.says("its ok")
    go_to("invite", talk)
    assert place().stage == "question"


def test_a_second_bubble_typed_before_the_list_was_seen_belongs_to_the_first(installation: Engine) -> None:
    talk = Understanding()
    talk.presses("open:review")
    ids = [talk._keep("its ok n its on thursday", ()), talk._keep("and i like it", ())]
    for message_id in ids:
        said = talk._turn(message_id, "nlu_fallback", 0.99, None)
    assert "said:yes:meeting_date" in payloads(said)
    assert answers() == {"feeling_about_meeting": ((), "its ok n its on thursday\nand i like it")}


def test_a_question_the_pathway_lost_meanwhile_is_not_answered(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, _ = offered()
    library = knowledge().library
    before = library.pathways["review"]
    shorter = before.model_copy(update={"questions": tuple(one for one in before.questions if one.id != "meeting_date")})
    monkeypatch.setitem(library.pathways, "review", shorter)  # type: ignore[arg-type]
    talk.presses("said:yes:meeting_date")
    assert list(answers()) == ["opening_words"]
    assert place().stage == "question"


@pytest.mark.parametrize(
    ("words", "intent", "offer"),
    [
        ("review nxt week n i dont like the food here", "want_change", "offer:review"),
        ("my reviews on friday n nobody tells me who sees what", "ask_who_sees", "offer:review"),
        ("my review is on friday", "want_change", "offer:change"),
        ("my reviews on friday n i need help", "need_help", "offer:help_now"),
    ],
)
def test_a_review_that_is_named_among_several_things_is_offered(installation: Engine, words: str, intent: str, offer: str) -> None:
    assert offer in payloads(Understanding().says(words, intent))


def test_a_control_that_was_typed_is_still_one(installation: Engine) -> None:
    assert not [payload for payload in payloads(Understanding().says("who can see this", "ask_who_sees")) if payload.startswith("offer:")]
