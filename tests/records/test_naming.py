"""Names are taken out of words that leave the records."""

from __future__ import annotations

import pytest

from records.naming import Names

NAMES = Names(["Robin Example", "Anne-Marie O'Neill", "Zoë Li", "J. Ash Fernwood (demo)"])


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Robin Example is me", "[name] is me"),
        ("i am ROBIN and robin", "i am [name] and [name]"),
        ("robin's mum, robins dad", "[name]'s mum, [name]s dad"),
        ("robins’ nest", "[name]s’ nest"),
        ("Anne-Marie and annemarie and anne marie", "[name] and [name] and [name]"),
        ("mr oneill", "mr [name]"),
        ("zoe said. Zoe\u0308 said. ZOË said", "[name] said. [name] said. [name] said"),
        ("ash@x, #fernwood!", "[name]@x, #[name]!"),
        ("i went, j went", "i went, j went"),
        ("robinson, crash, exampled", "robinson, crash, exampled"),
        ("like_robin_", "like_[name]_"),
        ("", ""),
        ("😀 robin😀", "😀 [name]😀"),
        ("nothing of\nanybody", "nothing of\nanybody"),
    ],
)
def test_whole_words_that_are_a_name_go_and_everything_else_stays(text: str, without: str) -> None:
    assert NAMES.taken_out(text) == without


def test_without_names_nothing_is_taken_out() -> None:
    assert Names([]).taken_out("i am robin") == "i am robin"
