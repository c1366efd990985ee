"""Words and sentences, for people who write without full stops."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.reader import SpacyReader

READER = SpacyReader(SpacyReader.get_default_config())


def read(words: str) -> Any:
    """The message after the reader has read it."""
    (message,) = READER.process([Message({TEXT: words})])
    return message


def sentences(words: str) -> list[str]:
    return [words[start:end] for start, end in read(words).get("sentences")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("I like it here. My room is nice!", ["I like it here.", "My room is nice!"]),
        ("i hate school\ni miss my mum", ["i hate school", "i miss my mum"]),
        ("im so happy 😂😂 we got a dog", ["im so happy 😂😂", "we got a dog"]),
        ("he came into my room and then he shouted", ["he came into my room", "and then he shouted"]),
        ("i want my phone bak n also more money", ["i want my phone bak", "n also more money"]),
        ("and then he left", ["and then he left"]),
        ("fish and chips and peas", ["fish and chips and peas"]),
        ("why??? cant i go", ["why???", "cant i go"]),
        ("one\n\n\ntwo", ["one", "two"]),
        ("no stops at all just words", ["no stops at all just words"]),
    ],
)
def test_sentences_end_where_children_end_them(written: str, expected: list[str]) -> None:
    assert sentences(written) == expected


def test_words_keep_their_own_spelling_and_carry_the_plain_one() -> None:
    tokens = read("I dnt WANNA go 2 skool").get(TOKENS_NAMES[TEXT])
    assert [token.text for token in tokens] == ["I", "dnt", "WANNA", "go", "2", "skool"]
    assert [token.lemma for token in tokens] == ["i", "dnt", "want", "go", "to", "school"]


def test_the_text_itself_is_left_alone_and_the_sentences_travel_on() -> None:
    message = read("  Hi \u200b there ")
    assert message.get(TEXT) == "  Hi \u200b there "
    assert "sentences" in message.as_dict(only_output_properties=True)


@pytest.mark.parametrize("words", ["\u200b", "   ", "\n", "😂", "/", "\u202eabc"])
def test_a_message_without_a_word_still_has_one_token(words: str) -> None:
    assert len(read(words).get(TOKENS_NAMES[TEXT])) >= 1


@given(some.text(min_size=1, max_size=120))
def test_whatever_is_typed_no_visible_character_is_outside_the_sentences(words: str) -> None:
    spans = read(words).get("sentences")
    assert all(0 <= start < end <= len(words) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(character.isspace() for place, character in enumerate(words) if place not in covered)
