"""The loaders of data/pathways and data/words: what hangs together, and the mistakes they refuse with file, line and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from records.library import load_avoided, load_controls, load_known_words, load_pathways
from records.reading import DataMistake
from records.settings import Settings
from voice.plain_language import bare
from voice.wording import Style

ROOT = Settings().root

Loader = Callable[[Path], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a copy of our own pathways and words, to make mistakes in."""
    for folder in ("pathways", "words"):
        shutil.copytree(ROOT / "data" / folder, tmp_path / "data" / folder)
    return tmp_path


def mistake(root: Path, file: str, old: str, new: str, load: Loader = load_pathways) -> tuple[str, str, str]:
    """Makes one change in a file; gives the file, the line's text and the reason of the mistake that is reported."""
    path = root / "data" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataMistake) as caught:
        load(root)
    line = caught.value.file.read_text(encoding="utf-8").splitlines()[caught.value.line - 1]
    return caught.value.file.name, line.strip(), caught.value.reason


def test_our_own_pathways_are_read_with_the_codes_of_the_field_research() -> None:
    codes = {pathway.id: pathway.code for pathway in load_pathways(ROOT).pathways.values()}
    assert codes == {
        "hello": "A1",
        "help_now": "A2",
        "say_anything": "G9",
        "review": "B1",
        "review_easy": "B2",
        "change": "C1",
        "good_news": "D1",
        "feedback": "G1",
    }


def test_the_menu_offers_each_style_its_own_review_in_the_same_place() -> None:
    library = load_pathways(ROOT)
    standard = [pathway.id for pathway in library.offered(Style.standard)]
    easy = [pathway.id for pathway in library.offered(Style.easy)]
    assert standard == ["say_anything", "review", "change", "good_news", "feedback", "help_now", "hello"]
    assert easy == [name.replace("review", "review_easy") for name in standard]


@pytest.mark.parametrize(
    ("intent", "standard", "easy"),
    [
        ("prepare_review", "review", "review_easy"),
        ("want_change", "change", "change"),
        ("share_good_news", "good_news", "good_news"),
        ("give_feedback", "feedback", "feedback"),
        ("say_something", "say_anything", "say_anything"),
        ("need_help", "help_now", "help_now"),
        ("how_it_works", "hello", "hello"),
    ],
)
def test_typed_words_find_the_pathway_of_their_style(intent: str, standard: str, easy: str) -> None:
    library = load_pathways(ROOT)
    found = [library.for_intent(intent, style) for style in (Style.standard, Style.easy)]
    assert [pathway.id if pathway else None for pathway in found] == [standard, easy]


def test_an_intent_without_a_pathway_finds_none() -> None:
    assert load_pathways(ROOT).for_intent("thanks", Style.easy) is None


def test_opening_the_help_pathway_raises_an_urgent_flag_and_sends_nothing() -> None:
    pathway = load_pathways(ROOT).pathways["help_now"]
    assert (pathway.raises, pathway.ending) == ("urgent", False)


def test_somebody_who_is_not_safe_can_say_so_by_a_button_in_every_pathway_about_their_life() -> None:
    pathways = load_pathways(ROOT).pathways
    for name in ("help_now", "say_anything", "change", "review_easy"):
        assert any(choice.raises == "urgent" for question in pathways[name].questions for choice in question.choices), name


def test_short_pathways_ask_at_most_eight_questions() -> None:
    asked = {pathway.id: len(pathway.questions) for pathway in load_pathways(ROOT).pathways.values()}
    assert [name for name, count in asked.items() if count > 8] == ["review", "review_easy"]


def test_a_file_with_another_name_than_its_pathway_is_refused(root: Path) -> None:
    file, line, reason = mistake(root, "pathways/change.yml", "id: change\n", "id: changes\n")
    assert (file, line) == ("change.yml", "id: changes")
    assert "must be the same" in reason


def test_two_pathways_with_one_code_are_refused(root: Path) -> None:
    _, line, reason = mistake(root, "pathways/good_news.yml", "code: D1", "code: C1")
    assert (line, reason) == ("code: C1", "change has the code C1 already")


def test_a_picture_that_is_not_there_is_refused_where_it_is_used(root: Path) -> None:
    file, line, reason = mistake(root, "pathways/ending.yml", "picture: bin", "picture: rubbish")
    assert (file, reason) == ("ending.yml", "pictures.yml has no picture 'rubbish'")
    assert "rubbish" in line


def test_a_menu_entry_that_leads_nowhere_is_refused(root: Path) -> None:
    file, line, reason = mistake(root, "pathways/menu.yml", "standard: good_news", "standard: bad_news")
    assert (file, reason) == ("menu.yml", "there is no pathway 'bad_news'")
    assert "bad_news" in line


def test_a_menu_entry_for_the_wrong_style_is_refused(root: Path) -> None:
    reason = mistake(root, "pathways/menu.yml", "easy: review_easy", "easy: review")[2]
    assert reason == "pathway 'review' is not for the easy style"


def test_an_intent_that_two_pathways_claim_is_refused(root: Path) -> None:
    _, line, reason = mistake(root, "pathways/feedback.yml", "intents: [give_feedback]", "intents: [want_change]")
    assert (line, reason) == ("intents: [want_change]", "change answers to 'want_change' already in the standard style")


def test_skip_logic_that_looks_ahead_is_refused(root: Path) -> None:
    assert "which is not asked before it" in mistake(root, "pathways/change.yml", "question: asked_before", "question: later")[2]


def test_controls_are_found_in_childrens_own_spelling() -> None:
    controls = load_controls(ROOT)
    typed = {"idk": "dont_know", "Dunno...": "dont_know", "go bk": "back", "who's gonna see this?": "who_sees", "HELP ME!!": "help_now"}
    assert {text: controls[bare(text)] for text in typed} == typed


def test_words_that_may_be_an_answer_are_not_controls() -> None:
    answers = "no|yes|nothing|later|not now|stop it now|i want to stop|i need a break|i want an advocate|keep going|home|mum|fine|ok"
    assert [text for text in answers.split("|") if text in load_controls(ROOT)] == []


def test_no_control_phrase_is_the_label_of_a_button_that_means_something_else() -> None:
    library, controls = load_pathways(ROOT), load_controls(ROOT)
    questions = [question for pathway in library.pathways.values() for question in pathway.questions]
    ending = [library.ending.recipients, library.ending.hide_from, library.ending.check, library.ending.send]
    labels = {bare(choice.label.in_style(style)) for question in (*questions, *ending) for choice in question.choices for style in Style}
    assert {label: controls[label] for label in labels if label in controls} == {"i am not sure": "dont_know"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  - skip\n", "  - Skip!\n", "write 'Skip!' as 'skip': small letters, no punctuation"),
        ("  - pass\n", "  - skip it\n", "'skip it' means skip already"),
    ],
)
def test_a_phrase_that_could_never_be_found_or_stands_there_twice_is_refused(root: Path, old: str, new: str, reason: str) -> None:
    assert mistake(root, "words/controls.yml", old, new, load_controls) == ("controls.yml", new.strip(), reason)


def test_an_unknown_control_is_refused(root: Path) -> None:
    assert mistake(root, "words/controls.yml", "skip:\n", "jump:\n", load_controls)[1] == "jump:"


def test_a_word_to_avoid_without_its_source_is_refused(root: Path) -> None:
    _, line, reason = mistake(root, "words/avoid.yml", ", from: Bromley}", "}", load_avoided)
    assert "from" in reason
    assert line.startswith("- {avoid")


def test_a_word_to_avoid_that_stands_there_twice_is_refused(root: Path) -> None:
    assert mistake(root, "words/avoid.yml", "{avoid: unit,", "{avoid: respite,", load_avoided)[2] == "'respite' stands there twice"


def test_a_word_to_avoid_that_could_never_be_found_is_refused(root: Path) -> None:
    reason = mistake(root, "words/avoid.yml", "{avoid: unit,", "{avoid: Unit,", load_avoided)[2]
    assert reason == "write 'Unit' as 'unit': small letters, no punctuation"


def test_a_known_word_needs_a_reason(root: Path) -> None:
    assert "reason" in mistake(root, "words/known.yml", ", reason: a name}", "}", load_known_words)[2]


def test_a_known_word_that_stands_there_twice_is_refused(root: Path) -> None:
    assert mistake(root, "words/known.yml", "{word: Childline,", "{word: advocate,", load_known_words)[2] == "'advocate' stands there twice"
