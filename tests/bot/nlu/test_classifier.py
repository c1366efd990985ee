"""The classifier kept as numbers says what the one it was trained as would say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.classifier import PlainLogisticRegression


def message(n: int, intent: str | None = None) -> Message:
    """A message with a bag of four made-up words, a vector, and a bag of the same words again, as three featurizers leave them."""
    vector = numpy.random.default_rng(n + 1000).random((1, 3))
    counts = csr_matrix(numpy.random.default_rng(n).integers(0, 3, (1, 4)) + (numpy.eye(3, 4)[[n % 3]] * 4).astype(int))
    made = Message({TEXT: f"words {n}", **({"intent": intent} if intent else {})})
    for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
        for found in (counts, vector, counts):
            made.add_features(Features(found, kind, TEXT, "test"))
    return made


@pytest.fixture
def trained(tmp_path: Path) -> tuple[PlainLogisticRegression, PlainLogisticRegression]:
    """A classifier that was trained, and the same one read back."""
    storage, resource, context = LocalModelStorage(tmp_path), Resource("classifier"), ExecutionContext(GraphSchema({}), node_name="it")
    config: dict[str, Any] = PlainLogisticRegression.get_default_config()
    classifier = PlainLogisticRegression.create(config, storage, resource, context)
    classifier.train(TrainingData([message(n, "abc"[n % 3]) for n in range(60)]))
    return classifier, PlainLogisticRegression.load(config, storage, resource, context)


def test_it_ranks_as_scikit_learn_does_and_the_same_after_it_was_kept(
    trained: tuple[PlainLogisticRegression, PlainLogisticRegression],
) -> None:
    for n in range(100, 120):
        expected = dict(zip("abc", trained[0].clf.predict_proba(trained[0]._create_X([message(n)]))[0], strict=True))
        for classifier in trained:
            (read,) = classifier.process([message(n)])
            ranking = {intent["name"]: intent["confidence"] for intent in read.get("intent_ranking")}
            assert ranking == pytest.approx(expected, abs=1e-4)
            assert read.get("intent") == read.get("intent_ranking")[0]


def test_what_is_kept_is_numbers_and_no_code(trained: object, tmp_path: Path) -> None:
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    with numpy.load(file, allow_pickle=False) as kept:
        assert sorted(kept) == ["biases", "intents", "weights"]


def test_without_training_it_says_nothing(tmp_path: Path) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="it")
    untrained = PlainLogisticRegression.create({}, LocalModelStorage(tmp_path), Resource("none"), context)
    (read,) = untrained.process([message(1)])
    assert read.get("intent") is None
