"""Fits adapters for the upper layers of a BERT-like encoder, with TensorFlow.

What its lower layers say of each example is made once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from ops.drawing import ATTENTION_HEADS, by_places
from ops.fitting import loss_of
from records.adapters import DOWN, UP
from voice.understanding.vectors import Floats

_RANK = 16
"""Of the thin matrices."""
_ROUNDS, _AT_ONCE = 3, 32
_STRIDE, _STRIDE_HEADS, _DECAY = 3e-4, 2e-3, 0.01
_WARMING = 0.06
"""Of all steps: so long the stride grows, before it shrinks to nothing."""
_FORGET, _FORGET_SEEN = 0.1, 0.2
"""Of what a layer adds, and of what the heads see."""
_ALIKE = 40
"""Batches' worth of examples that are put in order of length, so that those of one batch have nearly the same."""
_LOUD = 28.0
"""A mean over tokens has length 1; the heads learn better from numbers around 1."""
_FIRST = -2.0
_NOWHERE = -1e9


@dataclass(frozen=True)
class Taught:
    """What to learn from: the tokens of each example, and a row of `wanted` (as in ops.fitting.Numbers)."""

    tokens: Sequence[Sequence[int]]
    wanted: NDArray[np.int8]
    spirits: int


def fit_adapters(
    weights: Mapping[str, Floats], small: float, layers: range, taught: Taught, tell: Callable[[str], None]
) -> dict[str, Floats]:
    """What is to be added to the weights of these layers, as records.adapters keeps it.

    `weights` as ops.drawing.draw takes them, `small` too. The heads that are learned beside it are thrown away.
    """
    tf.keras.utils.set_random_seed(0)
    tuned = Tuned(weights, small, layers)
    kept = tuned.below(taught.tokens)
    heads = tf.keras.layers.Dense(taught.wanted.shape[1], bias_initializer=tf.keras.initializers.Constant(_FIRST))
    heads.build((None, tuned.size))
    steps = _ROUNDS * -(-len(kept) // _AT_ONCE)
    of_layers = tf.keras.optimizers.AdamW(_Stride(steps), weight_decay=_DECAY, beta_2=0.99, global_clipnorm=1.0)
    of_heads = tf.keras.optimizers.AdamW(tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE_HEADS, steps, 0.0), weight_decay=_DECAY)
    of_layers.build(tuned.learned)
    of_heads.build(heads.trainable_variables)
    loss = loss_of(taught.wanted.shape[1], taught.spirits)

    def step(wanted: Any, rows: Any, inner: Any) -> Any:
        with tf.GradientTape() as tape:
            seen = tf.nn.dropout(tuned.means(rows, inner, forget=_FORGET) * _LOUD, _FORGET_SEEN)
            lost = tf.reduce_mean(loss(wanted, heads(seen)))
        steep, steep_of_heads = tape.gradient(lost, [tuned.learned, heads.trainable_variables])
        of_layers.apply_gradients(zip(steep, tuned.learned, strict=True))
        of_heads.apply_gradients(zip(steep_of_heads, heads.trainable_variables, strict=True))
        return lost

    compiled = tf.function(step, autograph=False, reduce_retracing=True)
    chance = np.random.default_rng(0)
    for number in range(_ROUNDS):
        lost = [
            float(compiled(tf.constant(taught.wanted[batch]), *_together([kept[at] for at in batch]))) for batch in _batches(kept, chance)
        ]
        tell(f"Round {number + 1} of {_ROUNDS}: loss {np.mean(lost):.3f}.")
    return tuned.added()


class Tuned:
    """An encoder whose upper `layers` learn: their matrices through adapters, their rows of numbers as they are."""

    def __init__(self, weights: Mapping[str, Floats], small: float, layers: range) -> None:
        self.size = weights["embeddings.word_embeddings.weight"].shape[1]
        self._weights = {name: tf.constant(array) for name, array in weights.items()}
        self._small = small
        self._layers = layers
        by_distance = weights.get("encoder.relative_attention_bias.weight")
        most = len(weights["embeddings.position_embeddings.weight"])
        self._apart = None if by_distance is None else tf.constant(by_places(by_distance, most))
        names = [name for name in weights if name.startswith(tuple(f"encoder.layer.{layer}." for layer in layers))]
        self._rows = {name: tf.Variable(weights[name]) for name in names if weights[name].ndim == 1}
        matrices = [name for name in names if weights[name].ndim > 1]
        chance = np.random.default_rng(0)
        self._thin = {name: _thin(weights[name], chance) for name in matrices}
        self.learned = [*self._rows.values(), *(variable for pair in self._thin.values() for variable in pair)]

    def below(self, tokens: Sequence[Sequence[int]]) -> list[NDArray[np.float16]]:
        """What goes into the first of the layers: a row for each token of each text."""
        read = tf.function(self._below, autograph=False, reduce_retracing=True)
        rows: list[NDArray[np.float16]] = [np.empty((0, 0), np.float16)] * len(tokens)
        order = np.argsort([len(one) for one in tokens], kind="stable")
        for batch in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
            longest = len(tokens[batch[-1]])
            padded = np.array([[*tokens[at], *[-1] * (longest - len(tokens[at]))] for at in batch], dtype=np.int32)
            for at, read_rows in zip(batch, read(tf.constant(padded)).numpy(), strict=True):
                rows[at] = read_rows[: len(tokens[at])].astype(np.float16)
        return rows

    def means(self, rows: Any, inner: Any, forget: float = 0.0) -> Any:
        """The mean over the tokens after the last of the layers, at length 1. `inner`: 1 where a text has a token, 0 behind its end."""
        for layer in self._layers:
            rows = self._layer(layer, rows, inner, forget)
        return tf.math.l2_normalize(tf.reduce_sum(rows * inner[:, :, None], 1), axis=-1)

    def added(self) -> dict[str, Floats]:
        """What the layers have learned, beside what they knew."""
        rows = {name: variable.numpy() - self._weights[name].numpy() for name, variable in self._rows.items()}
        downs = {name + DOWN: down.numpy() for name, (down, _) in self._thin.items()}
        ups = {name + UP: up.numpy() for name, (_, up) in self._thin.items()}
        return {**rows, **downs, **ups}

    def _below(self, tokens: Any) -> Any:
        weights = self._weights
        placed = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        rows = tf.gather(weights["embeddings.word_embeddings.weight"], tf.maximum(tokens, 0)) + placed[None, : tf.shape(tokens)[1]]
        rows = self._norm(rows, "embeddings.LayerNorm")
        for layer in range(self._layers.start):
            rows = self._layer(layer, rows, tf.cast(tokens >= 0, tf.float32), 0.0)
        return rows

    def _layer(self, layer: int, rows: Any, inner: Any, forget: float) -> Any:
        name = f"encoder.layer.{layer}."
        length = tf.shape(rows)[1]

        def look(part: str) -> Any:
            looked = self._linear(rows, f"{name}attention.self.{part}")
            return tf.transpose(tf.reshape(looked, (-1, length, ATTENTION_HEADS, self.size // ATTENTION_HEADS)), (0, 2, 1, 3))

        weight = tf.matmul(look("query"), look("key"), transpose_b=True) * np.float32((self.size / ATTENTION_HEADS) ** -0.5)
        if self._apart is not None:
            weight += self._apart[None, :, :length, :length]
        weight = tf.nn.softmax(weight + (1 - inner)[:, None, None, :] * _NOWHERE)
        seen = tf.reshape(tf.transpose(weight @ look("value"), (0, 2, 1, 3)), (-1, length, self.size))
        gathered = tf.nn.dropout(self._linear(seen, f"{name}attention.output.dense"), forget) + rows
        gathered = self._norm(gathered, f"{name}attention.output.LayerNorm")
        narrow = self._linear(tf.nn.gelu(self._linear(gathered, f"{name}intermediate.dense")), f"{name}output.dense")
        return self._norm(tf.nn.dropout(narrow, forget) + gathered, f"{name}output.LayerNorm")

    def _linear(self, rows: Any, name: str) -> Any:
        straight, thin = self._weights[f"{name}.weight"], self._thin.get(f"{name}.weight")
        flat = tf.reshape(rows, (-1, straight.shape[1]))
        made = tf.matmul(flat, straight, transpose_b=True) + self._row(f"{name}.bias")
        if thin:
            down, up = thin
            made += tf.matmul(tf.matmul(flat, down, transpose_b=True), up, transpose_b=True)
        return tf.reshape(made, (-1, tf.shape(rows)[1], straight.shape[0]))

    def _norm(self, rows: Any, name: str) -> Any:
        middle, spread = tf.nn.moments(rows, [-1], keepdims=True)
        return (rows - middle) * tf.math.rsqrt(spread + self._small) * self._row(f"{name}.weight") + self._row(f"{name}.bias")

    def _row(self, name: str) -> Any:
        return self._rows.get(name, self._weights[name])


class _Stride(tf.keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Grows for a while, then shrinks to nothing."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def __call__(self, step: Any) -> Any:
        done = tf.cast(step, tf.float32) / self._steps
        return _STRIDE * tf.minimum(done / _WARMING, tf.maximum((1 - done) / (1 - _WARMING), 0))


def _thin(matrix: Floats, chance: np.random.Generator) -> tuple[Any, Any]:
    """Their product is nothing, to begin with."""
    rows, columns = matrix.shape
    down = chance.standard_normal((_RANK, columns)) * columns**-0.5
    return tf.Variable(down.astype(np.float32)), tf.Variable(tf.zeros((rows, _RANK)))


def _batches(kept: Sequence[NDArray[np.float16]], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """All examples once, in a new order, those of a batch of like length."""
    order = chance.permutation(len(kept))
    batches: list[NDArray[np.int64]] = []
    for some in np.split(order, range(_AT_ONCE * _ALIKE, len(order), _AT_ONCE * _ALIKE)):
        by_length = some[np.argsort([len(kept[at]) for at in some], kind="stable")]
        batches += np.split(by_length, range(_AT_ONCE, len(by_length), _AT_ONCE))
    yield from (batches[at] for at in chance.permutation(len(batches)))


def _together(texts: Sequence[NDArray[np.float16]]) -> tuple[Any, Any]:
    """The rows of several texts in one block, and where it is filled."""
    rows = np.zeros((len(texts), max(map(len, texts)), texts[0].shape[1]), dtype=np.float32)
    inner = np.zeros(rows.shape[:2], dtype=np.float32)
    for at, text in enumerate(texts):
        rows[at, : len(text)] = text
        inner[at, : len(text)] = 1
    return tf.constant(rows), tf.constant(inner)
