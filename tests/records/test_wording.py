"""The loader of data/responses: what it says, and the mistakes it refuses with file, line and reason."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading import DataMistake
from records.wording import Wording, WordingMissing, load_wording
from voice.wording import Style, Words

GOOD = """\
version: "3.1"
responses:
  utter_sent:
  - text: "{who} has it. Read by {read_by}."
  - condition: [{type: slot, name: style, value: easy}]
    text: "{who} has it."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with one good file of responses."""
    folder = tmp_path / "data" / "responses"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def mistake(root: Path, text: str, file: str = "a.yml") -> DataMistake:
    (root / "data" / "responses" / file).write_text(dedent(text), encoding="utf-8")
    with pytest.raises(DataMistake) as caught:
        load_wording(root)
    return caught.value


def test_a_sentence_is_said_in_the_style_asked_for(root: Path) -> None:
    wording = load_wording(root)
    assert wording.say("utter_sent", Style.standard, who="Sam", read_by="Friday") == "Sam has it. Read by Friday."
    assert wording.say("utter_sent", "easy", who="Sam", read_by="Friday") == "Sam has it."


def test_a_sentence_nobody_wrote_is_a_named_error(root: Path) -> None:
    with pytest.raises(WordingMissing, match="utter_nothing"):
        load_wording(root).say("utter_nothing", Style.easy)


def test_a_value_left_out_is_a_named_error(root: Path) -> None:
    with pytest.raises(WordingMissing, match="read_by") as caught:
        load_wording(root).say("utter_sent", Style.standard, who="Sam")
    assert caught.value.key == "utter_sent"


@given(st.text())
def test_words_of_a_young_person_are_put_in_as_they_are(words: str) -> None:
    wording = Wording({"utter_x": Words(standard="You said: {words}", easy="{words}")})
    assert wording.say("utter_x", Style.standard, words=words) == "You said: " + words
    assert wording.say("utter_x", Style.easy, words=words, who="x") == words


def test_a_blank_line_starts_a_new_bubble_but_not_one_that_a_young_person_typed() -> None:
    wording = Wording({"utter_x": Words(standard="You said: {words}\n\nIt is in.", easy="In.")})
    assert wording.bubbles("utter_x", Style.standard, words="one\n\ntwo") == ["You said: one\n\ntwo", "It is in."]


def test_the_values_a_sentence_needs_can_be_asked_for(root: Path) -> None:
    assert load_wording(root).placeholders("utter_sent") == {"who", "read_by"}
    with pytest.raises(WordingMissing):
        load_wording(root).placeholders("utter_nothing")


def test_a_missing_style_is_refused_with_its_line(root: Path) -> None:
    found = mistake(root, 'version: "3.1"\nresponses:\n  utter_a:\n  - text: Hello\n')
    assert (found.file.name, found.line) == ("a.yml", 3)
    assert "there are 0" in found.reason


def test_two_standard_sentences_are_refused(root: Path) -> None:
    assert "there are 2" in mistake(root, 'version: "3.1"\nresponses:\n  utter_a:\n  - text: Hello\n  - text: Hi\n').reason


def test_braces_with_anything_but_a_name_are_refused(root: Path) -> None:
    found = mistake(root, GOOD.replace("{read_by}", "{{read_by}}"))
    assert found.line == 4
    assert "braces" in found.reason


def test_an_easy_sentence_that_needs_more_than_the_standard_one_is_refused(root: Path) -> None:
    assert "{code}" in mistake(root, GOOD.replace('"{who} has it."', '"{code}"')).reason


def test_a_condition_on_another_slot_is_refused(root: Path) -> None:
    assert mistake(root, GOOD.replace("name: style", "name: mood")).line == 5


def test_a_key_that_rasa_would_not_take_is_refused(root: Path) -> None:
    assert mistake(root, GOOD.replace("utter_sent", "sent")).line == 3


def test_the_same_key_in_two_files_is_refused_where_it_stands_again(root: Path) -> None:
    found = mistake(root, GOOD, file="b.yml")
    assert (found.file.name, found.line) == ("b.yml", 3)
