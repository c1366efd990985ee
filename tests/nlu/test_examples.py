"""The examples Sayso learns from: readable, each there once, taught one way, and none of them near a line that measures.

A measuring line that stands in the lessons too, or nearly so, is known by heart; then `make evaluate` would say that Sayso
understands what it has only seen. These tests name the places; what is dropped is the lesson, never the measuring line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from ops.evaluate.sets import Part, load_set
from ops.learning import UNDECIDED, every_lesson
from records.teaching import load_intents, load_lessons
from tests.nlu.written import ROOT, Line, intents, lessons, measuring, near, twice


def taught() -> tuple[Line, ...]:
    """All that anything of ours learns from."""
    return (*lessons(), *(line for _, line in intents()))


def nothing_is_told(pairs: Sequence[object]) -> None:
    """Fails with one line for each pair, file by file, so that whoever reads it knows what to open."""
    if pairs:
        pytest.fail("\n".join([f"{len(pairs)} pairs", *sorted(str(pair) for pair in pairs)]), pytrace=False)


def test_every_file_is_read_and_no_line_of_it_is_left_out() -> None:
    of_files = [line for line in lessons() if line.file.startswith("data/nlu/")]
    assert [line.text for line in of_files] == [lesson.text for lesson in load_lessons(ROOT)]
    assert Counter(line.text for _, line in intents()) == Counter(text for texts in load_intents(ROOT).values() for text in texts)
    assert {lesson.text for lesson in every_lesson(ROOT)} <= {line.text for line in taught()}
    for part in ("tune", "sealed"):
        assert Counter(line.text for line in measuring(part)) == Counter(load_set(ROOT, part).texts)


def test_each_place_that_is_named_is_where_the_line_stands() -> None:
    def bare(text: str) -> str:
        return text.replace("\\", "").replace("''", "'")

    rows = {file: (ROOT / file).read_text(encoding="utf-8").splitlines() for file in {line.file for line in taught()}}
    strangers = [line.place for line in taught() if bare(line.text[:12]) not in bare(rows[line.file][line.number - 1])]
    assert strangers == []


def test_no_line_stands_twice() -> None:
    nothing_is_told([" and ".join(line.place for line in same) + f": {same[0].text!r}" for same in twice(lessons())])


def test_nothing_is_taught_as_harm_in_one_place_and_as_harmless_in_another() -> None:
    said_to_us = [Line(line.file, line.number, line.text, harm=False) for intent, line in intents() if intent not in UNDECIDED]
    both = [same for same in twice([*lessons(), *said_to_us]) if {True, False} <= {line.harm for line in same}]
    told = ["; ".join(f"{line.place} {'harm' if line.harm else 'harmless'}" for line in same) + f": {same[0].text!r}" for same in both]
    nothing_is_told(told)


@pytest.mark.parametrize("part", ["tune", "sealed"])
def test_no_lesson_is_a_line_that_measures_or_nearly_one(part: Part) -> None:
    nothing_is_told(near(taught(), measuring(part)))


def test_no_line_of_the_sealed_part_is_in_the_tuning_part_or_nearly_so() -> None:
    nothing_is_told(near(measuring("tune"), measuring("sealed")))


@pytest.mark.parametrize("part", ["tune", "sealed"])
def test_no_line_measures_twice(part: Part) -> None:
    nothing_is_told([" and ".join(line.place for line in same) for same in twice(measuring(part))])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("My hamster died on Tuesday.", "my hamster died on tuesday"),
        ("i dont wanna go to contact", "I don't want to go to contact!"),
        ("what happens at a review? i never been to one", "what happens at a review, i have never been to one"),
        (
            "they came in the night and took my phone",
            "They came in the night and took my phone, and nobody told me why or when I get it back.",
        ),
    ],
)
def test_copies_with_other_spelling_or_a_tail_are_seen(one: str, other: str) -> None:
    assert len(near([Line("a", 1, one)], [Line("b", 1, other)])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("my social worker never rings me back", "my social worker came to my show"),
        ("i want to see my nan more", "i want to see my dog"),
        ("!!!", "they came in the night"),
    ],
)
def test_lines_that_only_begin_alike_are_not(one: str, other: str) -> None:
    assert near([Line("a", 1, one)], [Line("b", 1, other)]) == []
