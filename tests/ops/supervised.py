"""A supervisor over small parts, in a process of its own: `python supervised.py FOLDER PART…`, where a part is calm or stubborn."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

from ops.parts import Part
from ops.supervisor import Patience, Supervisor

CALM = "import signal; signal.pause()"
STUBBORN = """
import signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
# the port opens once TERM is ignored: the supervisor takes it for ready only then
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    signal.pause()
"""


def part(name: str, code: str) -> Part:
    """A part that runs a few lines of Python and listens nowhere."""
    return Part(name, (sys.executable, "-S", "-c", code))


def stubborn(name: str) -> Part:
    """A part that does not listen to TERM."""
    port = free_port()
    return Part(name, (sys.executable, "-S", "-c", STUBBORN, str(port)), port=port)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Prints what the supervisor tells, and "up" when every part runs."""
    folder = Path(sys.argv[1])
    parts = [part(f"calm-{n}", CALM) if kind == "calm" else stubborn(f"stubborn-{n}") for n, kind in enumerate(sys.argv[2:])]
    patience = Patience(stop=0.5, settle=0.2)
    supervisor = Supervisor(parts, root=folder, log_folder=folder / "log", tell=say, patience=patience)
    asyncio.run(supervisor.run(lambda: say("up")))
    say("over")


def say(line: str) -> None:
    """One line, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
