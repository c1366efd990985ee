"""One run: makes the bots, starts them, and measures them in turn, so that the machine's other work hits all alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from ops.bench import bots, projects
from ops.bench.bots import Bot
from ops.bench.figures import Measured
from ops.bench.load import Load, run_growth, run_round
from ops.bench.processes import Running
from ops.bench.visitors import not_kept
from ops.errors import CannotGoOn
from ops.training import Teller

_LONGEST_RUN = 660
"""Seconds after which no further pass is begun, if it would take as long as the one before."""


@dataclass(frozen=True)
class Plan:
    """What is measured. A pass is one round of every load and one long chat, for every bot."""

    loads: Sequence[Load]
    passes: int
    early: int
    late: int
    with_init_bot: bool


FULL = Plan(loads=(Load(1, 4), Load(10, 2), Load(50, 1)), passes=3, early=5, late=100, with_init_bot=True)
QUICK = Plan(loads=(Load(1, 1), Load(3, 1)), passes=1, early=5, late=12, with_init_bot=False)
"""For a look whether it works: the starter bot is left out, because it takes minutes to train and to start."""


@dataclass
class Run:
    """What a run came to."""

    plan: Plan
    passes: int
    bots: dict[str, Measured]


async def measure(plan: Plan, root: Path, results: Path, folder: Path, tell: Teller) -> Run:
    """Measures every bot of the plan.

    In `results` trained projects are looked for and left, and logs are written; `folder` is an empty one in which the bots run.
    Raises CannotGoOn when a bot cannot be trained or started, or dies.
    """
    begun = time.monotonic()
    chosen = _bots(plan, root, results, folder, tell)
    running = {bot.name: Running(bot.recipe) for bot in chosen}
    found = Run(plan, 0, {})
    try:
        for bot in chosen:
            found.bots[bot.name] = Measured(await running[bot.name].start())
            tell(f"{bot.name} is ready after {found.bots[bot.name].start:.0f} s")
        await _passes(plan, chosen, found, begun, tell)
        for bot in chosen:
            running[bot.name].check()
            measured = found.bots[bot.name]
            measured.memory = running[bot.name].memory()
            measured.saved = sum(len(chat.saved) for chat in bot.chats)
            measured.not_kept = await not_kept(bot.http, bot.chats)
    except httpx.HTTPError as error:
        for process in running.values():
            process.check()
        raise CannotGoOn(f"A bot could not be reached any more ({type(error).__name__}).") from None
    finally:
        for process in running.values():
            process.stop()
        for bot in chosen:
            await bot.http.aclose()
    return found


def _bots(plan: Plan, root: Path, results: Path, folder: Path, tell: Teller) -> list[Bot]:
    kept, logs = results / "trained", results / "log"
    chosen = [bots.sayso(root, folder / "sayso", logs), bots.form_bot(projects.form_bot(kept, tell), folder / "form_bot", logs)]
    if plan.with_init_bot:
        chosen.append(bots.init_bot(projects.init_bot(kept, tell), folder / "init_bot", logs))
    return chosen


async def _passes(plan: Plan, chosen: Sequence[Bot], found: Run, begun: float, tell: Teller) -> None:
    """Passes until the plan is done or the time is over."""
    last = 0.0
    while found.passes < plan.passes and time.monotonic() - begun + last < _LONGEST_RUN:
        pass_begun = time.monotonic()
        await _pass(plan, chosen, found)
        found.passes += 1
        last = time.monotonic() - pass_begun
        so_far = ", ".join(f"{name} {bot.figures(plan.loads[-1].users).turns_per_second:.1f}" for name, bot in found.bots.items())
        tell(f"pass {found.passes} of {plan.passes} took {last:.0f} s; turns a second with {plan.loads[-1].users} users: {so_far}")


async def _pass(plan: Plan, chosen: Sequence[Bot], found: Run) -> None:
    for load in plan.loads:
        for bot in chosen:
            visitors = [bot.visitor() for _ in range(load.users)]
            found.bots[bot.name].add(load, await run_round(visitors, load.walks))
    for bot in chosen:
        found.bots[bot.name].growths.append(await run_growth(bot.visitor(), plan.early, plan.late))
