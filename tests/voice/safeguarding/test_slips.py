"""Slips of the fingers are put right where it is clear what was meant, and nowhere else."""

import pytest

from records.ear import load_ear
from records.safety_data import load_listening_screen, load_screen
from records.settings import Settings
from voice.safeguarding.slips import Slips

ROOT = Settings().root
KNOWN = frozenset({"scared", "school", "sister", "tired", "tried", "skool", "becos"})
SLIPS = Slips(KNOWN, common=("sister", "scared", "tried", "school", "every"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sitser", "sister"),
        ("scarred", "scared"),
        ("shcool", "school"),
        ("schol", "school"),
        ("evry", "every"),
    ],
)
def test_one_slip_in_a_common_word_is_put_right(typed: str, meant: str) -> None:
    assert SLIPS.put_right(typed) == meant


@pytest.mark.parametrize("word", ["skool", "becos", "tired", "tried"])
def test_what_many_write_so_stays_so(word: str) -> None:
    assert SLIPS.put_right(word) == word


@pytest.mark.parametrize("word", ["evr", "very", "scoool", "cared", "sisterly", "hippopotamus", "", "ëvery"])
def test_what_is_no_single_slip_stays(word: str) -> None:
    assert SLIPS.put_right(word) == word


def test_of_two_words_the_commoner_one_was_meant() -> None:
    assert Slips(common=("there", "three")).put_right("thre") == "there"
    assert Slips(common=("three", "there")).put_right("thre") == "three"


def test_words_of_three_lessons_are_known_and_of_twenty_five_common() -> None:
    slips = Slips.learned([["nana"]] * 3 + [["gran"]] * 2 + [["sister", "sister"]] * 25 + [["brother"] * 2] * 24)
    assert slips.known == {"nana", "sister", "brother"}
    assert slips.common == ("sister",)


def test_a_message_is_read_without_its_slips() -> None:
    screen = load_listening_screen(ROOT)
    assert " ".join(screen.plain("my sitser saw the sacred tables in teh drak").words) == "my sister saw the sacred tables in teh dark"
    assert load_screen(ROOT).plain("my sitser").words == ("my", "sitser")


def test_what_the_lessons_know_is_kept_with_what_was_learned() -> None:
    slips = load_ear(ROOT).slips
    assert {"brother", "school", "because"} <= set(slips.common) <= slips.known
