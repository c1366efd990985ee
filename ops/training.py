"""Training the Rasa model, only when something it is made of has changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ops.children import dies_with_us
from ops.errors import CannotGoOn

MODEL = Path("models/sayso.tar.gz")
_FINGERPRINT = Path("models/sayso.fingerprint")
_DRAFTS = Path("models/draft")
_DATA = ("data/nlu/pathways.yml", "data/nlu/questions.yml", "data/nlu/small_talk.yml", "data/rules", "data/responses")
"""What Rasa learns from. The folders in data/nlu are for the ear (ops/learning.py)."""
_MADE_OF = ("config.yml", "domain.yml", *_DATA, "bot/nlu", "voice/understanding/vectors.py", "uv.lock")
_READ = {".yml", ".yaml", ".json", ".txt", ".py", ".lock"}
_STAGE = re.compile(rb"Starting to train component '(\w+)'")

Teller = Callable[[str], None]
"""Takes one line for whoever watches."""


def fingerprint(root: Path) -> str:
    """The sha256, as hex, of everything the model is made of: training data, domain, pipeline, its code and the locked packages."""
    return digest_of(root, _MADE_OF)


def digest_of(root: Path, places: Sequence[str]) -> str:
    """The sha256, as hex, of files and of everything readable in folders, by name and content."""
    digest = hashlib.sha256()
    for file in _files(root, places):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_trained(root: Path) -> bool:
    """Whether the model is there and made of what lies in the folders now."""
    mark = root / _FINGERPRINT
    return (root / MODEL).is_file() and mark.is_file() and mark.read_text(encoding="ascii").strip() == fingerprint(root)


def train_if_needed(root: Path, log_folder: Path, tell: Teller, *, anyway: bool = False) -> bool:
    """Makes sure that the model fits its data; says whether it had to train.

    The old model stays in use until the new one is complete. Rasa's own words go to train.log in `log_folder`.
    Raises CannotGoOn when Rasa could not train.
    """
    if is_trained(root) and not anyway:
        return False
    # taken first: what changes while Rasa reads is trained next time
    made_of = fingerprint(root)
    log = log_folder / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    drafts = root / _DRAFTS
    shutil.rmtree(drafts, ignore_errors=True)
    try:
        _run_rasa(root, drafts, log, tell)
        os.replace(drafts / MODEL.name, root / MODEL)
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
    (root / _FINGERPRINT).write_text(made_of + "\n", encoding="ascii")
    return True


def _files(root: Path, places: Sequence[str]) -> Iterator[Path]:
    for name in places:
        place = root / name
        if place.is_file():
            yield place
        else:
            yield from sorted(file for file in place.rglob("*") if file.is_file() and file.suffix in _READ)


def _run_rasa(root: Path, drafts: Path, log: Path, tell: Teller) -> None:
    data = [name for name in _DATA if (root / name).exists()]
    command = [sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml", "--data", *data]
    command += ["--out", str(drafts), "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")]
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "INFO", "PYTHONUNBUFFERED": "1"}
    started = time.monotonic()
    tell("Training the assistant; this takes a minute or two, and only happens when something it learns from has changed.")
    with log.open("wb") as out:
        training = subprocess.Popen(
            command,
            cwd=root,
            env=os.environ | quiet,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # safe here: this process has no other threads
            preexec_fn=dies_with_us(),  # noqa: PLW1509
        )
        try:
            _watch(training, log, started, tell)
        finally:
            if training.poll() is None:
                os.killpg(training.pid, signal.SIGKILL)
                training.wait()
    if training.returncode or not (drafts / MODEL.name).is_file():
        raise CannotGoOn(f"Rasa could not train the assistant. What it said is in {log}:\n{_last_lines(log)}")
    tell(f"The assistant is trained ({time.monotonic() - started:.0f} s).")


def _watch(training: subprocess.Popen[bytes], log: Path, started: float, tell: Teller) -> None:
    """Tells the seconds and the stage: at once when the stage changes, else every ten seconds."""
    told_stage, told_at = "", started
    while True:
        try:
            training.wait(timeout=1)
            return
        except subprocess.TimeoutExpired:
            now = time.monotonic()
        stages = _STAGE.findall(log.read_bytes())
        stage = stages[-1].decode() if stages else "reading the training data"
        if stage != told_stage or now - told_at >= 10:
            tell(f"  training, {now - started:.0f} s: {stage}")
            told_stage, told_at = stage, now


def _last_lines(log: Path, count: int = 12) -> str:
    return "\n".join("  " + line for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
