"""Looking for words in files, also where they are written in another way."""

from __future__ import annotations

import base64
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST = 20_000_000
"""Bytes of one packed part that are looked at."""


def forms(word: str) -> dict[str, bytes]:
    """How `word` (letters and digits only) may stand in a file, by the name of the way."""
    plain = word.encode()
    found = {"utf-8": plain, "utf-16-le": word.encode("utf-16-le"), "utf-16-be": word.encode("utf-16-be"), "hex": plain.hex().encode()}
    for before in range(3):
        # what stands before decides how three bytes become four letters; the first and last letters depend on the neighbours
        encoded = base64.b64encode(b"\0" * before + plain)
        found[f"base64 at {before}"] = encoded[4 if before else 0 : -4]
    return found


def hits(files: Iterable[Path], words: Sequence[str]) -> list[str]:
    """Every place where one of the words is, as "file: word (way)"."""
    wanted = [(word, way, form) for word in words for way, form in forms(word).items()]
    return [
        f"{file}: {word} ({way}{packed})"
        for file in files
        for packed, content in _contents(file)
        for word, way, form in wanted
        if form in content or (way in ("utf-8", "hex") and form in content.lower())
    ]


def written_since(folders: Iterable[Path], moment: float, spared: Iterable[str] = ()) -> list[Path]:
    """Files in these folders that were changed at or after a moment (seconds of the epoch), but for those under a folder named so."""
    left_out = set(spared)
    found = []
    for folder in folders:
        for place, inside, names in os.walk(folder):
            inside[:] = [name for name in inside if name not in left_out]
            found += [file for file in (Path(place, name) for name in names) if _is_as_new(file, moment)]
    return found


def _is_as_new(file: Path, moment: float) -> bool:
    try:
        return file.is_file() and not file.is_symlink() and file.stat().st_mtime >= moment
    except OSError:
        # a file of somebody else that is gone again
        return False


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    try:
        content = file.read_bytes()
    except OSError:
        return
    yield "", content
    for start in _PACKED.finditer(content):
        try:
            yield ", packed", zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content[start.start() :], _MOST)
        except zlib.error:
            continue
