"""Rasa's own commands work from the root, as Rasa people expect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.training import train_if_needed

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.stack


def rasa(tmp_path: Path, *words: str) -> str:
    """What a rasa command prints. Fails when it does not end well."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SAYSO_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "rasa", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_rasa_finds_no_conflict_in_the_data(tmp_path: Path) -> None:
    assert "No story structure conflicts found" in rasa(tmp_path, "data", "validate")


def test_the_test_stories_are_predicted_as_written(tmp_path: Path) -> None:
    train_if_needed(ROOT, tmp_path, print)
    rasa(tmp_path, "test", "core", "--stories", "tests/test_stories.yml", "--fail-on-prediction-errors", "--out", str(tmp_path / "results"))
