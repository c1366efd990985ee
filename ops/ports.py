"""Whether the ports are free, asked before anything is started."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from ops.errors import CannotGoOn
from ops.parts import Part


def check_ports(parts: Iterable[Part]) -> None:
    """Raises CannotGoOn, naming every port that cannot be used and the setting that chooses it."""
    taken: list[str] = []
    users: dict[int, Part] = {}
    for part in parts:
        if part.port is None:
            continue
        if part.port in users:
            first = users[part.port]
            taken.append(f"{first.setting} and {part.setting} are both {part.port}; give {part.name} another port.")
            continue
        users[part.port] = part
        reason = _why_not(part.host, part.port)
        if reason:
            taken.append(f"Port {part.port}, for {part.name}, {reason}. Choose another with {part.setting}=…")
    if taken:
        raise CannotGoOn("\n".join(["Sayso cannot start. Is it running already?", *taken]))


def _why_not(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # listening too: on Linux two sockets may be bound to a port as long as neither listens
        with socket.create_server((host, port), family=family):
            return None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "is in use by another program"
        if error.errno == errno.EACCES:
            return "may only be used by the administrator of this machine"
        return f"cannot be used on {host} ({error.strerror})"
