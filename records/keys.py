"""The master key and what is derived from it.

One key of 32 bytes, made on first run, lives outside the database (settings: secret_key or secret_key_file). Every use has
its own key derived with HKDF-SHA256, so that no two uses can be turned against each other.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from records.errors import WrongKey
from records.settings import Settings, settings


@dataclass(frozen=True)
class Keys:
    """The derived keys. `door` is the shared word between gateway and Rasa, as hex."""

    sealing: bytes
    sender: bytes
    codes: bytes
    tokens: bytes
    door: str


def derive(master: bytes) -> Keys:
    """All keys of one installation from its master key of 32 bytes."""

    def one(purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"sayso {purpose} v1".encode()).derive(master)

    return Keys(sealing=one("sealing"), sender=one("sender"), codes=one("codes"), tokens=one("tokens"), door=one("door").hex())


def master_key(chosen: Settings) -> bytes:
    """The master key of this installation; makes the key file on first run, readable by its owner only.

    Raises WrongKey when what is there is not 64 hex characters.
    """
    if chosen.secret_key:
        return _from_hex(chosen.secret_key, "SAYSO_SECRET_KEY")
    file = chosen.key_file
    if not file.exists():
        _make_key_file(file)
    return _from_hex(file.read_text(encoding="ascii").strip(), str(file))


@lru_cache(maxsize=1)
def keys() -> Keys:
    """The keys of this process, derived once."""
    return derive(master_key(settings()))


def _make_key_file(file: Path) -> None:
    """Several parts may start at once: the first to link its file into place wins, the others read that one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(32) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _from_hex(text: str, source: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise WrongKey(f"{source} must hold 64 hex characters")
    return key
