"""A bot as running processes: started, waited for, weighed and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from ops.children import dies_with_us
from ops.errors import CannotGoOn
from ops.parts import Part
from ops.supervisor import answers

_LONGEST_START = 240
"""Seconds. A busy machine with two cores takes a minute for the slowest of the three."""
_LOOK = 0.1
_STOP = 10
"""Seconds until what has not ended by itself is killed."""


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Our environment without Sayso's settings, so that no real installation is met, and with `extra`."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("SAYSO_")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"}
    return plain | quiet | dict(extra)


@dataclass(frozen=True)
class Recipe:
    """How a bot is started: its processes, where they run, and what is in their environment."""

    parts: Sequence[Part]
    folder: Path
    environment: Mapping[str, str]
    logs: Path


class Running:
    """The processes of one bot. Start it from the main thread: they die with it."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    async def start(self) -> float:
        """Starts every process at once; returns the seconds until all of them answer.

        Raises CannotGoOn, with the end of the log, when one of them ends or does not answer in time.
        """
        begun = time.perf_counter()
        self._recipe.logs.mkdir(parents=True, exist_ok=True)
        for part in self._recipe.parts:
            self._processes[part.name] = self._begin(part)
        for part in self._recipe.parts:
            while not await answers(part):
                if self._processes[part.name].poll() is not None:
                    raise CannotGoOn(f"{part.name} ended while it started. {self._log(part)}")
                if time.perf_counter() - begun > _LONGEST_START:
                    raise CannotGoOn(f"{part.name} did not answer within {_LONGEST_START} s. {self._log(part)}")
                await asyncio.sleep(_LOOK)
        return time.perf_counter() - begun

    def memory(self) -> int:
        """Bytes of main memory that all its processes take (RSS; what two of them share counts twice)."""
        total = 0
        for process in self._processes.values():
            family = psutil.Process(process.pid)
            total += sum(one.memory_info().rss for one in (family, *family.children(recursive=True)))
        return total

    def check(self) -> None:
        """Raises CannotGoOn, with the end of its log, when a process has ended by itself."""
        for part in self._recipe.parts:
            process = self._processes.get(part.name)
            if process is not None and process.poll() is not None:
                raise CannotGoOn(f"{part.name} ended in the middle (exit {process.returncode}). {self._log(part)}")

    def stop(self) -> None:
        """Ends every process, whatever state it is in."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self._processes.values():
                _signal(process, number)
            ends = time.monotonic() + _STOP
            for process in self._processes.values():
                try:
                    process.wait(max(ends - time.monotonic(), 0))
                except subprocess.TimeoutExpired:
                    continue

    def _begin(self, part: Part) -> subprocess.Popen[bytes]:
        with (self._recipe.logs / f"{part.name}.log").open("wb") as out:
            return subprocess.Popen(
                part.command,
                cwd=self._recipe.folder,
                env=clean_environment(self._recipe.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                # a group of its own, so that what it starts itself ends with it
                start_new_session=True,
                # safe here: started from the main thread, before there are others
                preexec_fn=dies_with_us(),  # noqa: PLW1509
            )

    def _log(self, part: Part) -> str:
        log = self._recipe.logs / f"{part.name}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        return "\n".join(["What it said last:", *("  " + line for line in lines)])


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return
