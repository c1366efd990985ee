"""A sentence as a vector of its meaning: the first layers of all-MiniLM-L6-v2, run with NumPy alone.

The words of the neighbouring layers are the model's own names (BERT): embeddings, attention, intermediate. The vector is the
mean over a middle layer, not the last: measured on our examples it tells more about stance and harm, and costs half
(docs/decisions/0004-how-sayso-understands.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Tokenise = Callable[[Sequence[str]], Sequence[Sequence[int]]]
"""Turns texts into token ids, each with its start and end mark."""

SIZE = 384
LAYERS = 3
_HEADS = 12
_HEAD_SIZE = SIZE // _HEADS
_SMALL = np.float32(1e-12)
_TOKENS_AT_ONCE = 2_048
"""Keeps the largest intermediate array at some ten megabytes, whatever comes in."""


@dataclass(frozen=True)
class _Norm:
    scale: Floats
    shift: Floats

    def __call__(self, rows: Floats) -> Floats:
        rows = rows - rows.mean(1, keepdims=True)
        rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows)[:, None] / np.float32(SIZE) + _SMALL)
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


class Encoder:
    """Texts to vectors of length 1. The same text always has the same vector, whatever it is encoded beside, up to rounding."""

    def __init__(self, weights: Mapping[str, Floats], tokenise: Tokenise, layers: int = LAYERS) -> None:
        """`weights` as the model's file names them. Raises KeyError when one is missing."""
        self._tokenise = tokenise
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        self._first = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(layers)]

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text, SIZE numbers wide. Texts longer than the tokeniser's limit are cut."""
        rows = np.zeros((len(texts), SIZE), dtype=np.float32)
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

    def _run(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """All tokens stand in one array, text behind text, so that nothing is spent on padding."""
        lengths = np.array([len(ids) for ids in tokens])
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        rows: Floats = self._words[np.concatenate([np.asarray(ids) for ids in tokens])]
        rows = self._first(rows + np.concatenate([self._places[:length] for length in lengths]))
        for layer in self._layers:
            rows = _through(layer, rows, starts, lengths)
        means = np.add.reduceat(rows, starts, 0) / lengths.astype(np.float32)[:, None]
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def _through(layer: _Layer, rows: Floats, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
    looked = rows @ layer.look
    looked += layer.look_bias
    seen = np.empty_like(rows)
    for start, length in zip(starts, lengths, strict=True):
        query, key, value = looked[start : start + length].reshape(length, 3, _HEADS, _HEAD_SIZE).transpose(1, 2, 0, 3)
        weight = query @ key.transpose(0, 2, 1)
        weight -= weight.max(-1, keepdims=True)
        np.exp(weight, out=weight)
        weight /= weight.sum(-1, keepdims=True)
        seen[start : start + length] = (weight @ value).transpose(1, 0, 2).reshape(length, SIZE)
    gathered = seen @ layer.gather
    gathered += layer.gather_bias
    gathered += rows
    gathered = layer.gathered(gathered)
    wide = gathered @ layer.widen
    wide += layer.widen_bias
    thought = _gelu(wide) @ layer.narrow
    thought += layer.narrow_bias
    thought += gathered
    return layer.thought(thought)


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
    scale = {"query": np.float32(_HEAD_SIZE**-0.5), "key": np.float32(1), "value": np.float32(1)}
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
