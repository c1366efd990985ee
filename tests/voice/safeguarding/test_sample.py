"""The sum behind "how much is missed?"."""

from __future__ import annotations

import pytest

from voice.safeguarding.sample import drawn, miss_rate

IDS = [f"message-{number}" for number in range(1000)]


@pytest.mark.parametrize(
    ("read", "missed", "low", "high"),
    [
        (10, 0, 0.0, 0.2775),
        (40, 1, 0.0044, 0.1288),
        (100, 5, 0.0215, 0.1118),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_the_interval_is_wilsons(read: int, missed: int, low: float, high: float) -> None:
    found = miss_rate(read, missed)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


def test_with_nothing_read_nothing_is_known() -> None:
    assert (miss_rate(0, 0).low, miss_rate(0, 0).high) == (0.0, 1.0)


def test_the_interval_holds_the_share_and_narrows_with_reading() -> None:
    for read in (5, 50, 500):
        for missed in range(0, read + 1, max(1, read // 5)):
            found = miss_rate(read, missed)
            assert 0.0 <= found.low <= missed / read <= found.high <= 1.0
    assert miss_rate(500, 5).high - miss_rate(500, 5).low < miss_rate(50, 0).high


def test_two_in_a_hundred_are_drawn_but_never_too_few() -> None:
    assert len(drawn(IDS, percent=2, at_least=10, seed="a")) == 20
    assert len(drawn(IDS[:101], percent=2, at_least=1, seed="a")) == 3
    assert len(drawn(IDS[:200], percent=2, at_least=10, seed="a")) == 10
    assert sorted(drawn(IDS[:4], percent=2, at_least=10, seed="a")) == sorted(IDS[:4])
    assert drawn([], percent=2, at_least=10, seed="a") == []


def test_the_same_seed_draws_the_same_and_another_seed_something_else() -> None:
    once = drawn(IDS, percent=2, at_least=10, seed="2026-W48 x")
    assert once == drawn(IDS, percent=2, at_least=10, seed="2026-W48 x")
    assert once != drawn(IDS, percent=2, at_least=10, seed="2026-W48 y")
    assert len(set(once)) == len(once)
