"""Walking a pathway: which question comes next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from records.library import load_pathways
from voice.pathways.model import ADDED, OPENING, Choice, Ending, Heard, Pathway, Question, When
from voice.pathways.walk import QUESTIONS_BEFORE_A_REST, Asked, Given, Place, Said, Stage, Walk
from voice.wording import Style, Words

LIBRARY = load_pathways(Path(__file__).resolve().parents[3])


def words(text: str) -> Words:
    return Words(standard=text, easy=text)


def question(name: str, *values: str, many: bool = False, when: When | None = None, for_each: str | None = None) -> Question:
    choices = tuple(Choice(value=value, label=words(value.title()), topic="friends" if value == "friends" else None) for value in values)
    kind = ("choices" if many else "choice") if values else "text"
    return Question(id=name, save=name, kind=kind, ask=words(f"{name}?"), meaning=words("."), choices=choices, when=when, for_each=for_each)


ENDING = Ending(
    opening=question(OPENING),
    added=question(ADDED),
    wanted=question("wanted"),
    recipients=question("recipients", "social_worker", "not_sure", many=True),
    hide_from=question("hide_from", "nobody", "parents", many=True),
    check=question("check", "right", "change"),
    send=question("send", "send", "keep"),
    which_to_change=words("Which?"),
    nothing_said=words("Nothing."),
)


def pathway(*questions: Question, ending: bool = True) -> Walk:
    sheet = Pathway(
        id="example", code="B1", version=1, title=words("Example"), picture="house", offer=words("?"), ending=ending, questions=questions
    )
    return Walk(sheet, ENDING)


def answered(*pairs: tuple[str, tuple[str, ...]] | tuple[str, tuple[str, ...], str]) -> dict[Asked, Given]:
    out = {}
    for name, values, *rest in pairs:
        asked = Asked(name, rest[0] if rest else None)
        out[asked] = Given(asked, values, "answered")
    return out


def test_questions_come_in_the_order_of_the_file_then_the_ending_then_the_read_back() -> None:
    walk = pathway(question("one"), question("two"))
    place = walk.start()
    seen = []
    given: dict[Asked, Given] = {}
    while place.stage == "question" and place.asked:
        seen.append(place.asked.question)
        given[place.asked] = Given(place.asked, (), "answered")
        following = walk.after(place, given)
        assert following is not None
        place = following
    assert seen == ["one", "two", "wanted", "recipients", "hide_from"]
    assert place.stage == "check"


def test_a_pathway_without_an_ending_is_finished_after_its_last_question() -> None:
    walk = pathway(question("one"), ending=False)
    assert walk.after(walk.start(), answered(("one", ()))) is None


def test_a_question_is_left_out_when_its_condition_does_not_hold() -> None:
    walk = pathway(question("go", "yes", "no"), question("how", when=When(question="go", any_of=("yes",))), question("last"))
    following = walk.after(walk.start(), answered(("go", ("no",))))
    assert following is not None
    assert following.asked == Asked("last")


def test_changing_an_answer_brings_up_the_questions_it_now_needs_and_then_returns_to_the_read_back() -> None:
    walk = pathway(question("go", "yes", "no"), question("how", when=When(question="go", any_of=("yes",))))
    given = answered(("go", ("no",)), ("wanted", ()), ("recipients", ()), ("hide_from", ()))
    changing = Place("question", Asked("go"))
    given |= answered(("go", ("yes",)))
    following = walk.after(changing, given)
    assert following is not None
    assert following.asked == Asked("how")
    given |= answered(("how", ()))
    after = walk.after(following, given)
    assert after is not None
    assert after.stage == "check"


def test_repeated_questions_are_asked_together_for_each_pick_in_the_order_of_the_choices() -> None:
    walk = pathway(
        question("topics", "home", "friends", many=True), question("good", for_each="topics"), question("bad", for_each="topics")
    )
    order = walk.order(answered(("topics", ("friends", "home"))))
    assert order[1:5] == (Asked("good", "home"), Asked("bad", "home"), Asked("good", "friends"), Asked("bad", "friends"))
    assert walk.topic(Asked("good", "friends")) == "friends"


def test_a_repeated_question_says_what_it_is_about() -> None:
    repeated = question("good", for_each="topics").model_copy(update={"ask": words("What is good about {picked}?")})
    walk = pathway(question("topics", "home", "friends", many=True), repeated)
    assert walk.wording(Asked("good", "home"), Style.standard) == "What is good about Home?"


def test_going_back_from_the_first_question_is_not_possible() -> None:
    walk = pathway(question("one"), question("two"))
    assert walk.before(walk.start(), {}) is None


def test_going_back_leads_to_the_last_answered_question() -> None:
    walk = pathway(question("one"), question("two"), question("three"))
    given = answered(("one", ()), ("two", ()))
    back = walk.before(Place("question", Asked("three")), given)
    assert back == Place("question", Asked("two"))
    again = walk.before(Place("question", Asked("two")), given)
    assert again == Place("question", Asked("one"))


@pytest.mark.parametrize("stage", ["which", "send"])
def test_going_back_from_what_comes_after_the_read_back_leads_to_the_read_back(stage: Stage) -> None:
    walk = pathway(question("one"))
    assert walk.before(Place(stage, enough=True, rested_at=8), answered(("one", ()))) == Place("check", enough=True, rested_at=8)


def test_going_back_from_the_read_back_leads_to_the_last_answer() -> None:
    walk = pathway(question("one"))
    given = answered(("one", ()), ("wanted", ()), ("recipients", ()), ("hide_from", ()))
    back = walk.before(Place("check"), given)
    assert back is not None
    assert back.asked == Asked("hide_from")


def test_after_eight_answers_there_is_a_rest_and_then_it_goes_on_where_it_was() -> None:
    names = [f"q{number}" for number in range(12)]
    walk = pathway(*(question(name) for name in names))
    given = answered(*((name, ()) for name in names[:QUESTIONS_BEFORE_A_REST]))
    rest = walk.after(Place("question", Asked(names[QUESTIONS_BEFORE_A_REST - 1])), given)
    assert rest is not None
    assert rest.stage == "carry_on"
    on = walk.after(rest, given)
    assert on is not None
    assert (on.stage, on.asked) == ("question", Asked(names[QUESTIONS_BEFORE_A_REST]))


def test_who_has_said_enough_goes_straight_to_the_ending() -> None:
    walk = pathway(question("one"), question("two"), question("three"))
    place = walk.after(Place("carry_on", Asked("two"), enough=True, rested_at=1), answered(("one", ())))
    assert place is not None
    assert place.asked == Asked("wanted")


def test_progress_counts_the_questions_that_will_be_asked() -> None:
    walk = pathway(question("one"), question("two"))
    assert walk.progress(walk.start(), {}) == (1, 5)


@pytest.mark.parametrize("place", [Place("question", Asked("a", "home"), rested_at=8), Place("check", enough=True), Place("send")])
def test_a_place_survives_being_kept(place: Place) -> None:
    assert Place.from_plain(place.to_plain()) == place


@for_all(st.data())
def test_every_way_through_every_real_pathway_ends(data: st.DataObject) -> None:
    library = LIBRARY
    sheet = library.pathways[data.draw(st.sampled_from(sorted(library.pathways)))]
    walk = Walk(sheet, library.ending)
    place: Place | None = walk.start()
    given: dict[Asked, Given] = {}
    for _ in range(400):
        if place is None or place.stage == "check":
            break
        if place.stage == "question" and place.asked:
            values = [choice.value for choice in walk.question(place.asked).choices]
            picks = data.draw(st.lists(st.sampled_from(values), unique=True, max_size=4)) if values else []
            given[place.asked] = Given(place.asked, tuple(picks), "answered" if picks else "skipped")
        place = walk.after(place, given)
    assert place is None or place.stage == "check"
    assert (place is None) == (not sheet.ending)


SAID = Said("two", "message", ("a",), ((0, 4), (8, 11)))


def test_what_was_said_already_is_found_again_from_its_plain_form() -> None:
    place = Place("question", Asked("one"), rested_at=2).showing([SAID])
    assert Place.from_plain(place.to_plain()) == place
    assert (place.stage, place.said, place.shown) == ("said", (SAID,), (("two", "message"),))


def test_thoughts_are_taken_word_for_word() -> None:
    assert SAID.words("i am so sad") == "i am\nsad"
    assert Said("two", "message", ("a",)).words("i am so sad") is None


def test_once_it_was_shown_back_the_talk_goes_on_with_what_was_not_said() -> None:
    walk = pathway(question("one"), question("two", "a", "b"), question("three"))
    place = walk.start().showing([SAID])
    assert walk.after(place, {}) == replace(place, stage="question", asked=Asked("one"), said=())
    behind = walk.after(place, answered(("one", ()), ("two", ("a",))))
    assert behind is not None
    assert behind.asked == Asked("three")


def test_going_back_does_not_lead_to_an_answer_further_on() -> None:
    walk = pathway(question("one"), question("two"), question("three"), question("four"))
    given = answered(("one", ()), ("four", ()))
    for stage in ("said", "carry_on", "question"):
        place = walk.before(Place(stage, Asked("two")), given)  # type: ignore[arg-type]
        assert place is not None
        assert place.asked == Asked("one")


def test_the_questions_of_the_ending_are_always_asked() -> None:
    heard = question("wanted").model_copy(update={"heard": Heard(stance=("wish",))})
    with pytest.raises(ValueError, match="always asked"):
        Ending.model_validate({**dict(ENDING), "wanted": heard})
