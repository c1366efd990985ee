"""How well Sayso understands messages it was not trained on.

The floors are a little below what the model reached when they were set: a change of data or pipeline that understands
less is seen here. Lines that were got wrong have led to new examples of their kind, so the figures flatter a little: of the
57 lines that were added last, 46 were understood before anything was learnt from them. The same file chose the threshold
of the FallbackClassifier in config.yml: from 0.1 to 0.4 two right answers are lost, and four wrong ones and half of the
guesses at what means nothing.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache

import pytest
from rasa.core.agent import Agent
from ruamel.yaml import YAML

from records.settings import Settings
from records.teaching import load_intents

ROOT = Settings().root
HELD_OUT: dict[str, list[str]] = YAML(typ="safe").load((ROOT / "tests" / "nlu" / "held_out.yml").read_text(encoding="utf-8"))
LEAST = 60
"""Examples an intent."""
FLOORS = {"need_help": 0.75, "say_something": 0.75, "prepare_review": 0.75, "stop": 0.75, "ask_if_person": 0.75, "nlu_fallback": 0.5}
FLOOR, OVERALL = 0.85, 0.92


@lru_cache(maxsize=1)
def understood() -> dict[str, list[bool]]:
    """For each intent, whether each of its lines was understood as it."""
    model = ROOT / "models" / "sayso.tar.gz"
    if not model.exists():
        pytest.fail("there is no trained model: run `make train` first")
    agent = Agent.load(str(model))

    async def one(words: str) -> str:
        return str((await agent.parse_message(words))["intent"]["name"])

    return {intent: [asyncio.run(one(words)) == intent for words in lines] for intent, lines in HELD_OUT.items()}


@pytest.mark.stack
@pytest.mark.parametrize("intent", HELD_OUT)
def test_each_intent_is_understood_as_often_as_it_was(intent: str) -> None:
    right = understood()[intent]
    assert sum(right) / len(right) >= FLOORS.get(intent, FLOOR)


@pytest.mark.stack
def test_most_of_what_children_write_is_understood() -> None:
    right = [one for intent, lines in understood().items() if intent != "nlu_fallback" for one in lines]
    assert sum(right) / len(right) >= OVERALL


def examples() -> dict[str, list[str]]:
    return load_intents(ROOT)


def test_the_held_out_lines_are_enough_and_none_is_trained_on() -> None:
    trained = {" ".join(text.lower().split()) for lines in examples().values() for text in lines}
    held = [line for lines in HELD_OUT.values() for line in lines]
    assert len(held) >= 150
    assert [line for line in held if line.lower() in trained] == []


def test_every_intent_has_many_examples_and_no_example_has_two_intents() -> None:
    found = examples()
    assert {intent: len(lines) for intent, lines in found.items() if len(lines) < LEAST} == {}
    texts = [text.lower() for lines in found.values() for text in lines]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_the_buttons_intent_has_no_examples_so_that_no_typed_words_can_be_taken_for_a_button() -> None:
    assert "choose" not in examples()
