"""From single turns to figures. Every time is in seconds, memory in bytes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ops.bench.load import Growth, Load, Round
from ops.bench.visitors import Turn


@dataclass(frozen=True)
class Figures:
    """The turns of all rounds with one number of users."""

    turns: int
    p50: float
    p95: float
    turns_per_second: float


@dataclass
class Measured:
    """Everything found out about one bot."""

    start: float
    rounds: dict[int, list[Round]] = field(default_factory=dict)
    """By number of users."""
    growths: list[Growth] = field(default_factory=list)
    memory: int = 0
    saved: int = 0
    """Messages acknowledged as saved."""
    not_kept: int = 0
    """Of those, how many are not in the transcripts."""

    def add(self, load: Load, found: Round) -> None:
        """One more round."""
        self.rounds.setdefault(load.users, []).append(found)

    def figures(self, users: int) -> Figures:
        """The rounds with so many users, taken together."""
        rounds = self.rounds[users]
        turns = [turn for one in rounds for turn in one.turns]
        seconds = [turn.seconds for turn in turns]
        return Figures(len(turns), median(seconds), percentile(seconds, 95), len(turns) / sum(one.seconds for one in rounds))

    def early(self) -> float:
        """The median turn around the early turn of a long chat."""
        return median(turn.seconds for growth in self.growths for turn in growth.early())

    def late(self) -> float:
        """The median turn around the late turn of a long chat."""
        return median(turn.seconds for growth in self.growths for turn in growth.late())

    def wrong(self) -> dict[str, int]:
        """What was wrong with answers, and how often. Empty when all were right."""
        return dict(Counter(turn.wrong for turn in self._turns() if turn.wrong))

    def checked(self) -> int:
        """How many answers were looked at."""
        return len(self._turns())

    def _turns(self) -> list[Turn]:
        turns = [turn for rounds in self.rounds.values() for one in rounds for turn in one.turns]
        return turns + [turn for growth in self.growths for turn in growth.turns]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share / 100 * len(ordered)), 1) - 1]
