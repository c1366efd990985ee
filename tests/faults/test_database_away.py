"""A database that cannot take anything for a while: locked by another process, or on a disk that is full."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from records.database import unit_of_work
from records.tables import Message
from tests.faults.fake_rasa import FakeRasa
from tests.stack import Stack, stack_of
from tests.visitor import Refused, Visitor, new_id

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(10)
connection.execute("ROLLBACK")
"""
CALM = "my new shoes are blue"
WORRYING = "i want to kill myself"

pytestmark = pytest.mark.faults


class Tries:
    """Sends messages, and notes what became of each: acknowledged or refused."""

    def __init__(self, stack: Stack) -> None:
        self.acknowledged: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.helped = 0
        self._visitor = Visitor(stack.address)
        self._visitor.start()
        self._stack = stack

    def send(self, text: str, client_id: str | None = None) -> bool:
        """Whether it was acknowledged. If not, it must have been refused in plain words, and with help if it was worrying."""
        one = client_id or new_id()
        try:
            self._visitor.says(text, one)
        except Refused as refused:
            self._check_refusal(refused, text)
            self.refused[one] = text
            return False
        self.acknowledged[one] = text
        self.refused.pop(one, None)
        return True

    def _check_refusal(self, refused: Refused, text: str) -> None:
        assert (refused.status, refused.body["error"]) == (503, "not_saved")
        assert "could not save that" in refused.body["message"]
        if WORRYING in text:
            assert refused.body["messages"][-1]["help"][0]["call"] == "999"
            self.helped += 1

    def send_again(self) -> None:
        """What was refused, with the same ids, as the page does when somebody presses "Try again"."""
        for one, text in list(self.refused.items()):
            assert self.send(text, one)

    def check(self) -> None:
        """Acknowledged is stored, and nothing else is."""
        with self._stack.records(), unit_of_work(write=False) as work:
            query = select(Message).where(Message.conversation_id == self._visitor.conversation, Message.said_by == "me")
            stored = {str(row.client_id): row.text for row in work.session.scalars(query)}
        print(f"\n{len(self.acknowledged)} messages acknowledged, {len(stored)} stored, {len(self.refused)} refused")
        assert stored == self.acknowledged


@pytest.mark.stack
def test_while_another_process_locks_the_database_every_message_is_stored_or_refused_with_help(stack: Stack) -> None:
    tries = [Tries(stack) for _ in range(4)]
    locker = subprocess.Popen([sys.executable, "-c", HOLD, str(stack.data / "sayso.db")], stdout=subprocess.PIPE, text=True)
    assert locker.stdout is not None
    assert locker.stdout.readline() == "held\n"

    def keep_trying(one: Tries, text: str) -> None:
        while locker.poll() is None:
            one.send(text)

    threads = [threading.Thread(target=keep_trying, args=(one, text)) for one, text in zip(tries, (CALM, WORRYING) * 2, strict=True)]
    for thread in threads:
        thread.start()
    with pytest.raises(Refused, match="not_saved"):
        Visitor(stack.address).start()
    for thread in threads:
        thread.join()
    assert sum(len(one.refused) for one in tries) > 0
    assert sum(one.helped for one in tries) > 0
    for one in tries:
        one.send_again()
        one.check()


@pytest.fixture(params=["full_disk", "limit"])
def cramped(request: pytest.FixtureRequest, rasa: FakeRasa) -> Iterator[Cramped]:
    """A gateway whose database has no room to grow: on a small disk that is full, or under a limit of the size of files."""
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="sayso-cramped-", ignore_cleanup_errors=True)))
        if request.param == "full_disk":
            leaving.enter_context(_small_disk(folder / "var"))
        stack = leaving.enter_context(stack_of("gateway", folder=folder, rasa_port=rasa.port, retry_every=0.2))
        yield FullDisk(stack) if request.param == "full_disk" else FileLimit(stack)


class Cramped(ABC):
    """A stack whose room can be taken away and given back."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @abstractmethod
    def fill(self) -> None:
        """No room from now on."""

    @abstractmethod
    def clear(self) -> None:
        """Room again."""


class FullDisk(Cramped):
    """Somebody else's file takes all the room there is."""

    def fill(self) -> None:
        with (self.stack.data / "somebody-elses").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def clear(self) -> None:
        (self.stack.data / "somebody-elses").unlink()


class FileLimit(Cramped):
    """No file of the gateway may grow any more."""

    def fill(self) -> None:
        largest = max(file.stat().st_size for file in self.stack.data.iterdir())
        self._limit(largest)

    def clear(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.prlimit(self.stack.process("gateway"), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_on_a_full_disk_every_message_is_stored_or_refused_with_help_and_space_brings_it_back(cramped: Cramped) -> None:
    tries = Tries(cramped.stack)
    assert tries.send(CALM)
    cramped.fill()
    for number in range(12):
        text = WORRYING if number % 3 == 2 else CALM
        # long enough that there must be new pages for it
        tries.send(f"{text} {'and i like toast ' * 2000}")
    assert len(tries.refused) >= 6
    assert tries.helped > 0
    tries.check()
    cramped.clear()
    tries.send_again()
    assert tries.send(CALM)
    tries.check()


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here; the limit of file sizes is tried instead")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
