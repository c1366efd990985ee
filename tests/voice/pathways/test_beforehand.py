"""What a message says already to questions that were not asked yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from records.beforehand import load_beforehand
from tests.voice.pathways.said import Spirit, understood
from tests.voice.pathways.test_walk import pathway
from voice.pathways.beforehand import Beforehand, HeardMistake
from voice.pathways.model import Choice, Heard, Question
from voice.safeguarding.model import SpellingSheet
from voice.wording import Words

LISTENING = load_beforehand(Path(__file__).resolve().parents[3])
MEETING: Spirit = ("statement", "meetings_reviews")
SCHOOL: Spirit = ("worry", "school_college_work")
FAMILY: Spirit = ("question", "family_time")

Told = dict[str, tuple[tuple[str, ...], str | None]]


def told(name: str, text: str, *each: Spirit) -> Told:
    """Question → (buttons, words)."""
    found = LISTENING[name].in_opening(text, understood(text, *each), "m")
    return {said.question: (said.values, said.words(text)) for said in found}


def test_the_sentence_this_was_made_for() -> None:
    assert told("review", "my reviews thursday n i hate my new school can my nan come", MEETING, SCHOOL, FAMILY) == {
        "meeting_date": ((), "my reviews thursday"),
        "not_going_well": ((), "i hate my new school"),
        "topics": (("school",), None),
        "invite": (("family",), "can my nan come"),
    }


def test_the_same_sentence_in_easy_words() -> None:
    assert told("review_easy", "my reviews thursday n i hate my new school can my nan come", MEETING, SCHOOL, FAMILY) == {
        "school_score": (("score_1",), "i hate my new school"),
        "invite": (("family",), "can my nan come"),
    }


@pytest.mark.parametrize(
    ("words", "buttons"),
    [
        ("can my nan come", ("family",)),
        ("can nan come pls", ("family",)),
        ("i want my mum there", ("mum",)),
        ("id like my mum to be there", ("mum",)),
        ("i want my mum n my nan there", ("mum", "family")),
        ("i want my big sister at the meeting", ("family",)),
        ("wanna bring my mate", ("friend",)),
        ("can i bring a friend", ("friend",)),
        ("could my foster mum be there please", ("carers",)),
        ("can my step dad come to my review", ("family",)),
        ("is my dad allowed to come", ("dad",)),
        ("is it ok if my gran comes", ("family",)),
        ("i rly want my social worker there", ("social_worker",)),
        ("can jean come to my review", ()),
        ("can she come", ()),
        ("my mum can come", ("mum",)),
        ("i want an advocate there", ("advocate",)),
    ],
)
def test_who_should_be_there(words: str, buttons: tuple[str, ...]) -> None:
    assert told("review", words).get("invite") == (buttons, words)


@pytest.mark.parametrize(
    "words",
    [
        "can my nan come round at the weekend",
        "can my nan come to see me",
        "can i come to your office",
        "can you come",
        "i want my nan",
        "i want my phone back",
        "i dont want my dad there",
        "i want to see my mum",
        "can my mum come to my birthday",
        "my mum never came",
    ],
)
def test_who_is_not_asked_to_a_meeting(words: str) -> None:
    assert "invite" not in told("review", words)


@pytest.mark.parametrize(
    ("words", "buttons"),
    [
        ("i dont want my dad there", ("dad",)),
        ("i dnt want dad to come", ("dad",)),
        ("my dad cant come", ("dad",)),
        ("pls dont let my mum come", ("mum",)),
        ("i want my nan there but not my dad", ("dad",)),
        ("i dont want miss carter there", ()),
        ("i dont want her boyfriend there", ()),
        ("i dont want mum or dad there", ("mum", "dad")),
        ("i do not want my teacher at my review", ("school",)),
    ],
)
def test_who_should_stay_away(words: str, buttons: tuple[str, ...]) -> None:
    assert told("review", words).get("not_invite") == (buttons, words)


@pytest.mark.parametrize("words", ["i want my mum there", "i dont want to see my dad", "i dont want to go there", "my dad never came"])
def test_who_was_not_told_to_stay_away(words: str) -> None:
    assert "not_invite" not in told("review", words)


@pytest.mark.parametrize(
    "words",
    [
        "my reviews thursday",
        "its on the 12th of may",
        "review nxt week",
        "my meeting is on monday",
        "i have my lac review tomorrow",
        "ive got a meeting in 2 weeks",
        "meeting thurs!!",
        "my review is on 3rd june at 4pm",
        "on friday its my review",
    ],
)
def test_the_day_of_a_meeting(words: str) -> None:
    assert told("review", words).get("meeting_date") == ((), words)


@pytest.mark.parametrize("words", ["i have a review soon", "my review was on monday", "i see my mum on sunday", "may i say something"])
def test_what_is_no_day_of_a_meeting(words: str) -> None:
    assert "meeting_date" not in told("review", words)


def test_praise_worries_and_wishes_go_to_their_questions_and_their_topics_are_picked() -> None:
    text = "i like my carers but i miss my brother and i want to go swimming"
    each: tuple[Spirit, ...] = (("praise", "carers"), ("worry", "brothers_sisters"), ("wish", "fun_hobbies_pets"))
    assert told("review", text, *each) == {
        "going_well": ((), "i like my carers"),
        "not_going_well": ((), "i miss my brother"),
        "topics": (("carers", "brothers_sisters", "fun"), None),
        "wishes": ((), "i want to go swimming"),
    }


def test_two_thoughts_for_one_question_are_kept_one_below_the_other() -> None:
    text = "i hate my school and i miss my dog"
    assert told("review", text, SCHOOL, ("worry", "fun_hobbies_pets"))["not_going_well"] == ((), "i hate my school\ni miss my dog")


def test_a_topic_that_is_only_mentioned_is_not_picked() -> None:
    assert told("review", "my teacher is called mr example", ("statement", "school_college_work")) == {}


def test_a_button_that_raises_a_flag_is_never_picked_from_what_was_heard() -> None:
    assert told("change", "i dont feel safe at my house", ("worry", "safety_bullying")) == {"now": ((), "i dont feel safe at my house")}


def test_of_two_topics_for_one_button_neither_is_sure() -> None:
    text = "i want more money and i want my phone back"
    assert "change_topic" not in told("change", text, ("wish", "money"), ("wish", "phone_internet"))
    assert told("change", text, ("wish", "money"), ("wish", "money"))["change_topic"] == (("money",), None)


def test_a_change_with_everything_in_one_message() -> None:
    text = "my phone got taken off me n i want it back now i asked my carer loads of times"
    each: tuple[Spirit, ...] = (("worry", "phone_internet"), ("wish", "other"), ("statement", "carers"))
    assert told("change", text, *each) == {
        "change_topic": (("phone",), None),
        "now": ((), "my phone got taken off me"),
        "how_soon": (("today",), "i want it back now"),
        "asked_before": (("yes",), "i asked my carer loads of times"),
    }


def test_good_news_with_who_helped_and_who_may_know() -> None:
    text = "i won player of the match im so proud my foster dad helped me practise can you tell my social worker"
    assert told("good_news", text) == {
        "feeling": (("proud",), "im so proud"),
        "helpers": (("carers",), "my foster dad helped me practise"),
        "tell": (("worker",), "can you tell my social worker"),
    }


def test_praise_and_a_complaint_about_a_worker() -> None:
    text = "my social worker is really nice but she never rings back"
    assert told("feedback", text, ("praise", "my_worker"), ("worry", "my_worker")) == {
        "well": ((), "my social worker is really nice"),
        "better": ((), "she never rings back"),
    }


def test_when_nothing_is_sure_nothing_is_heard() -> None:
    for name in LISTENING:
        assert told(name, "hi i have something to say about stuff") == {}
        assert told(name, "i dont know what to say", ("worry", "other")) == {}


def test_a_story_is_not_an_answer() -> None:
    text = "i hate my school because of the noise" + " and the smell of the bus" * 9
    assert len(understood(text).parts) == 1
    assert told("review", text, SCHOOL) == {}


def test_what_stands_in_so_many_words_is_found_for_one_question() -> None:
    text = "its ok but i want my nan at the meeting"
    said = LISTENING["review"].in_words("invite", text, understood(text, ("statement", "other"), ("wish", "family_time")), "m")
    assert said is not None
    assert (said.values, said.words(text), said.message) == (("family",), "i want my nan at the meeting", "m")


def test_a_spirit_alone_is_not_so_many_words() -> None:
    text = "i hate my school"
    assert LISTENING["review"].in_words("not_going_well", text, understood(text, SCHOOL), "m") is None
    assert LISTENING["review"].in_words("going_well_indeed", text, understood(text, SCHOOL), "m") is None


@pytest.mark.parametrize(
    "words",
    [
        "my reviews thursday n i hate my new school",
        "review nxt week i want my mum n my nan there n i dont like the food here",
        "i got my meeting tomoro can nan come pls",
        "hi my review is in 2 weeks. i love living with sue. can i see my dad more",
        "i have a review soon and im worried about moving",
        "i hate school and can my nan come to my review",
    ],
)
def test_a_message_of_several_things_is_known_to_be_about_a_review(words: str) -> None:
    for name in LISTENING:
        assert LISTENING[name].is_meant(words, understood(words)) is (name in ("review", "review_easy"))


@pytest.mark.parametrize(
    "words", ["i want my review on monday moved", "i hate my room and i want a new one", "my mum had a review at work and i was late"]
)
def test_one_thing_and_what_is_no_review_are_left_to_the_intent(words: str) -> None:
    assert not LISTENING["review"].is_meant(words, understood(words))


SPELLING = SpellingSheet(words={}, emoji={}, lookalikes={}, leet={}, units=(), masked=(), key_words=(), no_slips=(), labels=())


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [("i want <nobody>", "there is no slot 'nobody' above"), ("i want (my", "a '(' is not closed"), ("Nan", "small letters")],
)
def test_a_phrase_that_cannot_be_read_is_named_with_its_place(phrase: str, reason: str) -> None:
    words = Words(standard="?", easy="?")
    asks = Question(id="asks", save="asks", kind="text", ask=words, meaning=words, heard=Heard(phrases=("i want it", phrase)))
    with pytest.raises(HeardMistake, match=re.escape(reason)) as caught:
        Beforehand(pathway(asks).pathway, {}, SPELLING)
    assert caught.value.path == ("questions", 0, "heard", "phrases", 1)


WORDS = Words(standard="?", easy="?")
NAMED = (Choice(value="mum", label=WORDS, heard=("mum",)), Choice(value="dad", label=WORDS))
BY_TOPIC = (Choice(value="a", label=WORDS, topic="money"), Choice(value="b", label=WORDS, topic="money"))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"kind": "text", "heard": Heard()}, "hears nothing"),
        ({"kind": "text", "heard": Heard(topics=True)}, "needs choices with a topic"),
        ({"kind": "choices", "choices": NAMED}, "the question has not"),
        ({"kind": "choices", "choices": NAMED, "heard": Heard(stance=("worry",))}, "only a text question"),
        ({"kind": "choices", "choices": BY_TOPIC, "heard": Heard(topics=True)}, "two of kind 'topic'"),
        ({"kind": "text", "for_each": "x", "heard": Heard(stance=("wish",))}, "may never be asked"),
    ],
)
def test_a_heard_that_makes_no_sense_is_refused(question: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Question.model_validate({"id": "q", "save": "q", "ask": WORDS, "meaning": WORDS, **question})


def test_a_button_that_raises_a_flag_has_no_phrases() -> None:
    with pytest.raises(ValueError, match="raises a flag"):
        Choice(value="scared", label=WORDS, raises="urgent", heard=("i am scared",))
