from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.bench.figures import Measured, percentile
from ops.bench.load import Load, Round, run_growth, run_round
from ops.bench.visitors import Turn
from ops.bench.walks import Step, sayso_walk
from records.library import load_pathways
from records.settings import Settings
from voice.wording import Style

ROOT = Settings().root
STEPS = (Step("one", (), "first"), Step("two", (), "second"), Step("three", (), "third"))


class Told:
    """A visitor whose answers are known beforehand: right until the turn with the number `wrong_at`, counted from 1."""

    steps = STEPS

    def __init__(self, wrong_at: int = 0) -> None:
        self.said: list[str] = []
        self._wrong_at = wrong_at

    async def begin(self) -> None:
        self.said.append("begin")

    async def turn(self, step: Step) -> Turn:
        self.said.append(step.say)
        return Turn(len(self.said) / 10, "silence" if len(self.said) - 1 == self._wrong_at else None)


async def test_every_user_walks_so_often_in_one_chat() -> None:
    users = [Told(), Told()]
    found = await run_round(users, walks=2)
    assert [user.said for user in users] == [["begin", *["one", "two", "three"] * 2]] * 2
    assert len(found.turns) == 12
    assert found.seconds > 0


async def test_a_wrong_answer_ends_the_round_of_its_user_only_and_is_told() -> None:
    measured = Measured(start=1.0)
    measured.add(Load(2, 2), await run_round([Told(wrong_at=2), Told()], walks=2))
    assert measured.checked() == 2 + 6
    assert measured.wrong() == {"silence": 1}


async def test_a_long_chat_compares_the_whole_walks_in_which_the_two_turns_lie() -> None:
    found = await run_growth(Told(), early=2, late=7)
    assert found.ends == [3, 6, 9]
    assert found.early() == found.turns[0:3]
    assert found.late() == found.turns[6:9]


async def test_a_wrong_answer_ends_a_long_chat() -> None:
    found = await run_growth(Told(wrong_at=5), early=2, late=7)
    assert len(found.turns) == 5
    assert found.late() == []


def test_figures_take_all_rounds_with_the_same_number_of_users_together() -> None:
    measured = Measured(start=1.0)
    measured.add(Load(1, 1), Round([Turn(0.1), Turn(0.2)], seconds=1.0))
    measured.add(Load(1, 1), Round([Turn(0.3)], seconds=2.0))
    figures = measured.figures(1)
    assert (figures.turns, figures.p50, figures.p95, figures.turns_per_second) == (3, 0.2, 0.3, 1.0)


@pytest.mark.parametrize(("share", "value"), [(1, 1), (50, 10), (95, 19), (100, 20)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert percentile(list(range(20, 0, -1)), share) == value


def test_the_walk_through_sayso_answers_a_whole_pathway_and_comes_back_to_the_menu() -> None:
    walk = sayso_walk(ROOT)
    library = load_pathways(ROOT)
    assert len([step for step in walk if step.say]) >= 2
    assert walk[0].press == (library.pathways["good_news"].title.in_style(Style.standard),)
    assert walk[-1].press == (library.ending.send.choices[0].label.in_style(Style.standard),)
    assert walk[-1].expected == library.menu.ask.in_style(Style.standard)


@pytest.mark.stack
def test_a_short_run_measures_real_bots_and_every_answer_is_right(tmp_path: Path) -> None:
    environment = os.environ | {"SAYSO_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "ops.bench", "--quick"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    table, figures = sorted((tmp_path / "bench").glob("*-quick.*"), reverse=True)
    assert table.read_text() in run.stdout
    bots = json.loads(figures.read_text())["bots"]
    assert set(bots) == {"sayso", "form_bot"}
    assert all(set(bot["users"]) == {"1", "3"} and bot["memory"] > 0 for bot in bots.values())
    # four walks of the users, and as many in the long chat as it takes to get to turn 12
    steps = len(sayso_walk(ROOT))
    assert bots["sayso"]["answers_checked"] == bots["sayso"]["saved"] == steps * (4 + -(-12 // steps))
