"""Users who walk: many at once, or one for a long time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ops.bench.visitors import Turn, Visitor

_LONGEST_ROUND = 75
"""Seconds after which no user begins a further turn."""


@dataclass(frozen=True)
class Load:
    """So many users at once, each walking so many times in one chat, without a pause."""

    users: int
    walks: int


@dataclass
class Round:
    """What a load came to. `seconds` is from the first turn's start to the last one's end."""

    turns: list[Turn] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Growth:
    """The turns of one long chat, and how they fall into walks: `ends` has the number of turns after each walk.

    Whole walks are compared, because the steps of a walk differ in weight.
    """

    at_early: int
    at_late: int
    """The numbers, counted from 1, of the two turns whose walks are compared."""
    turns: list[Turn] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def early(self) -> list[Turn]:
        """The walk in which the early turn lies."""
        return self._walk_with(self.at_early)

    def late(self) -> list[Turn]:
        """The walk in which the late turn lies."""
        return self._walk_with(self.at_late)

    def _walk_with(self, number: int) -> list[Turn]:
        begun = 0
        for end in self.ends:
            if number <= end:
                return self.turns[begun:end]
            begun = end
        return []


async def run_round(visitors: Sequence[Visitor], walks: int) -> Round:
    """All visitors begin a chat, then all walk at once. A wrong answer ends its user's round: what follows would be wrong too."""
    for visitor in visitors:
        await visitor.begin()
    done = Round()
    begun = time.perf_counter()

    async def walk(visitor: Visitor) -> None:
        for _ in range(walks):
            for step in visitor.steps:
                if time.perf_counter() - begun > _LONGEST_ROUND:
                    return
                turn = await visitor.turn(step)
                done.turns.append(turn)
                if turn.wrong:
                    return

    await asyncio.gather(*(walk(visitor) for visitor in visitors))
    done.seconds = time.perf_counter() - begun
    return done


async def run_growth(visitor: Visitor, early: int, late: int) -> Growth:
    """One user alone walks again and again in one chat, past turn number `late`. A wrong answer ends it."""
    await visitor.begin()
    found = Growth(early, late)
    while len(found.turns) < late:
        for step in visitor.steps:
            found.turns.append(await visitor.turn(step))
            if found.turns[-1].wrong:
                return found
        found.ends.append(len(found.turns))
    return found
