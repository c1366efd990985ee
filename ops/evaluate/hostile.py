"""Lines made to cost much: 100,000 characters of what a reader of words could stumble over."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LENGTH = 100_000
"""Characters: the longest message that the gateway takes."""
_TRIES = 3
_ORDINARY = 60
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _filled(piece: str) -> str:
    return (piece * (LENGTH // len(piece) + 1))[:LENGTH]


def _strange_words() -> str:
    chance = random.Random(1)  # noqa: S311  the same on every run
    return " ".join("".join(chance.choices(_LETTERS, k=chance.randint(3, 12))) for _ in range(LENGTH))[:LENGTH]


def _any_signs() -> str:
    chance = random.Random(2)  # noqa: S311  the same on every run
    return "".join(
        chr(chance.choice((chance.randint(32, 126), chance.randint(160, 0x2FFF), chance.randint(0x1F300, 0x1FAFF)))) for _ in range(LENGTH)
    )


HOSTILE: Mapping[str, Callable[[], str]] = {
    "one word": lambda: "a" * LENGTH,
    "letters apart": lambda: _filled("h e h u r t s m e "),
    "letters apart that nearly make words": lambda: _filled("i i i i a a a a i "),
    "stretched": lambda: _filled("heeeeelllllp meeeee nowwwww "),
    "strange words, all different": _strange_words,
    "any signs at all": _any_signs,
    "signs that unfold": lambda: _filled("\ufdfa"),
    "stars": lambda: _filled("f*** s*x r*p* "),
    "digits for letters": lambda: _filled("k1ll m3 n0w 5h3 h1t5 "),
    "invisible letters": lambda: _filled("h\u200be\u200d h\u2060it\ufeff "),
    "accents on accents": lambda: _filled("h" + "\u0301" * 40),
    "a disclosure again and again": lambda: _filled("he hits me and he touches me and i want to die. "),
    "no, again and again": lambda: _filled("he did not never ever not hit me if he had not "),
    "beginnings of many patterns": lambda: _filled("my dad my mum he she they make me made me want to kill hurt cut "),
    "roles": lambda: _filled("my social worker my carer my mum my dad my uncle "),
    "small talk": lambda: _filled("we had tea and then we played a game and it was nice. "),
    "no spaces": lambda: _filled("hehitsmeandiwanttodie"),
    "another script": lambda: _filled("он бьет меня "),
    "emoji": lambda: _filled("😭🔪👊"),
    "new lines": lambda: _filled("he\nhit\nme\n\n"),
    "brackets": lambda: _filled('{"text": ["he hit me", '),
}


@dataclass(frozen=True)
class Cost:
    """What reading took, in seconds of processor time: of each hostile line alone, and of an ordinary line, the middle of many."""

    hostile: Mapping[str, float]
    ordinary: float


def cost(read: Callable[[str], object], ordinary: Sequence[str]) -> Cost:
    """Reads each line by itself; of a hostile one the quickest of some tries counts."""
    ordinary_costs = [_once(read, text) for text in ordinary[:_ORDINARY]]
    hostile = {name: min(_once(read, text) for _ in range(_TRIES)) for name, make in HOSTILE.items() for text in (make(),)}
    return Cost(hostile, statistics.median(ordinary_costs))


def _once(read: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started
