"""Which intent a message has: logistic regression over what the featurizers counted.

It is Rasa's LogisticRegressionClassifier, trained the same way, but kept as plain arrays of numbers. Rasa keeps it with
skops, whose import alone takes longer than everything else at the start of Rasa (it looks every type it trusts up in every
module that is loaded), and whose release that Rasa asks for has a known weakness (CVE-2025-54412).
"""

from __future__ import annotations

from typing import Any

import numpy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import coo_matrix

_FILE = "weights.npz"
_RANKED = 5
"""Intents in the ranking that goes on with the message. The fallback compares the first two."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PlainLogisticRegression(LogisticRegressionClassifier):
    """Needs at least three intents in the training data."""

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self._intents: list[str] = []
        self._weights = numpy.zeros((0, 0))
        self._biases = numpy.zeros(0)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` of each message. Without training data (yet) nothing is set."""
        if not self._intents:
            return messages
        for message in messages:
            scores = self._scores(message)
            shares = numpy.exp(scores - scores.max())
            shares /= shares.sum()
            ranking = [
                {INTENT_NAME_KEY: self._intents[index], PREDICTED_CONFIDENCE_KEY: float(shares[index])}
                for index in numpy.argsort(-shares)[:_RANKED]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _scores(self, message: Message) -> Any:
        """What `_create_X` would come to, times the weights, without putting one long row together for it."""
        counted = [each for each in message.features if each.attribute == TEXT and each.type == FEATURE_TYPE_SENTENCE]
        scores, at = self._biases, 0
        for each in sorted(counted, key=lambda one: one.is_dense()):
            found = each.features.tocoo() if each.is_sparse() else coo_matrix(each.features)
            scores = scores + found.data @ self._weights[found.col + at]
            at += found.shape[1]
        return scores

    def persist(self) -> None:
        """Writes intents, weights and biases, after training."""
        self._take(list(self.clf.classes_), self.clf.coef_.T, self.clf.intercept_)
        with self._model_storage.write_to(self._resource) as folder:
            numpy.savez(folder / _FILE, intents=numpy.array(self._intents), weights=self._weights, biases=self._biases)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlainLogisticRegression:
        """The classifier as it was trained. Raises ValueError when it was not."""
        loaded = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, numpy.load(folder / _FILE, allow_pickle=False) as kept:
            loaded._take(kept["intents"].tolist(), kept["weights"], kept["biases"])
        return loaded

    def _take(self, intents: list[str], weights: Any, biases: Any) -> None:
        self._intents = intents
        self._weights = numpy.ascontiguousarray(weights, dtype=numpy.float32)
        self._biases = numpy.asarray(biases, dtype=numpy.float32)
