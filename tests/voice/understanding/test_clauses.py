"""Where one thought ends and the next begins, in messages without full stops."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.clauses import load_clauses
from voice.understanding.clauses import thoughts

SHEET = load_clauses(Path(__file__).resolve().parents[3])


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in thoughts(text, SHEET)]


@pytest.mark.parametrize(
    "said",
    [
        "my reviews thursday / n / i hate my new school / can my nan come",
        "my review is on tuesday / and / i dont want my dad there",
        "its my review next week / and / i want my nan there but not my dad cos he shouts",
        "ive got my lac review on the 12th of may / and / schools going rubbish / nobody talks to me",
        "my reviews on friday / idk what to say / i like it at jos / but / i miss my brother / and / i want my mum to come",
        "i got my meeting tomoro / can nan come pls / and / i dont want miss carter from school there",
        "can my nan come to my review / its on thursday / and / i hate school",
        "meeting thurs!! / dnt want dad there, / wanna bring my mate, / school is doing my head in",
        "review nxt week / i want my mum n my nan there / n / i dont like the food here",
        "my meeting is on monday / i like my room / i like the dog / i dont like the rules",
        "i have a review soon / and / im worried about moving / and / i like my carers / and / can my sister come",
        "i want to change my contact / i want to see my mum more / and / i hate my bedroom",
        "my phone got taken off me / and / i want it back / n / i want to see my sister more",
        "my social worker never rings me back / but / she is nice when she comes / and / she got me a bike",
        "i love my new school / but / the bus is too early / n / can i have a later bedtime",
        "mum says i can come home soon / but / my social worker says no / and / i dont know who to believe",
        "i won an award at football today / my coach said im the best / and / my carer came to watch",
        "hi can i talk about my review / its next thursday, / i want my dad to come / but / my mum cant cos they argue",
        "ok / n / can my nan come",
        "he said i can go / but then / she said no",
        "i love living with sue. / can i see my dad more",
        "first thing\\n / second thing",
    ],
)
def test_each_thought_of_a_run_on_message_is_found(said: str) -> None:
    pieces = [piece.strip() for piece in said.replace("\\n", "").split(" / ")]
    text = said.replace("\\n / ", "\n").replace(" / ", " ")
    links = {*SHEET.links, "but then"}
    assert cut(text) == [piece for piece in pieces if piece not in links]


@pytest.mark.parametrize(
    "said",
    [
        "i want my nan there but not my dad cos he shouts",
        "the people i live with are nice and the house i stay in is big",
        "my mum and my dad and my nan are coming",
        "all i want is my phone back",
        "i think my mum is ill",
        "i hate it when my brother gets more than me",
        "everytime i go home my dad shouts",
        "i dont know what i want",
        "i want to see my mum my dad and my sister",
        "i like my room because its big",
        "nobody will tell me when i can see her",
        "she makes me feel safe",
        "and another thing",
        "and",
        "???",
    ],
)
def test_one_thought_stays_one(said: str) -> None:
    (one,) = cut(said)
    assert said.endswith(one)


@given(st.text(max_size=300))
def test_every_word_stands_in_a_thought_or_ties_two_together(text: str) -> None:
    spans = thoughts(text, SHEET)
    assert spans == sorted(spans)
    outside = text
    for start, end in reversed(spans):
        assert text[start:end].strip() == text[start:end] != ""
        outside = outside[:start] + " " + outside[end:]
    assert all(re.sub(r"[^\w&+]", "", word.lower()) in SHEET.links for word in outside.split())


def test_a_message_of_very_many_thoughts_is_read_all_the_same() -> None:
    assert sum(len(one.split()) for one in cut("i hate it here. " * 400)) == 1600
