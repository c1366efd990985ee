"""What is measured on lines held out was learned without them. (What learning makes of the rest, `make evaluate ARGS=--held-out` says.)"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ops.evaluate import held_out
from records.teaching import load_accounts, load_lessons
from tests.understanding.conftest import ROOT


def test_lines_are_measured_that_neither_adapters_nor_ears_were_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[set[str]] = []

    def learns(root: Path, _tell: object) -> None:
        taught.append({lesson.text for lesson in load_lessons(root)})
        shutil.copytree(ROOT / "models", root / "models", dirs_exist_ok=True, ignore=shutil.ignore_patterns("diet"))

    monkeypatch.setattr(held_out, "adapt", learns)
    monkeypatch.setattr(held_out, "learn_if_needed", learns)
    monkeypatch.setattr(held_out, "_EVERY", 30)
    said = held_out.measure_held_out(ROOT, print)
    left_out = [lesson for _, lessons in load_accounts(ROOT)[::30] for lesson in lessons if lesson.harm is not None]
    assert said.startswith(f"{len(left_out)} lines held out")
    assert len(taught) == 2
    assert all(not texts & {lesson.text for lesson in left_out} for texts in taught)
    # these ears were taught them, so they must do well
    assert float(re.findall(r"harmless ones: ([\d.]+)%", said)[0]) > 95
