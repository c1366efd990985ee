"""Dialogue rows in memory, that can be made to fail."""

from __future__ import annotations


class FakeRows:
    """What the tracker store needs of the records."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, int]] = {}
        self.loads = 0
        self.broken = False

    def load(self, sender: str) -> tuple[bytes, int] | None:
        self._check()
        self.loads += 1
        return self.kept.get(sender)

    def version(self, sender: str) -> int | None:
        self._check()
        return self.kept[sender][1] if sender in self.kept else None

    def save(self, sender: str, state: bytes) -> int:
        self._check()
        version = self.kept[sender][1] + 1 if sender in self.kept else 1
        self.kept[sender] = (state, version)
        return version

    def senders(self) -> list[str]:
        return list(self.kept)

    def _check(self) -> None:
        if self.broken:
            raise OSError("the disk is full of canary words")
