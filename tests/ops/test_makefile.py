from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shown() -> str:
    return subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_target_is_in_the_help_and_every_phony_one_exists() -> None:
    lines = (ROOT / "Makefile").read_text().splitlines()
    targets = {match[1] for line in lines if (match := re.match(r"([a-z]+):(?!=)", line))}
    (phony,) = [line for line in lines if line.startswith(".PHONY:")]
    listed = set(re.findall(r"^  make ([a-z]+) +\S", shown(), re.MULTILINE))
    assert listed == targets == set(phony.split()[1:])


def test_the_targets_of_the_design_are_there() -> None:
    for target in ("help", "run", "test", "lint", "bench", "train", "demo", "clean"):
        assert f"make {target} " in shown()


def test_make_alone_lists_the_targets() -> None:
    done = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == shown()


def test_cleaning_never_touches_the_records_or_the_key() -> None:
    done = subprocess.run(["make", "--dry-run", "clean"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not re.search(r"\bvar\b", done.stdout)
