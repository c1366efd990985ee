from pathlib import Path

import pytest

from records.themes import load_themes
from voice.pathways.model import TOPICS

THEMES = load_themes(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("i want to see my sister more", "brothers_sisters"),
        ("my social worker never rings", "my_worker"),
        ("can i have my own room", "bedroom_things"),
        ("my review is on tuesday", "meetings_reviews"),
        ("the wifi is rubbish", "phone_internet"),
        ("I don't like my new placement", "home"),
    ],
)
def test_a_text_is_about_what_its_words_are_about(text: str, topic: str) -> None:
    assert topic in THEMES.topics_of(text)


def test_the_topic_with_the_most_cues_comes_first() -> None:
    assert THEMES.topics_of("my teacher said my maths homework for school is late")[0] == "school_college_work"


def test_a_text_without_a_cue_has_no_topic() -> None:
    assert THEMES.topics_of("hmm") == ()


def test_every_topic_but_other_has_cues() -> None:
    assert set(THEMES.topics) == set(TOPICS) - {"other"}


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("thank you my key worker is the best", "praise"),
        ("im worried about moving", "worry"),
        ("i want more time with my nan", "wish"),
        ("when is my review", "question"),
        ("Do they read this?", "question"),
        ("my review is on tuesday", "statement"),
    ],
)
def test_the_stance_is_heard(text: str, stance: str) -> None:
    assert THEMES.stance_of(text) == stance
