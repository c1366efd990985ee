"""One foreground process that starts every part, starts again what dies, and stops all of them together.

Why our own: docs/decisions/0003-own-supervisor.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.children import dies_with_us
from ops.parts import Part

_LOG_LIMIT = 10_000_000
"""Bytes. A longer log is put aside when its part is started by a new supervisor."""


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what, in seconds."""

    first_restart: float = 0.5
    longest_restart: float = 15.0
    stop: float = 5.0
    ready: float = 120.0
    look: float = 0.2
    settle: float = 1.0
    """A part without a port is taken for ready when it has run for this long."""


@dataclass
class _Run:
    """A part and what is known of its present process."""

    part: Part
    log: Path
    process: Process | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    deaths: int = 0
    was_ready: bool = False


class Supervisor:
    """Keeps `parts` running in `root`, with their output in `log_folder`; `tell` gets one line for everything that happens."""

    def __init__(
        self, parts: Sequence[Part], *, root: Path, log_folder: Path, tell: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        self._runs = [_Run(part, log_folder / f"{part.name}.log") for part in parts]
        self._root = root
        self._log_folder = log_folder
        self._tell = tell
        self._patience = patience or Patience()
        self._stopping = asyncio.Event()

    async def run(self, when_ready: Callable[[], None]) -> None:
        """Returns when a signal or `stop` has ended everything. `when_ready` is called once, when every part answers.

        A part that is still not ready after the patience for it is named, and `when_ready` is called all the same.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        self._log_folder.mkdir(parents=True, exist_ok=True)
        for run in self._runs:
            _put_aside(run.log)
        keepers = [asyncio.create_task(self._keep(run)) for run in self._runs]
        # none of these ends early but by a fault of ours, which must not leave the parts running unwatched
        living: asyncio.Future[Any] = asyncio.gather(*keepers, self._announce(when_ready))
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await _first_of(living, stopped)
        finally:
            self._stopping.set()
            await asyncio.gather(*(self._end(run) for run in self._runs))
            await asyncio.wait([*keepers, stopped])
        await living

    def stop(self) -> None:
        """Begins to stop everything. Asked a second time, nothing is waited for any more."""
        if self._stopping.is_set():
            for run in self._runs:
                if run.process is not None and run.process.returncode is None:
                    _signal(run.process, signal.SIGKILL)
            return
        self._tell("Stopping…")
        self._stopping.set()

    async def _keep(self, run: _Run) -> None:
        """Starts a part, and again whenever it ends, until everything stops."""
        while not self._stopping.is_set():
            end = await self._live_once(run)
            if self._stopping.is_set():
                return
            # one that had been ready is wanted back at once; one that never gets that far must not keep the machine busy
            run.deaths = 1 if run.ready.is_set() else run.deaths + 1
            run.ready.clear()
            wait = min(self._patience.first_restart * 2 ** (run.deaths - 1), self._patience.longest_restart)
            soon = "starting it again" if run.deaths == 1 else f"starting it again in {wait:g} s; why is in {run.log}"
            self._tell(f"{run.part.name} {end}; {soon}")
            await self._stops_within(wait)

    async def _live_once(self, run: _Run) -> str:
        """One life of a part, from its start to its end. Returns how it ended, in words."""
        try:
            run.process = await self._start(run)
        except OSError as error:
            return f"could not be started ({error.strerror})"
        if self._stopping.is_set():
            # the others were told to stop while this one was being started
            await self._end(run)
        watcher = asyncio.create_task(self._watch(run, run.process))
        code = await run.process.wait()
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
        # what it may have started itself is not left behind
        _signal(run.process, signal.SIGKILL)
        return f"stopped (exit {code})"

    async def _start(self, run: _Run) -> Process:
        with run.log.open("ab") as out:
            return await asyncio.create_subprocess_exec(
                *run.part.command,
                cwd=self._root,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                stdin=DEVNULL,
                stdout=out,
                stderr=STDOUT,
                # a group of its own: Ctrl-C reaches only us, and we end the parts in an orderly way
                start_new_session=True,
                preexec_fn=dies_with_us(),
            )

    async def _watch(self, run: _Run, process: Process) -> None:
        """Says when a part is ready."""
        if run.part.port is None:
            await asyncio.sleep(self._patience.settle)
        # the end of the process is looked at too: Python 3.10's wait_for can swallow the cancelling of this task
        while process.returncode is None and not await answers(run.part):
            await asyncio.sleep(self._patience.look)
        if process.returncode is None:
            self._tell(f"{run.part.name} is ready{' again' if run.was_ready else ''}")
            run.was_ready = True
            run.ready.set()

    async def _announce(self, when_ready: Callable[[], None]) -> None:
        everything = asyncio.create_task(self._everything_ready())
        stopped = asyncio.create_task(self._stopping.wait())
        await _first_of(everything, stopped, timeout=self._patience.ready)
        for waiting in (everything, stopped):
            waiting.cancel()
        if self._stopping.is_set():
            return
        missing = ", ".join(run.part.name for run in self._runs if not run.was_ready)
        if missing:
            self._tell(f"Not ready after {self._patience.ready:.0f} s: {missing}. Why is in {self._log_folder}. Sayso keeps trying.")
        when_ready()

    async def _everything_ready(self) -> None:
        for run in self._runs:
            await run.ready.wait()

    async def _end(self, run: _Run) -> None:
        """TERM, and KILL for what has not ended in time."""
        process = run.process
        if process is None or process.returncode is not None:
            return
        _signal(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self._patience.stop)
        except asyncio.TimeoutError:
            self._tell(f"{run.part.name} did not stop in {self._patience.stop:.0f} s; ending it")
            _signal(process, signal.SIGKILL)
            await process.wait()

    async def _stops_within(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except asyncio.TimeoutError:
            return


async def _first_of(*those: asyncio.Future[Any], timeout: float | None = None) -> None:
    await asyncio.wait(those, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


async def answers(part: Part) -> bool:
    """Whether a part is ready: 200 at its health path, or an open port when it has none, or no port at all."""
    if part.port is None:
        return True
    try:
        return await asyncio.wait_for(_asked(part, part.port), 2)
    except (OSError, asyncio.TimeoutError):
        return False


async def _asked(part: Part, port: int) -> bool:
    reader, writer = await asyncio.open_connection(part.reach, port)
    try:
        if part.health is None:
            return True
        writer.write(f"GET {part.health} HTTP/1.1\r\nHost: {part.reach}\r\nConnection: close\r\n\r\n".encode())
        status = await reader.readline()
        return status.split(b" ")[1:2] == [b"200"]
    finally:
        writer.close()


def _signal(process: Process, number: signal.Signals) -> None:
    """Sends a signal to a part's whole group, if any of it is left."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _put_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        os.replace(log, log.with_suffix(".log.1"))
