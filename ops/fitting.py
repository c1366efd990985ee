"""Fits the ear's numbers to the examples, with Keras: filters over the tokens, a hidden layer over the vector, and straight lines.

A filter finds a few words that say it, wherever in a text they are, where the mean over the text has drowned them; the hidden
layer finds what no straight line through the vectors can (docs/decisions/0006-how-sayso-understands.md). All heads learn at once,
and share both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from voice.understanding.vectors import REACH, SIZE, Floats

# All of these were chosen on the tuning part of tests/understanding.
_FILTERS, _HIDDEN = 256, 512
_FORGET_FOUND, _FORGET = 0.5, 0.6
"""Of what the filters found, and of the hidden layer, while learning: it is to lean on no single thing."""
_ROUNDS = 10
_AT_ONCE = 256
_STRIDE, _DECAY = 2e-3, 0.1
_PIECES_WEIGHT = np.float32(5)
"""Pieces are many and small; without it the vectors would be learned long before them."""
_FIRST = -2.0
"""Most things are not said in most lines."""
_DOUBT = 0.02
"""No example is taken for certain: labels can be wrong, and a chance is to stay a chance."""
_SURE = 4
"""Of a glance: how far it may lean on single pieces."""
_DANGERS = 3
"""The last heads count twice."""


def fit(vectors: Floats, states: Sequence[Floats], found: csr_matrix, wanted: NDArray[np.int8], spirits: int) -> dict[str, Floats]:
    """The arrays of voice.understanding.ear.Learned that are fitted, by name.

    A row of `vectors`, of `found` and of `wanted`, and an array of `states` with a row for each token, for each example. `wanted`
    has a column for each head: 1 yes, 0 no, -1 nobody said. Of the first `spirits` heads exactly one holds.
    """
    tf.keras.utils.set_random_seed(0)
    layers, heads = tf.keras.layers, wanted.shape[1]
    meaning, tokens, pieces = tf.keras.Input(SIZE), tf.keras.Input((None, SIZE)), tf.keras.Input(found.shape[1], sparse=True)
    filters = layers.Conv1D(_FILTERS, REACH, padding="same", activation="relu")
    hidden = layers.Dense(_HIDDEN, "relu")
    of_filters = layers.Dense(heads, use_bias=False)
    of_hidden = layers.Dense(heads, bias_initializer=tf.keras.initializers.Constant(_FIRST))
    of_meaning = layers.Dense(heads, use_bias=False, kernel_initializer="zeros")
    of_pieces = layers.Dense(heads, use_bias=False, kernel_initializer="zeros")
    real = tf.reduce_any(tokens != 0, -1, keepdims=True)
    strongest = tf.reduce_max(filters(tokens) * tf.cast(real, tf.float32), 1)
    scores = layers.Add()(
        [
            of_filters(layers.Dropout(_FORGET_FOUND)(strongest)),
            of_hidden(layers.Dropout(_FORGET)(hidden(meaning))),
            of_meaning(meaning),
            of_pieces(pieces),
        ]
    )
    model = tf.keras.Model([meaning, tokens, pieces], scores)
    stride = tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE, _ROUNDS * -(-len(vectors) // _AT_ONCE), 0.0)
    model.compile(tf.keras.optimizers.AdamW(stride, weight_decay=_DECAY, beta_2=0.99), _loss(heads, spirits))
    chance = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        order = chance.permutation(len(vectors))
        # in batches of like length it would be quicker, and learn less
        for batch in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
            model.train_on_batch([vectors[batch], _padded([states[at] for at in batch]), _sparse(found[batch])], wanted[batch])
    return {
        "filters": filters.kernel.numpy(),
        "filters_bias": filters.bias.numpy(),
        "of_filters": of_filters.kernel.numpy(),
        "hidden": hidden.kernel.numpy(),
        "hidden_bias": hidden.bias.numpy(),
        "of_hidden": of_hidden.kernel.numpy(),
        "of_meaning": of_meaning.kernel.numpy(),
        "of_pieces": of_pieces.kernel.numpy() * _PIECES_WEIGHT,
        "bias": of_hidden.bias.numpy(),
    }


def fit_at_a_glance(found: csr_matrix, harm: NDArray[np.int8]) -> Floats:
    """A weight for each kind of piece, to tell by the pieces alone which of many texts is the most worrying.

    Those that `fit` learns cannot: they only add to what the vector and the filters say.
    """
    known = harm >= 0
    line = LogisticRegression(C=_SURE, solver="liblinear").fit(found[known], harm[known])
    return np.asarray(line.coef_[0], dtype=np.float32)


def _padded(states: Sequence[Floats]) -> Floats:
    """In one array, with zeros behind the shorter ones."""
    tokens = np.zeros((len(states), max(len(rows) for rows in states), SIZE), dtype=np.float32)
    for at, rows in enumerate(states):
        tokens[at, : len(rows)] = rows
    return tokens


def _loss(heads: int, spirits: int) -> Any:
    weight = np.ones(heads, dtype=np.float32)
    weight[-_DANGERS:] = 2

    def loss(wanted: Any, scores: Any) -> Any:
        known = tf.cast(wanted >= 0, tf.float32) * weight
        sure = tf.maximum(tf.cast(wanted, tf.float32), 0.0)
        each = tf.nn.sigmoid_cross_entropy_with_logits(sure * (1 - _DOUBT) + _DOUBT / 2, scores) * known
        one_of = sure[:, :spirits] * (1 - spirits * _DOUBT / 2) + _DOUBT / 2
        spirit = tf.nn.softmax_cross_entropy_with_logits(one_of, scores[:, :spirits]) * known[:, 0]
        return tf.reduce_sum(each[:, spirits:], 1) + spirit

    return loss


def _sparse(matrix: csr_matrix) -> Any:
    flat = (matrix * _PIECES_WEIGHT).tocoo()
    places = np.stack([flat.row, flat.col], 1).astype(np.int64)
    return tf.sparse.reorder(tf.SparseTensor(places, flat.data.astype(np.float32), flat.shape))
