"""Sealing: authenticated encryption (AES-256-GCM) of everything a young person wrote, before it touches a disk.

The purpose (the table and column) is bound to the sealed bytes, so that a value cannot be moved to another column.
Text is kept exactly, lone surrogates and NUL included.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from records.errors import WrongKey
from records.keys import keys

_NONCE = 12
_FORM = b"\x01"


def seal(data: bytes, purpose: str) -> bytes:
    """`data` sealed for `purpose`: one byte of form, 12 bytes of nonce, then ciphertext and tag."""
    nonce = secrets.token_bytes(_NONCE)
    return _FORM + nonce + AESGCM(keys().sealing).encrypt(nonce, data, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """What was sealed for `purpose`. Raises WrongKey when the key, the purpose or the bytes are not those it was sealed with."""
    if sealed[:1] != _FORM:
        raise WrongKey("sealed bytes of an unknown form")
    try:
        return AESGCM(keys().sealing).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], purpose.encode())
    except InvalidTag:
        raise WrongKey(f"cannot unseal {purpose}") from None


class SealedText(TypeDecorator[str]):
    """A column of words, sealed."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value.encode("utf-8", "surrogatepass"), self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(bytes(value), self.purpose).decode("utf-8", "surrogatepass")


class SealedJson(TypeDecorator[Any]):
    """A column of plain data (dicts, lists, strings, numbers), sealed."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(json.dumps(value, separators=(",", ":")).encode(), self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(unseal(bytes(value), self.purpose))
