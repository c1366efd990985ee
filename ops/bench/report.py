"""The figures as a table for people and as JSON for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any

import psutil  # type: ignore[import-untyped]

from ops.bench.figures import Measured
from ops.bench.measuring import Run

_TITLES = {"sayso": "Sayso", "form_bot": "five-question form bot", "init_bot": "`rasa init` bot"}
_YARDSTICK = "form_bot"

Figure = Callable[[Measured], float]


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was before (load average over a minute)."""
    return {
        "system": platform.platform(terse=True),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def mistakes(run: Run) -> list[str]:
    """A line for everything that was wrong with an answer or with what was kept. Empty: every figure counts."""
    lines = [f"{name}, {count} times: {wrong}" for name, bot in run.bots.items() for wrong, count in bot.wrong().items()]
    lines += [f"{name}: of {bot.saved} saved messages {bot.not_kept} are missing" for name, bot in run.bots.items() if bot.not_kept]
    return lines


def as_plain(run: Run, on: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The whole result as plain data. Times in seconds, memory in bytes."""
    return {
        "at": now.isoformat(timespec="seconds"),
        "machine": on,
        "passes": run.passes,
        "bots": {name: _plain_bot(measured, run) for name, measured in run.bots.items()},
    }


def as_markdown(run: Run, on: dict[str, Any], now: datetime) -> str:
    """A table with a column for each bot; in brackets how many times the form bot's figure it is."""
    names = list(run.bots)
    plan = run.plan
    lines = [
        f"{now:%d %B %Y %H:%M} UTC, {on['system']}, {on['processor']}, {on['cores']} cores, {on['memory_gb']} GB, Python {on['python']}, "
        f"Rasa {on['rasa']}; load average before the run {on['load_before']}; passes: {run.passes} of {plan.passes}.",
        "",
        "| | " + " | ".join(_TITLES[name] for name in names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    for load in plan.loads:
        users = f"{load.users} user{'s' if load.users > 1 else ''}"
        lines.append(_row(run, f"{users}: turn, p50", _at(load.users, "p50"), _ms))
        lines.append(_row(run, f"{users}: turn, p95", _at(load.users, "p95"), _ms))
        lines.append(_row(run, f"{users}: turns a second", _at(load.users, "turns_per_second"), _plain_number))
    lines.append(_row(run, f"turn {plan.early} of a chat", lambda bot: bot.early(), _ms))
    lines.append(_row(run, f"turn {plan.late} of the same chat", lambda bot: bot.late(), _ms))
    lines.append(
        _row(
            run,
            f"turn {plan.late} against turn {plan.early}",
            lambda bot: bot.late() / bot.early(),
            lambda value: f"{value:.2f}",
            ratio=False,
        )
    )
    lines.append(_row(run, "start of the processes to ready", lambda bot: bot.start, lambda value: f"{value:.0f} s"))
    lines.append(_row(run, "memory of all processes after the run", lambda bot: bot.memory, lambda value: f"{value / 1e6:.0f} MB"))
    lines.append(_row(run, "answers, each checked and right", lambda bot: bot.checked(), lambda value: f"{value:.0f}", ratio=False))
    lines += ["", f"Sayso acknowledged {run.bots['sayso'].saved} messages as saved; all of them are in the transcripts afterwards."]
    return "\n".join(lines) + "\n"


def _plain_bot(measured: Measured, run: Run) -> dict[str, Any]:
    return {
        "start": measured.start,
        "memory": measured.memory,
        "users": {str(load.users): vars(measured.figures(load.users)) for load in run.plan.loads},
        "chat": {f"turn_{run.plan.early}": measured.early(), f"turn_{run.plan.late}": measured.late()},
        "answers_checked": measured.checked(),
        "saved": measured.saved,
    }


def _row(run: Run, title: str, figure: Figure, show: Callable[[float], str], *, ratio: bool = True) -> str:
    cells = []
    for name, measured in run.bots.items():
        cell = show(figure(measured))
        if ratio and name != _YARDSTICK:
            cell += f" ({figure(measured) / figure(run.bots[_YARDSTICK]):.2f} ×)"
        cells.append(cell)
    return f"| {title} | " + " | ".join(cells) + " |"


def _at(users: int, name: str) -> Figure:
    return lambda measured: float(getattr(measured.figures(users), name))


def _plain_number(value: float) -> str:
    return f"{value:.2f}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            named = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        named = []
    return named[0] if named else platform.processor() or platform.machine()
