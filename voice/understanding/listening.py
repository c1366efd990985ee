"""How a message is listened to: whole, and piece by piece where it is long, so that one sentence among many is not drowned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from voice.safeguarding.normalise import Plain
from voice.understanding.ear import HARM, Ear, Heard

_WHOLE = 90
"""Words. The beginning of a message says what it is about."""
_SHORT = 22
"""Words. Up to here a message is listened to in one go."""
_PIECE = 28
_LEAST_PIECE = 6
_GLANCED = 60
"""Pieces of a long message that are looked at; the pattern families read all of it."""
_HEARD = 6
"""Of these the most worrying ones are listened to, so that the work for one message stays bounded."""
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


def listen(ear: Ear, plain: Plain, earlier: Plain | None = None) -> Listened:
    """Listens to one message. `earlier`: what was said just before it."""
    asked = [plain.words[:_WHOLE], *_pieces(ear, plain)]
    with_earlier = earlier is not None and 0 < len(plain.words) <= _FEW and earlier.words
    if earlier is not None and with_earlier:
        said = earlier.words[-_BEFORE:]
        asked += [(*said, *plain.words), said]
    heard = ear.hear(asked)
    if with_earlier:
        return Listened(heard[0], tuple(heard[1:-2]), heard[-2], heard[-1])
    return Listened(heard[0], tuple(heard[1:]))


def listen_to_all(ear: Ear, plains: Sequence[Plain]) -> list[Listened]:
    """The same for many messages that have nothing to do with each other; much faster than one by one."""
    asked = [[plain.words[:_WHOLE], *_pieces(ear, plain)] for plain in plains]
    heard = iter(ear.hear([words for one in asked for words in one]))
    return [Listened(next(heard), tuple(islice(heard, len(one) - 1))) for one in asked]


def _pieces(ear: Ear, plain: Plain) -> list[Words]:
    if len(plain.words) <= _SHORT:
        return []
    pieces = list(islice(_cut(plain), _GLANCED))
    if len(pieces) <= _HEARD:
        return pieces
    worrying = sorted(range(len(pieces)), key=lambda at: -ear.glance(pieces[at], HARM))
    return [pieces[at] for at in sorted(worrying[:_HEARD])]


def _cut(plain: Plain) -> Iterator[Words]:
    """At the ends of sentences, where there are any; a piece has _LEAST_PIECE to _PIECE words."""
    start = 0
    for at in range(len(plain.words)):
        length = at + 1 - start
        if length >= _PIECE or (at in plain.ends and length >= _LEAST_PIECE):
            yield plain.words[start : at + 1]
            start = at + 1
    if start < len(plain.words):
        yield plain.words[start:]
