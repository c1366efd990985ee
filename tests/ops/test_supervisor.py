"""Real processes are started, killed and stopped here; they are a few lines of Python each."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest

from ops.parts import Part
from ops.supervisor import Patience, Supervisor, answers
from tests.ops.supervised import CALM, free_port, part

QUICK = Patience(first_restart=0.05, longest_restart=0.2, stop=1.0, ready=10.0, look=0.05, settle=0.05)
pytestmark = pytest.mark.faults


class Told:
    """What the supervisor said, and a way to wait for a line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._news = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._news.set()

    async def line_with(self, words: str, after: int = 0) -> str:
        """Waits for a line that holds `words`, beginning with line number `after`."""

        async def wait() -> str:
            while True:
                for line in self.lines[after:]:
                    if words in line:
                        return line
                self._news.clear()
                await self._news.wait()

        return await asyncio.wait_for(wait(), 20)


@asynccontextmanager
async def supervised(folder: Path, *parts: Part, patience: Patience = QUICK) -> AsyncIterator[tuple[Supervisor, Told]]:
    told = Told()
    supervisor = Supervisor(parts, root=folder, log_folder=folder / "log", tell=told, patience=patience)
    running = asyncio.create_task(supervisor.run(lambda: told("all up")))
    try:
        yield supervisor, told
    finally:
        supervisor.stop()
        await asyncio.wait_for(running, 20)


def children(name: str) -> list[psutil.Process]:
    """Our children that have `name` on their command line."""
    return [child for child in psutil.Process().children() if any(name in word for word in child.cmdline())]


async def test_a_part_that_is_killed_is_started_again_and_it_says_so(tmp_path: Path) -> None:
    async with supervised(tmp_path, part("rasa", CALM + " # rasa-double")) as (_, told):
        await told.line_with("all up")
        (first,) = children("rasa-double")
        first.kill()
        assert await told.line_with("rasa stopped") == "rasa stopped (exit -9); starting it again"
        await told.line_with("rasa is ready again")
        (second,) = children("rasa-double")
        assert second.pid != first.pid
    assert not second.is_running()


async def test_a_part_that_never_gets_ready_is_tried_less_and_less_often_and_its_log_is_named(tmp_path: Path) -> None:
    nowhere = Part("desk", (sys.executable, "-S", "-c", "print('no such thing'); raise SystemExit(3)"), port=free_port())
    async with supervised(tmp_path, nowhere) as (_, told):
        assert await told.line_with("desk stopped (exit 3); starting it again in") == (
            f"desk stopped (exit 3); starting it again in 0.1 s; why is in {tmp_path / 'log' / 'desk.log'}"
        )
    assert (tmp_path / "log" / "desk.log").read_text().startswith("no such thing")


async def test_a_part_that_dies_while_it_is_asked_whether_it_is_ready_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf_to_cancelling(_part: Part) -> bool:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return False

    monkeypatch.setattr("ops.supervisor.answers", deaf_to_cancelling)
    async with supervised(tmp_path, Part("desk", (sys.executable, "-S", "-c", "raise SystemExit(1)"), port=1)) as (_, told):
        await told.line_with("desk stopped (exit 1); starting it again in")


async def test_what_is_not_ready_in_time_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    deaf = Part("gateway", (sys.executable, "-S", "-c", CALM), port=free_port())
    patience = Patience(ready=0.5, look=0.05, settle=0.05)
    async with supervised(tmp_path, part("post", CALM), deaf, patience=patience) as (_, told):
        assert "gateway" in await told.line_with("Not ready after")
        await told.line_with("all up")
        assert "post is ready" in told.lines
        assert not any("gateway is ready" in line for line in told.lines)


async def test_a_part_that_cannot_even_be_started_does_not_stop_the_others(tmp_path: Path) -> None:
    async with supervised(tmp_path, Part("post", ("/no/such/program",)), part("council", CALM)) as (_, told):
        await told.line_with("post could not be started (No such file or directory)")
        await told.line_with("council is ready")


async def test_a_part_with_a_health_page_is_ready_when_that_answers_200() -> None:
    statuses = iter([b"503 Service Unavailable", b"200 OK"])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + next(statuses) + b"\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        gateway = Part("gateway", (), host="0.0.0.0", port=port, health="/healthz")  # noqa: S104
        assert not await answers(gateway)
        assert await answers(gateway)
    assert not await answers(Part("gateway", (), port=port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_part_and_ends_well(alone: Callable[..., subprocess.Popen[str]], number: signal.Signals) -> None:
    process = alone("calm", "calm")
    parts = psutil.Process(process.pid).children()
    assert len(parts) == 2
    process.send_signal(number)
    assert process.wait(20) == 0
    assert said(process) == ["Stopping…", "over"]
    assert not any(each.is_running() for each in parts)


def test_a_part_that_does_not_listen_to_term_is_killed_after_a_while(alone: Callable[..., subprocess.Popen[str]]) -> None:
    process = alone("stubborn", "calm")
    parts = psutil.Process(process.pid).children()
    process.terminate()
    assert process.wait(20) == 0
    assert any(line.startswith("stubborn-0 did not stop") for line in said(process))
    assert not any(each.is_running() for each in parts)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent has died")
def test_nothing_outlives_a_supervisor_that_was_killed(alone: Callable[..., subprocess.Popen[str]]) -> None:
    process = alone("stubborn", "calm")
    parts = psutil.Process(process.pid).children()
    assert len(parts) == 2
    process.kill()
    process.wait(20)
    _, alive = psutil.wait_procs(parts, timeout=20)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def test_each_part_has_a_group_of_its_own_so_that_a_terminal_stops_only_the_supervisor(
    alone: Callable[..., subprocess.Popen[str]],
) -> None:
    process = alone("calm", "calm")
    groups = {os.getpgid(each.pid) for each in psutil.Process(process.pid).children()}
    assert len(groups) == 2
    assert os.getpgid(process.pid) not in groups


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts tests/ops/supervised.py with the parts named, and waits until all are up."""
    started: list[subprocess.Popen[str]] = []

    def start(*kinds: str) -> subprocess.Popen[str]:
        root = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-m", "tests.ops.supervised", str(tmp_path), *kinds]
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True)
        started.append(process)
        assert process.stdout is not None
        assert any(line == "up\n" for line in iter(process.stdout.readline, ""))
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def said(process: subprocess.Popen[str]) -> list[str]:
    """The lines since the parts were up."""
    assert process.stdout is not None
    return process.stdout.read().splitlines()
