"""The whole of Sayso for tests: the same processes that `make run` starts, on ports and with a data folder of their own."""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from ops.children import dies_with_us
from ops.learning import learn_if_needed
from ops.parts import Part, all_parts
from ops.training import train_if_needed
from records import database as records_database
from records import outbox
from records.database import unit_of_work
from records.settings import Settings
from tests.conftest import forget
from tests.local_time import zones_where_it_is
from tests.mail_server import MailServer
from tests.staff import DUTY, WORKER, hired

ROOT = Path(__file__).resolve().parent.parent
CHAT = ("gateway", "rasa", "actions")
"""What a chat needs. Desk, post and council page are started when a test asks for them."""
PATIENCE = 240.0
"""Seconds anything may take at most before a test gives up: it only bounds a hang, nothing is measured by it."""
_LOOK = 0.05
_ZONES = "PYTHONTZPATH"
"""Where Python looks for time zones first."""


class Stack:
    """Sayso's processes in `folder`. Settings are given without their prefix: `Stack(folder, rasa_deadline=2)`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.data = folder / "var"
        self.log_folder = folder / "log"
        self.temporary = folder / "tmp"
        for made in (self.data, self.log_folder, self.temporary):
            made.mkdir(parents=True, exist_ok=True)
        names = ("port", "rasa_port", "actions_port", "desk_port", "council_port")
        given = dict(zip(names, free_ports(len(names)), strict=True)) | {"data_dir": self.data} | settings
        self.environment = {f"SAYSO_{name.upper()}": str(value) for name, value in given.items()}
        self.parts: Mapping[str, Part] = {part.name: part for part in all_parts(Settings(**given))}
        self.address = f"http://127.0.0.1:{given['port']}"
        self.rasa_port = int(given["rasa_port"])
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Starts parts and waits until they answer. Call it from the main thread."""
        for name in names:
            self.launch(name)
        self.wait_ready(*names)

    def launch(self, name: str) -> None:
        """Starts one part without waiting for it."""
        if self.is_running(name):
            raise RuntimeError(f"{name} is running already")
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the kernel ends a part with the thread that started it")
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SAYSO_")}
        with (self.log_folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self.parts[name].command,
                cwd=ROOT,
                env=clean | self.environment | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(self.temporary)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # it only calls prctl: no lock of another thread is needed between fork and exec
                preexec_fn=dies_with_us(),  # noqa: PLW1509
            )

    def wait_ready(self, *names: str) -> None:
        """Waits until these parts answer. Fails with the end of its log when one has ended instead."""
        for name in names:
            wait_for(functools.partial(self._answers, name), f"{name} to be ready")
        if all(self.is_running(name) for name in CHAT):
            wait_for(lambda: get(f"{self.address}/readyz") == 200, "/readyz to be 200")

    def kill(self, name: str) -> None:
        """Ends a part as `kill -9` does."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """Ends a part as the supervisor does when it is told to stop."""
        self._end(name, signal.SIGTERM)

    def pause(self, name: str) -> None:
        """Makes a part stand still: it keeps its connections and answers nobody."""
        os.killpg(self._running[name].pid, signal.SIGSTOP)

    def wake(self, name: str) -> None:
        """Lets a part go on."""
        os.killpg(self._running[name].pid, signal.SIGCONT)

    def restart(self, *names: str) -> None:
        """Stops parts in an orderly way and starts them again."""
        for name in names:
            self.stop(name)
        self.start(*names)

    def restart_all(self) -> None:
        """Everything that runs is stopped and started again."""
        self.restart(*(name for name in self.parts if self.is_running(name)))

    def live_at(self, hour: int | None) -> None:
        """Lets the clocks of people here show this hour, or the real one again. What tells the time is started again for it."""
        before = self.environment.pop(_ZONES, None)
        if hour is not None:
            now = datetime.now(timezone.utc)
            self.environment[_ZONES] = zones_where_it_is(hour, now, self.folder / "zones" / str(hour))
        if self.environment.get(_ZONES) != before:
            self.restart(*(name for name in ("gateway", "actions", "post") if self.is_running(name)))

    def make_whole(self) -> None:
        """Starts the parts of a chat that are not running."""
        self.start(*(name for name in CHAT if not self.is_running(name)))

    def is_running(self, name: str) -> bool:
        """Whether a part's process is there."""
        return name in self._running and self._running[name].poll() is None

    def check_alive(self) -> None:
        """Fails the test when a part that was started has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                pytest.fail(f"{name} has ended by itself ({process.returncode}):\n{self._end_of_log(name)}")

    def process(self, name: str) -> int:
        """The process id of a part."""
        return self._running[name].pid

    def logs(self) -> str:
        """Everything the parts have printed."""
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')}" for file in sorted(self.log_folder.glob("*.log")))

    def close(self) -> None:
        """Ends everything."""
        for name in list(self._running):
            self._end(name, signal.SIGKILL)

    @contextmanager
    def records(self) -> Iterator[None]:
        """Inside it this process reads and writes the stack's own records, with the stack's key."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            forget()
            try:
                yield
            finally:
                records_database.engine().dispose()
                forget()

    def post_is_alive(self) -> bool:
        """Whether the post has shown that it lives, so that cards say who reads and when."""
        with self.records(), unit_of_work(write=False) as work:
            return outbox.post_is_alive(work, datetime.now(timezone.utc))

    def _end(self, name: str, number: signal.Signals) -> None:
        process = self._running.pop(name)
        for one in (number, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, one)
            try:
                process.wait(timeout=20)
                return
            except subprocess.TimeoutExpired:
                continue

    def _end_of_log(self, name: str) -> str:
        return (self.log_folder / f"{name}.log").read_text(errors="replace")[-2000:]

    def _answers(self, name: str) -> bool:
        self.check_alive()
        part = self.parts[name]
        if part.port is None:
            return True
        if part.health:
            return get(f"http://{part.reach}:{part.port}{part.health}") == 200
        with socket.socket() as probe:
            probe.settimeout(2)
            return probe.connect_ex((part.reach, part.port)) == 0


@contextmanager
def stack_of(*names: str, folder: Path | None = None, **settings: Any) -> Iterator[Stack]:
    """A stack with these parts running (those of a chat if none is named), for as long as the block lasts."""
    names = names or CHAT
    with ExitStack() as leaving:
        place = folder or Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="sayso-stack-", ignore_cleanup_errors=True)))
        running = Stack(place, **settings)
        leaving.callback(running.close)
        if "rasa" in names:
            learn_if_needed(ROOT, print)
            train_if_needed(ROOT, running.log_folder, print)
        running.start(*names)
        if "post" in names:
            wait_for(running.post_is_alive, "the first sign of life of the post")
        yield running


_shared = ExitStack()


@functools.lru_cache(maxsize=1)
def shared_stack() -> Stack:
    """The stack that a whole test session shares, with the post, a mail server and workers; made when it is first asked for."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": shared_mail().port}
    stack = _shared.enter_context(stack_of(*CHAT, "post", retry_every=0.5, rasa_deadline=10, **mail))
    with stack.records(), unit_of_work() as work:
        for who in (WORKER, DUTY):
            hired(work, who, datetime.now(timezone.utc))
        work.commit()
    return stack


@functools.lru_cache(maxsize=1)
def shared_mail() -> MailServer:
    """The mail server of the shared stack."""
    return _shared.enter_context(MailServer())


def end_shared_stack() -> None:
    """Ends the shared stack, if there is one."""
    _shared.close()
    shared_stack.cache_clear()
    shared_mail.cache_clear()


def free_ports(count: int) -> list[int]:
    """As many ports that nobody listens on."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def get(address: str) -> int:
    """The status of a GET, or 0 when nobody answers."""
    try:
        return httpx.get(address, timeout=10).status_code
    except httpx.HTTPError:
        return 0


def wait_for(true: Callable[[], bool], what: str) -> None:
    """Looks again and again until something is so. Fails the test when it never comes."""
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            pytest.fail(f"waited in vain for {what}")
        time.sleep(_LOOK)
