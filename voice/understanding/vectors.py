"""A sentence as a vector of its meaning: the first layers of a transformer encoder, run with NumPy alone.

The vector is the mean over an early layer, not the last: measured on our examples it tells more about stance and harm, and
costs less. A thinned encoder leaves out the neurons that hardly differ between texts of our kind. Beside the mean there is
what filters found: each looks at three tokens in a row, and its strongest answer counts, wherever in the text it was
(docs/decisions/0006-how-sayso-understands.md). Which model it is, is said in records.minilm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Tokenise = Callable[[Sequence[str]], Sequence[Sequence[int]]]
"""Turns texts into token ids, each with its start and end mark."""

SIZE = 384
"""Of the ear's own vectors."""
LAYERS = 2
REACH = 3
"""Tokens that a filter looks at."""
_HEADS = 12
_SMALL = np.float32(1e-12)
"""Keeps a norm from dividing by nothing; part of the model, like the weights."""
_TOKENS_AT_ONCE = 2_048
"""Keeps the largest intermediate array at some ten megabytes, whatever comes in."""


@dataclass(frozen=True)
class _Norm:
    scale: Floats
    shift: Floats

    def __call__(self, rows: Floats) -> Floats:
        rows = rows - rows.mean(1, keepdims=True)
        rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows)[:, None] / np.float32(rows.shape[1]) + _SMALL)
        rows *= self.scale
        rows += self.shift
        return rows


@dataclass(frozen=True)
class _Layer:
    look: Floats
    """Query, key and value side by side; the query is scaled already."""
    look_bias: Floats
    gather: Floats
    gather_bias: Floats
    gathered: _Norm
    widen: Floats
    widen_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    thought: _Norm


@dataclass(frozen=True)
class Thinning:
    """Which neurons of each layer are kept, and what the others add on average: so much is added always."""

    kept: NDArray[np.int64]
    left_out: Floats


@dataclass(frozen=True)
class States:
    """A row for each token, text behind text, and how many tokens each text has."""

    rows: Floats
    lengths: NDArray[np.int64]

    def means(self) -> Floats:
        """For each text its vector: the mean of its rows, at length 1."""
        starts = np.cumsum(self.lengths) - self.lengths
        means: Floats = np.add.reduceat(self.rows, starts, 0) / self.lengths.astype(np.float32)[:, None]
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means


@dataclass(frozen=True)
class Filters:
    """Convolutional filters over the tokens, as Keras has them: REACH tokens × SIZE × filters, and a bias for each."""

    weights: Floats
    bias: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.bias)

    def strongest(self, rows: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
        """For each text the strongest answer of each filter, or 0."""
        before, here, behind = (rows @ weights for weights in self.weights)
        inner = np.ones(len(rows), dtype=bool)
        inner[starts] = False
        here[inner] += before[np.flatnonzero(inner) - 1]
        inner[:] = True
        inner[starts + lengths - 1] = False
        here[inner] += behind[np.flatnonzero(inner) + 1]
        return np.maximum(np.maximum.reduceat(here, starts, 0) + self.bias, 0)


def no_filters() -> Filters:
    """For an encoder that only gives the mean."""
    return Filters(np.zeros((REACH, SIZE, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))


class Encodes(Protocol):
    """Turns texts into rows of numbers."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""


class Encoder:
    """Texts to rows of numbers: SIZE of them are a vector of length 1, the mean over the text, and one follows for each filter.

    The same text always has the same row, whatever it is encoded beside, up to rounding.
    """

    def __init__(self, weights: Mapping[str, Floats], tokenise: Tokenise, layers: int = LAYERS) -> None:
        """`weights` as the file of a BERT model names them. Raises KeyError when one is missing."""
        self._tokenise = tokenise
        self._filters = no_filters()
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        self._first = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(layers)]

    def thinning(self, texts: Sequence[str], keep: int) -> Thinning:
        """Finds the `keep` neurons of each layer that tell most about such texts."""
        kept, left_out = [], []
        for layer, seen in zip(self._layers, self._activity(texts), strict=True):
            mean = seen.mean(0)
            tells = seen.std(0) * np.linalg.norm(layer.narrow, axis=1)
            most = np.argsort(-tells, kind="stable")[:keep]
            rest = np.setdiff1d(np.arange(len(tells)), most)
            kept.append(np.sort(most))
            left_out.append(mean[rest] @ layer.narrow[rest])
        return Thinning(np.array(kept), np.array(left_out, dtype=np.float32))

    def thinned(self, thinning: Thinning) -> Encoder:
        """The same encoder with fewer neurons. Raises ValueError when the thinning is of another number of layers."""
        other = copy(self)
        other._layers = [
            replace(
                layer,
                widen=np.ascontiguousarray(layer.widen[:, kept]),
                widen_bias=layer.widen_bias[kept],
                narrow=np.ascontiguousarray(layer.narrow[kept]),
                narrow_bias=layer.narrow_bias + left_out,
            )
            for layer, kept, left_out in zip(self._layers, thinning.kept, thinning.left_out, strict=True)
        ]
        return other

    def looking_with(self, filters: Filters) -> Encoder:
        """The same encoder with these filters."""
        other = copy(self)
        other._filters = filters
        return other

    def _activity(self, texts: Sequence[str]) -> list[Floats]:
        """For each layer, how active each neuron is at each token."""
        active: list[list[Floats]] = [[] for _ in self._layers]
        for start in range(0, len(texts), 64):
            lengths, starts, rows = self._laid_out(self._tokenise(texts[start : start + 64]))
            for layer, seen in zip(self._layers, active, strict=True):
                gathered = _looked_around(layer, rows, starts, lengths)
                wide = _gelu(gathered @ layer.widen + layer.widen_bias)
                seen.append(wide)
                rows = layer.thought(wide @ layer.narrow + layer.narrow_bias + gathered)
        return [np.concatenate(seen) for seen in active]

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text. Texts longer than the tokeniser's limit are cut."""
        rows = np.zeros((len(texts), SIZE + self._filters.count), dtype=np.float32)
        tokens = self._tokenise(texts)
        # alike lengths together, so that a batch's size follows from its tokens
        order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        batch: list[int] = []
        count = 0
        for index in order:
            if batch and count + len(tokens[index]) > _TOKENS_AT_ONCE:
                rows[batch] = self._run([tokens[one] for one in batch])
                batch, count = [], 0
            batch.append(index)
            count += len(tokens[index])
        if batch:
            rows[batch] = self._run([tokens[one] for one in batch])
        return rows

    def states(self, texts: Sequence[str]) -> States:
        """The rows of the tokens as the filters see them."""
        lengths, starts, rows = self._laid_out(self._tokenise(texts))
        return States(self._thought(rows, starts, lengths), lengths)

    def _run(self, tokens: Sequence[Sequence[int]]) -> Floats:
        lengths, starts, rows = self._laid_out(tokens)
        states = States(self._thought(rows, starts, lengths), lengths)
        means = states.means()
        return np.concatenate([means, self._filters.strongest(states.rows, starts, lengths)], 1) if self._filters.count else means

    def _thought(self, rows: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
        for layer in self._layers:
            rows = _through(layer, rows, starts, lengths)
        return rows

    def _laid_out(self, tokens: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """All tokens in one array, text behind text, so that nothing is spent on padding."""
        lengths = np.array([len(ids) for ids in tokens])
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        rows: Floats = self._words[np.concatenate([np.asarray(ids) for ids in tokens])]
        return lengths, starts, self._first(rows + np.concatenate([self._places[:length] for length in lengths]))


def _through(layer: _Layer, rows: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
    gathered = _looked_around(layer, rows, starts, lengths)
    wide = gathered @ layer.widen
    wide += layer.widen_bias
    thought = _gelu(wide) @ layer.narrow
    thought += layer.narrow_bias
    thought += gathered
    return layer.thought(thought)


def _looked_around(layer: _Layer, rows: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
    """Each token with what it takes in from the others of its text."""
    looked = rows @ layer.look
    looked += layer.look_bias
    seen = np.empty_like(rows)
    for start, length in zip(starts, lengths, strict=True):
        query, key, value = looked[start : start + length].reshape(length, 3, _HEADS, SIZE // _HEADS).transpose(1, 2, 0, 3)
        weight = query @ key.transpose(0, 2, 1)
        weight -= weight.max(-1, keepdims=True)
        np.exp(weight, out=weight)
        weight /= weight.sum(-1, keepdims=True)
        seen[start : start + length] = (weight @ value).transpose(1, 0, 2).reshape(length, SIZE)
    gathered = seen @ layer.gather
    gathered += layer.gather_bias
    gathered += rows
    return layer.gathered(gathered)


def _gelu(rows: Floats) -> Floats:
    """GELU in its usual approximation (error below 0.001), in place; the exact one takes three times as long."""
    inner = rows * rows
    inner *= np.float32(0.044715)
    inner += np.float32(1)
    inner *= rows
    inner *= np.float32(-1.5957691)
    # beyond this the result is zero to the last bit, and exp would overflow
    np.minimum(inner, np.float32(80), out=inner)
    np.exp(inner, out=inner)
    inner += np.float32(1)
    rows /= inner
    return rows


def _norm(weights: Mapping[str, Floats], name: str) -> _Norm:
    return _Norm(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer(weights: Mapping[str, Floats], name: str) -> _Layer:
    head_size = weights[f"{name}.attention.self.query.weight"].shape[0] // _HEADS
    scale = {"query": np.float32(head_size**-0.5), "key": np.float32(1), "value": np.float32(1)}
    looks = [weights[f"{name}.attention.self.{part}.weight"].T * scale[part] for part in scale]
    biases = [weights[f"{name}.attention.self.{part}.bias"] * scale[part] for part in scale]
    return _Layer(
        look=np.ascontiguousarray(np.concatenate(looks, 1)),
        look_bias=np.concatenate(biases),
        gather=np.ascontiguousarray(weights[f"{name}.attention.output.dense.weight"].T),
        gather_bias=weights[f"{name}.attention.output.dense.bias"],
        gathered=_norm(weights, f"{name}.attention.output.LayerNorm"),
        widen=np.ascontiguousarray(weights[f"{name}.intermediate.dense.weight"].T),
        widen_bias=weights[f"{name}.intermediate.dense.bias"],
        narrow=np.ascontiguousarray(weights[f"{name}.output.dense.weight"].T),
        narrow_bias=weights[f"{name}.output.dense.bias"],
        thought=_norm(weights, f"{name}.output.LayerNorm"),
    )


def of_groups(rows: Floats, groups: Sequence[Sequence[Sequence[str]]]) -> Floats:
    """A row for each text that comes cut in pieces of words, from the rows of all the pieces.

    It is the mean of its pieces by their words, and the strongest answers in any of them, so that a long text costs no more
    than its length.
    """
    wholes = np.zeros((len(groups), rows.shape[1]), dtype=np.float32)
    at = 0
    for number, group in enumerate(groups):
        own = rows[at : at + len(group)]
        at += len(group)
        mean = np.array([max(1, len(words)) for words in group], dtype=np.float32) @ own[:, :SIZE]
        wholes[number, :SIZE] = mean / np.linalg.norm(mean)
        wholes[number, SIZE:] = own[:, SIZE:].max(0)
    return wholes
