"""Fits the ear's numbers to the examples, with TensorFlow: filters over the tokens, a hidden layer over the vector, and straight lines.

A filter finds a few words that say it, wherever in a text they are, where the mean over the text has drowned them; the hidden
layer finds what no straight line through the vectors can (docs/decisions/0006-how-sayso-understands.md). All heads learn at once,
and share both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from voice.understanding.vectors import REACH, SIZE, Floats

# All of these were chosen on the tuning part of tests/understanding.
_FILTERS, _HIDDEN = 384, 768
_FORGET_FOUND, _FORGET = 0.5, 0.6
"""Of what the filters found, and of the hidden layer, while learning: it is to lean on no single thing."""
_ROUNDS = 9
_AT_ONCE = 256
_STRIDE, _DECAY = 2e-3, 0.1
_PIECES_STRIDE = 0.02
"""Pieces have strides of their own: most are in few examples, and only the weights of those that are in a batch are touched."""
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
_HIDDEN_CLOSELY, _FORGET_SEEN, _ROUNDS_CLOSELY, _STRIDE_CLOSELY = 1_024, 0.1, 24, 1e-3
"""Of the closer ear."""
_SLIGHT = np.float32(1e-5)
"""Keeps it from dividing by nothing."""


@dataclass(frozen=True)
class Numbers:
    """The examples as numbers: a row of `vectors`, of `found` and of `wanted` for each.

    `states` has a row for each token of the texts that the examples are cut in: `lengths` says how many tokens each text has, `texts`
    how many texts each example. `wanted` has a column for each head: 1 yes, 0 no, -1 nobody said. Of the first `spirits` heads
    exactly one holds.
    """

    vectors: Floats
    states: NDArray[np.float16]
    lengths: NDArray[np.int64]
    texts: NDArray[np.int64]
    found: csr_matrix
    wanted: NDArray[np.int8]
    spirits: int


def fit(examples: Numbers) -> tuple[dict[str, Floats], Floats]:
    """The arrays of voice.understanding.ear.Learned that are fitted, by name; and the scores of the examples in the end."""
    tf.keras.utils.set_random_seed(0)
    learner = _Learner(examples.found.shape[1], examples.wanted.shape[1])
    loss = loss_of(examples.wanted.shape[1], examples.spirits)
    stride = tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE, _ROUNDS * -(-len(examples.vectors) // _AT_ONCE), 0.0)
    optimizer = tf.keras.optimizers.AdamW(stride, weight_decay=_DECAY, beta_2=0.99)
    optimizer.build(learner.layers)
    of_pieces = tf.keras.optimizers.Adagrad(_PIECES_STRIDE, initial_accumulator_value=0)
    of_pieces.build([learner.of_pieces])

    def step(wanted: Any, meaning: Any, tokens: Any, pieces: Any) -> None:
        with tf.GradientTape() as tape:
            lost = tf.reduce_mean(loss(wanted, learner.scores(meaning, tokens, pieces)))
        *steep, steep_of_pieces = tape.gradient(lost, [*learner.layers, learner.of_pieces])
        optimizer.apply_gradients(zip(steep, learner.layers, strict=True))
        of_pieces.apply_gradients([(steep_of_pieces, learner.of_pieces)])

    compiled = tf.function(step, autograph=False, reduce_retracing=True)
    tokens = _Tokens(examples.states, examples.lengths, examples.texts)
    chance = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        order = chance.permutation(len(examples.vectors))
        # in batches of like length it would learn less
        for batch in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
            meaning, wanted = tf.constant(examples.vectors[batch]), tf.constant(examples.wanted[batch])
            compiled(wanted, meaning, tokens.of(batch), _sparse(examples.found[batch]))
    learner.forgets = False
    scores = [
        learner.scores(tf.constant(examples.vectors[batch]), tokens.of(batch), _sparse(examples.found[batch])).numpy()
        for batch in np.split(np.arange(len(examples.vectors)), range(_AT_ONCE, len(examples.vectors), _AT_ONCE))
    ]
    return learner.fitted(), np.concatenate(scores)


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
        self._bias = tf.Variable(tf.fill([heads], _FIRST))
        self.layers: list[Any] = list(vars(self).values())
        self.of_pieces = tf.Variable(tf.zeros((pieces, heads)))
        self.forgets = True
        """Only while it learns."""

    def scores(self, meaning: Any, tokens: Any, pieces: Any) -> Any:
        """What is said of each example. `tokens` as `_Tokens.of` gives them, `pieces` as `_sparse` does."""
        rows, inner, owners = tokens
        found, kinds = pieces
        hidden = tf.nn.relu(meaning @ self._hidden + self._hidden_bias)
        strongest = tf.nn.relu(tf.math.segment_max(self._looked(rows, inner[:, None]), owners) + self._filters_bias)
        return (
            self._kept(strongest, _FORGET_FOUND) @ self._of_filters
            + self._kept(hidden, _FORGET) @ self._of_hidden
            + meaning @ self._of_meaning
            + tf.sparse.sparse_dense_matmul(found, tf.gather(self.of_pieces, kinds))
            + self._bias
        )

    def _kept(self, found: Any, forget: float) -> Any:
        return tf.nn.dropout(found, forget) if self.forgets else found

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
            "of_pieces": self.of_pieces.numpy() * _PIECES_WEIGHT,
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


def fit_closely(vectors: Floats, wanted: NDArray[np.int8], spirits: int) -> dict[str, Floats]:
    """The arrays of voice.understanding.closer.LearnedClosely, by name, from a vector for each example; `wanted` as in Numbers."""
    tf.keras.utils.set_random_seed(0)
    heads = wanted.shape[1]
    middle, spread = vectors.mean(0), vectors.std(0) + _SLIGHT
    seen = tf.keras.Input(vectors.shape[1])
    known = tf.keras.layers.Dropout(_FORGET_SEEN)(seen)
    hidden = tf.keras.layers.Dense(_HIDDEN_CLOSELY, activation="relu")
    of_hidden = tf.keras.layers.Dense(heads, bias_initializer=tf.keras.initializers.Constant(_FIRST))
    of_meaning = tf.keras.layers.Dense(heads, use_bias=False, kernel_initializer="zeros")
    scores = of_hidden(tf.keras.layers.Dropout(_FORGET)(hidden(known))) + of_meaning(known)
    stride = tf.keras.optimizers.schedules.PolynomialDecay(_STRIDE_CLOSELY, _ROUNDS_CLOSELY * -(-len(vectors) // _AT_ONCE), 0.0)
    learner = tf.keras.Model(seen, scores)
    learner.compile(tf.keras.optimizers.AdamW(stride, weight_decay=_DECAY), loss_of(heads, spirits))
    learner.fit((vectors - middle) / spread, wanted, batch_size=_AT_ONCE, epochs=_ROUNDS_CLOSELY, verbose=0)
    # what was done to the vectors before is done by the weights from now on
    straight, straight_bias = (array.numpy() for array in hidden.weights)
    across = of_meaning.weights[0].numpy()
    return {
        "hidden": straight / spread[:, None],
        "hidden_bias": straight_bias - (middle / spread) @ straight,
        "of_hidden": of_hidden.weights[0].numpy(),
        "of_meaning": across / spread[:, None],
        "bias": of_hidden.weights[1].numpy() - (middle / spread) @ across,
    }


def fit_at_a_glance(found: csr_matrix, harm: NDArray[np.int8]) -> Floats:
    """A weight for each kind of piece, to tell by the pieces alone which of many texts is the most worrying.

    Those that `fit` learns cannot: they only add to what the vector and the filters say.
    """
    known = harm >= 0
    line = LogisticRegression(C=_SURE, solver="liblinear").fit(found[known], harm[known])
    return np.asarray(line.coef_[0], dtype=np.float32)


def loss_of(heads: int, spirits: int) -> Any:
    """How far scores are from what is wanted; of the first `spirits` heads exactly one holds, what nobody said does not count."""
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


def _sparse(found: csr_matrix) -> tuple[Any, Any]:
    """What is found, with the pieces renumbered, and the pieces that are found at all."""
    kinds, at = np.unique(found.indices, return_inverse=True)
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    amounts = (found.data * _PIECES_WEIGHT).astype(np.float32)
    return tf.SparseTensor(np.stack([rows, at], 1), amounts, (found.shape[0], len(kinds))), tf.constant(kinds)
