"""Fits the ear's numbers to the examples, with Keras: one hidden layer over the vector, and straight lines beside it.

The hidden layer finds what no straight line through the vectors can: on the tuning part it hears more of what is urgent with
fewer false alarms (docs/decisions/0006-how-sayso-understands.md). All heads learn at once, and share it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from voice.understanding.vectors import Floats

# All of these were chosen on the tuning part of tests/understanding.
_HIDDEN = 512
_FORGET = 0.6
"""Of the hidden layer, while learning: it is to lean on no single thing."""
_ROUNDS = 10
_AT_ONCE = 256
_STRIDE, _DECAY = 2e-3, 0.1
_PIECES_WEIGHT = np.float32(5)
"""Pieces are many and small; without it the vectors would be learned long before them."""
_FIRST = -2.0
"""Most things are not said in most lines."""
_DOUBT = 0.02
"""No example is taken for certain: labels can be wrong, and a chance is to stay a chance."""
_DANGERS = 3
"""The last heads count twice."""


def fit(vectors: Floats, found: csr_matrix, wanted: NDArray[np.int8], spirits: int) -> dict[str, Floats]:
    """The arrays of voice.understanding.ear.Learned that are fitted, by name.

    `wanted` has a column for each head: 1 yes, 0 no, -1 nobody said. Of the first `spirits` heads exactly one holds.
    """
    tf.keras.utils.set_random_seed(0)
    layers, heads = tf.keras.layers, wanted.shape[1]
    meaning, pieces = tf.keras.Input(vectors.shape[1]), tf.keras.Input(found.shape[1], sparse=True)
    hidden = layers.Dense(_HIDDEN, "relu")
    of_hidden = layers.Dense(heads, bias_initializer=tf.keras.initializers.Constant(_FIRST))
    of_meaning = layers.Dense(heads, use_bias=False, kernel_initializer="zeros")
    of_pieces = layers.Dense(heads, use_bias=False, kernel_initializer="zeros")
    scores = layers.Add()([of_hidden(layers.Dropout(_FORGET)(hidden(meaning))), of_meaning(meaning), of_pieces(pieces)])
    model = tf.keras.Model([meaning, pieces], scores)
    stride = tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE, _ROUNDS * -(-len(vectors) // _AT_ONCE), 0.0)
    model.compile(tf.keras.optimizers.AdamW(stride, weight_decay=_DECAY, beta_2=0.99), _loss(heads, spirits))
    examples = tf.data.Dataset.from_tensor_slices(((vectors, _sparse(found * _PIECES_WEIGHT)), wanted.astype(np.float32)))
    model.fit(examples.shuffle(len(vectors), seed=0).batch(_AT_ONCE), epochs=_ROUNDS, verbose=0)
    return {
        "hidden": hidden.kernel.numpy(),
        "hidden_bias": hidden.bias.numpy(),
        "of_hidden": of_hidden.kernel.numpy(),
        "of_meaning": of_meaning.kernel.numpy(),
        "of_pieces": of_pieces.kernel.numpy() * _PIECES_WEIGHT,
        "bias": of_hidden.bias.numpy(),
    }


def _loss(heads: int, spirits: int) -> Any:
    weight = np.ones(heads, dtype=np.float32)
    weight[-_DANGERS:] = 2

    def loss(wanted: Any, scores: Any) -> Any:
        known = tf.cast(wanted >= 0, tf.float32) * weight
        sure = tf.maximum(wanted, 0.0)
        each = tf.nn.sigmoid_cross_entropy_with_logits(sure * (1 - _DOUBT) + _DOUBT / 2, scores) * known
        one_of = sure[:, :spirits] * (1 - spirits * _DOUBT / 2) + _DOUBT / 2
        spirit = tf.nn.softmax_cross_entropy_with_logits(one_of, scores[:, :spirits]) * known[:, 0]
        return tf.reduce_sum(each[:, spirits:], 1) + spirit

    return loss


def _sparse(matrix: csr_matrix) -> Any:
    flat = matrix.tocoo()
    places = np.stack([flat.row, flat.col], 1).astype(np.int64)
    return tf.sparse.reorder(tf.SparseTensor(places, flat.data.astype(np.float32), flat.shape))
