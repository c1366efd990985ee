"""The usual way in Rasa, for comparison: a DIET pipeline for each of harm, topic and stance, trained on the same examples."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ops.evaluate.measuring import Said
from voice.safeguarding.model import Level
from voice.understanding.lessons import Lesson

EPOCHS = 5
"""Rasa's 300 are meant for a hundredth of the lines."""
_LONGEST = 50
"""Words that are taught of a line: a batch costs what its longest line costs.

This, and a transformer of half the usual size, make a step of learning four times as quick; large batches and leaving out what fewer than
five lines have do the rest. Otherwise nobody would wait for the comparison.
"""
_HARMLESS = "harmless"
_PIPELINE = """
recipe: default.v1
assistant_id: diet
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
    min_df: 5
  - name: CountVectorsFeaturizer
    min_df: 5
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    batch_size: 256
    transformer_size: 128
    entity_recognition: false
    constrain_similarities: true
policies: []
"""
_CONCERNS = frozenset({"complaint_rights", "low_mood", "bullying"})
"""Most of their lines are concerns only; all other categories count as urgent, for DIET knows no severity."""


class DietReads:
    """Three DIET models. Each names one thing only: the likeliest category, topic and stance."""

    def __init__(self, lessons: Sequence[Lesson], folder: Path, epochs: int = EPOCHS) -> None:
        """Trains, which takes a while, what `folder` does not hold yet for the same lessons."""
        judged = [lesson for lesson in lessons if lesson.harm is not None]
        wanted = {
            "harm": _intents((lesson.text, lesson.categories[0] if lesson.harm else _HARMLESS) for lesson in judged),
            "topic": _intents((lesson.text, sorted(lesson.topics)[0]) for lesson in lessons if lesson.topics),
            "stance": _intents((lesson.text, lesson.stance) for lesson in lessons if lesson.stance),
        }
        self._models = {name: _train(name, examples, folder, epochs) for name, examples in wanted.items()}

    def read(self, texts: Sequence[str]) -> list[Said]:
        """What each of the three models says."""
        harm, topic, stance = (asyncio.run(_parse(self._models[name], texts)) for name in ("harm", "topic", "stance"))
        return [
            Said(_level(category), (category,) if category != _HARMLESS else (), (about,), spirit)
            for category, about, spirit in zip(harm, topic, stance, strict=True)
        ]


def _level(category: str) -> Level:
    if category == _HARMLESS:
        return Level.none
    return Level.check if category in _CONCERNS else Level.urgent


def _intents(pairs: Iterator[tuple[str, str | None]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, intent in pairs:
        found.setdefault(str(intent), []).append(" ".join(text.split()[:_LONGEST]))
    return found


def _train(name: str, examples: dict[str, list[str]], folder: Path, epochs: int) -> Path:
    lines = [{"text": text, "intent": intent} for intent, texts in examples.items() for text in texts]
    data = json.dumps({"rasa_nlu_data": {"common_examples": lines}})
    pipeline = _PIPELINE.format(epochs=epochs)
    model = folder / f"{name}-{hashlib.sha256((data + pipeline).encode()).hexdigest()[:16]}.tar.gz"
    if not model.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for older in folder.glob(f"{name}-*.tar.gz"):
            older.unlink()
        with tempfile.TemporaryDirectory(prefix="sayso-diet-") as workshop:
            # it may be on another disk: half of a copy must not pass for the model
            draft = shutil.move(_trained(data, pipeline, Path(workshop)), model.with_suffix(".draft"))
            Path(draft).replace(model)
    return model


def _trained(data: str, pipeline: str, workshop: Path) -> Path:
    (workshop / "data.json").write_text(data, encoding="utf-8")
    (workshop / "config.yml").write_text(pipeline, encoding="utf-8")
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", "config.yml", "--nlu", "data.json"]
    subprocess.run(
        [*command, "--out", "models", "--fixed-model-name", "diet"],
        cwd=workshop,
        check=True,
        env=os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return workshop / "models" / "diet.tar.gz"


async def _parse(model: Path, texts: Sequence[str]) -> list[str]:
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # Rasa would print every line that it reads
    configure_structlog(logging.WARNING)
    agent = Agent.load(str(model))
    return [str((await agent.parse_message(" ".join(text.split())))["intent"]["name"]) for text in texts]
