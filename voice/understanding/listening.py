"""How a message is listened to: whole, and piece by piece where it is long, so that one sentence among many is not drowned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from voice.safeguarding.normalise import Plain
from voice.understanding.ear import Ear, Heard

_SHORT = 22
"""Words. Up to here a message is listened to in one go."""
_PIECE = 28
_LEAST_PIECE = 10
_LETTERS = 240
"""A piece of so many letters is long enough, however few its words."""
_GLANCED = 60
"""Pieces of a long message that are looked at; the pattern families read all of it."""
_HEARD = 6
"""Of these the most worrying ones are listened to, so that the work for one message stays bounded."""
_CLOSELY = 300
"""Words. Of longer messages only the most worrying piece is listened to closely: they cost enough already."""
_FEW = 8
"""Words. A message as short as this is listened to together with what was said just before it."""
_BEFORE = 40

Words = tuple[str, ...]


@dataclass(frozen=True)
class Listened:
    """What was heard in one message: in the whole of it, and in its pieces.

    `together` is the message with what was said before it, when it is short, and `before` what came before alone.
    """

    whole: Heard
    pieces: tuple[Heard, ...]
    together: Heard | None = None
    before: Heard | None = None


def listen(ear: Ear, plain: Plain, earlier: Plain | None = None, *, closely: bool = True) -> Listened:
    """Listens to one message. `earlier`: what was said just before it. `closely`: once more where it is in doubt."""
    groups: list[list[Words]] = [_of_interest(ear, plain)]
    if earlier is not None and earlier.words and 0 < len(plain.words) <= _FEW:
        said = earlier.words[-_BEFORE:]
        groups += [[(*said, *plain.words)], [said]]
    (whole, pieces), *around = ear.hear_groups(groups, [_how_closely(plain, closely)] * len(groups))
    if around:
        return Listened(whole, pieces, together=around[0][0], before=around[1][0])
    return Listened(whole, pieces)


def listen_to_all(ear: Ear, plains: Sequence[Plain], closely: Sequence[bool]) -> list[Listened]:
    """The same for many messages that have nothing to do with each other; much faster than one by one."""
    how = [_how_closely(plain, one) for plain, one in zip(plains, closely, strict=True)]
    return [Listened(whole, pieces) for whole, pieces in ear.hear_groups([_of_interest(ear, plain) for plain in plains], how)]


def _how_closely(plain: Plain, closely: bool) -> int:
    """To how many of its pieces."""
    if not closely:
        return 0
    return _HEARD if len(plain.words) <= _CLOSELY else 1


def cut(plain: Plain) -> list[Words]:
    """A message in pieces: one when it is short, else at the ends of its sentences. At least one, at most _GLANCED."""
    return [plain.words] if len(plain.words) <= _SHORT else list(islice(_cut(plain), _GLANCED))


def _of_interest(ear: Ear, plain: Plain) -> list[Words]:
    pieces = cut(plain)
    if len(pieces) <= _HEARD:
        return pieces
    worrying = sorted(range(len(pieces)), key=lambda at: -ear.glance(pieces[at]))
    return [pieces[at] for at in sorted(worrying[:_HEARD])]


def _cut(plain: Plain) -> Iterator[Words]:
    """At the ends of sentences, where there are any; a piece has _LEAST_PIECE to _PIECE words, but the last may be short."""
    start = letters = 0
    for at, word in enumerate(plain.words):
        length = at + 1 - start
        letters += len(word)
        if length >= _PIECE or letters >= _LETTERS or (at in plain.ends and length >= _LEAST_PIECE):
            yield plain.words[start : at + 1]
            start, letters = at + 1, 0
    if start < len(plain.words):
        yield plain.words[start:]
