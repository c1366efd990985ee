"""Tokens and codes: how they are made, and the only form in which they are kept.

Everything is kept as a keyed hash (HMAC-SHA256). Tokens have 256 random bits; return codes are derived from the master key
and carry 57 bits, join codes 38 bits and an end date, both behind the slow-down of records.attempts.
"""

from __future__ import annotations

import hmac
import secrets

from records.keys import keys

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels, so no code spells a word; nothing that looks like something else."""


def new_token() -> str:
    """A session token for a browser."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """How a token is kept: 64 hex characters."""
    return _mac(keys().tokens, token)


def sender_of(conversation_id: str) -> str:
    """The name Rasa knows a chat by: 64 hex characters that say nothing and cannot be guessed."""
    return _mac(keys().sender, conversation_id)


def return_code(conversation_id: str) -> str:
    """The code to come back to a chat, like "K7MP-4QTX-9HWD". It is derived, so it is stored nowhere."""
    number = int.from_bytes(bytes.fromhex(_mac(keys().codes, "return " + conversation_id)), "big")
    letters = []
    for _ in range(12):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return _in_fours("".join(letters))


def new_join_code() -> str:
    """A code for a worker to hand over, like "K7MP-4QTX"."""
    return _in_fours("".join(secrets.choice(_LETTERS) for _ in range(8)))


def code_hash(code: str) -> str:
    """How a code is kept. Case, spaces and dashes make no difference: children copy codes by hand."""
    bare = "".join(letter for letter in code.upper() if letter.isalnum())
    return _mac(keys().codes, "code " + bare)


def _in_fours(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _mac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()
