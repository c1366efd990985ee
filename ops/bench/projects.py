"""The two bots Sayso is measured against, as Rasa projects: made and trained once for each content, then kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from ops.bench.processes import clean_environment
from ops.children import dies_with_us
from ops.errors import CannotGoOn
from ops.training import Teller

FORM_BOT = Path(__file__).parent / "form_bot"
ACTIONS_PORT = "FORM_BOT_ACTIONS_PORT"
"""The environment variable in the form bot's endpoints.yml."""
_LONGEST_TRAINING = 400
"""Seconds. The starter bot's two neural networks take about 80 on two free cores."""


def form_bot(kept: Path, tell: Teller) -> Path:
    """The five-question form bot, trained; its folder lies under `kept`. Raises CannotGoOn when it cannot be trained."""
    content = b"".join(file.read_bytes() for file in sorted(FORM_BOT.rglob("*")) if file.suffix in (".yml", ".py"))

    def make(folder: Path) -> None:
        shutil.copytree(FORM_BOT, folder, ignore=shutil.ignore_patterns("__pycache__"))
        _rasa(folder, "train")

    return _made_once(kept, "form_bot", content, make, tell)


def init_bot(kept: Path, tell: Teller) -> Path:
    """The bot that `rasa init` makes, trained as it comes; its folder lies under `kept`. Raises CannotGoOn."""

    def make(folder: Path) -> None:
        folder.mkdir(parents=True)
        _rasa(folder, "init", "--no-prompt", "--init-dir", str(folder))

    return _made_once(kept, "init_bot", b"", make, tell)


def _made_once(kept: Path, name: str, content: bytes, make: Callable[[Path], None], tell: Teller) -> Path:
    made_with = " ".join(f"{package}={version(package)}" for package in ("rasa", "tensorflow", "scikit-learn"))
    folder = kept / f"{name}-{hashlib.sha256(content + made_with.encode()).hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    draft = kept / f"{name}-draft"
    shutil.rmtree(draft, ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    tell(f"Training the {name.replace('_', ' ')}; it is kept for the next run.")
    begun = time.monotonic()
    make(draft)
    if not list((draft / "models").glob("*.tar.gz")):
        raise CannotGoOn(f"Rasa made no model of the {name.replace('_', ' ')}. What it said is in {draft / 'train.log'}.")
    os.replace(draft, folder)
    tell(f"  trained in {time.monotonic() - begun:.0f} s")
    return folder


def _rasa(folder: Path, *command: str) -> None:
    with (folder / "train.log").open("wb") as out:
        training = subprocess.Popen(
            [sys.executable, "-m", "rasa", *command],
            cwd=folder,
            env=clean_environment({ACTIONS_PORT: "0"}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # safe here: this process has no other threads
            preexec_fn=dies_with_us(),  # noqa: PLW1509
        )
        try:
            training.wait(_LONGEST_TRAINING)
        except subprocess.TimeoutExpired:
            raise CannotGoOn(f"Rasa was still training after {_LONGEST_TRAINING} s; see {folder / 'train.log'}.") from None
        finally:
            if training.poll() is None:
                os.killpg(training.pid, signal.SIGKILL)
                training.wait()
