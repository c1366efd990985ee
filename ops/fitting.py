"""Fits the ear's numbers to the examples, with TensorFlow: filters over the tokens, a hidden layer over the vector, and straight lines.

A filter finds a few words that say it, wherever in a text they are, where the mean over the text has drowned them; the hidden
layer finds what no straight line through the vectors can (docs/decisions/0006-how-sayso-understands.md). All heads learn at once,
and share both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from voice.understanding.vectors import REACH, SIZE, Floats

# All of these were chosen on the tuning part of tests/understanding.
_FILTERS, _HIDDEN = 512, 768
_FORGET_FOUND, _FORGET = 0.5, 0.6
"""Of what the filters found, and of the hidden layer, while learning: it is to lean on no single thing."""
_ROUNDS = 12
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


def fit(  # noqa: PLR0913  a kind of number each
    vectors: Floats,
    states: NDArray[np.float16],
    lengths: NDArray[np.int64],
    texts: NDArray[np.int64],
    found: csr_matrix,
    wanted: NDArray[np.int8],
    spirits: int,
) -> dict[str, Floats]:
    """The arrays of voice.understanding.ear.Learned that are fitted, by name.

    A row of `vectors`, of `found` and of `wanted` for each example. A row of `states` for each token of the texts that the examples
    are cut in: `lengths` says how many tokens each text has, `texts` how many texts each example. `wanted` has a column for each
    head: 1 yes, 0 no, -1 nobody said. Of the first `spirits` heads exactly one holds.
    """
    tf.keras.utils.set_random_seed(0)
    learner = _Learner(found.shape[1], wanted.shape[1])
    loss = _loss(wanted.shape[1], spirits)
    stride = tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE, _ROUNDS * -(-len(vectors) // _AT_ONCE), 0.0)
    optimizer = tf.keras.optimizers.AdamW(stride, weight_decay=_DECAY, beta_2=0.99)
    optimizer.build(learner.all)

    def step(meaning: Any, tokens: Any, inner: Any, owners: Any, pieces: Any, wanted: Any) -> None:
        with tf.GradientTape() as tape:
            lost = tf.reduce_mean(loss(wanted, learner.scores(meaning, tokens, inner, owners, pieces)))
        optimizer.apply_gradients(zip(tape.gradient(lost, learner.all), learner.all, strict=True))

    compiled = tf.function(step, autograph=False, reduce_retracing=True)
    tokens = _Tokens(states, lengths, texts)
    chance = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        order = chance.permutation(len(vectors))
        # in batches of like length it would learn less
        for batch in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
            compiled(tf.constant(vectors[batch]), *tokens.of(batch), _sparse(found[batch]), tf.constant(wanted[batch]))
    return learner.fitted()


class _Learner:
    """What is fitted: filters, a hidden layer, and straight lines from both, from the vector and from the pieces to the heads."""

    def __init__(self, pieces: int, heads: int) -> None:
        self._filters = tf.Variable(_near((REACH, SIZE, _FILTERS)))
        self._filters_bias = tf.Variable(tf.zeros(_FILTERS))
        self._of_filters = tf.Variable(_near((_FILTERS, heads)))
        self._hidden = tf.Variable(_near((SIZE, _HIDDEN)))
        self._hidden_bias = tf.Variable(tf.zeros(_HIDDEN))
        self._of_hidden = tf.Variable(_near((_HIDDEN, heads)))
        self._of_meaning = tf.Variable(tf.zeros((SIZE, heads)))
        self._of_pieces = tf.Variable(tf.zeros((pieces, heads)))
        self._bias = tf.Variable(tf.fill([heads], _FIRST))
        self.all: list[Any] = list(vars(self).values())

    def scores(self, meaning: Any, tokens: Any, inner: Any, owners: Any, pieces: Any) -> Any:
        """What is said of each example while learning.

        `inner`: 1 where a token's text goes on behind it; `owners`: the example that each token belongs to.
        """
        hidden = tf.nn.relu(meaning @ self._hidden + self._hidden_bias)
        strongest = tf.nn.relu(tf.math.segment_max(self._looked(tokens, inner[:, None]), owners) + self._filters_bias)
        return (
            tf.nn.dropout(strongest, _FORGET_FOUND) @ self._of_filters
            + tf.nn.dropout(hidden, _FORGET) @ self._of_hidden
            + meaning @ self._of_meaning
            + tf.sparse.sparse_dense_matmul(pieces, self._of_pieces)
            + self._bias
        )

    def _looked(self, tokens: Any, inner: Any) -> Any:
        before, here, behind = (tokens @ self._filters[at] for at in range(REACH))
        nothing = tf.zeros((1, _FILTERS))
        return here + tf.concat([nothing, (before * inner)[:-1]], 0) + tf.concat([behind[1:] * inner[:-1], nothing], 0)

    def fitted(self) -> dict[str, Floats]:
        """By the names of voice.understanding.ear.Learned."""
        return {
            "filters": self._filters.numpy(),
            "filters_bias": self._filters_bias.numpy(),
            "of_filters": self._of_filters.numpy(),
            "hidden": self._hidden.numpy(),
            "hidden_bias": self._hidden_bias.numpy(),
            "of_hidden": self._of_hidden.numpy(),
            "of_meaning": self._of_meaning.numpy(),
            "of_pieces": self._of_pieces.numpy() * _PIECES_WEIGHT,
            "bias": self._bias.numpy(),
        }


def _near(shape: tuple[int, ...]) -> Any:
    """Small numbers by chance, for a layer to begin with."""
    return tf.keras.initializers.GlorotUniform()(shape)


class _Tokens:
    """The states of every example's tokens, to take some examples' out of."""

    def __init__(self, states: NDArray[np.float16], lengths: NDArray[np.int64], texts: NDArray[np.int64]) -> None:
        self._rows = states
        self._inner = np.ones(len(states), dtype=np.float32)
        self._inner[np.cumsum(lengths) - 1] = 0
        self._lengths = np.add.reduceat(lengths, np.cumsum(texts) - texts)
        self._starts = np.cumsum(self._lengths) - self._lengths

    def of(self, examples: NDArray[np.int64]) -> tuple[Any, Any, Any]:
        """Their tokens, one example behind the other; where a text goes on behind a token; and whose each is."""
        lengths = self._lengths[examples]
        places = np.concatenate([np.arange(start, start + length) for start, length in zip(self._starts[examples], lengths, strict=True)])
        owners = np.repeat(np.arange(len(examples)), lengths)
        return tf.constant(self._rows[places], tf.float32), tf.constant(self._inner[places]), tf.constant(owners)


def fit_at_a_glance(found: csr_matrix, harm: NDArray[np.int8]) -> Floats:
    """A weight for each kind of piece, to tell by the pieces alone which of many texts is the most worrying.

    Those that `fit` learns cannot: they only add to what the vector and the filters say.
    """
    known = harm >= 0
    line = LogisticRegression(C=_SURE, solver="liblinear").fit(found[known], harm[known])
    return np.asarray(line.coef_[0], dtype=np.float32)


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
