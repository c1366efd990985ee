"""Reads the examples from which Sayso learns to understand."""

from __future__ import annotations

from pathlib import Path

from records.reading import DataMistake, read_sheet, read_tree
from voice.understanding.lessons import AccountsSheet, Lesson, SaidSheet, WorrySheet

INTENTS, SAID, WORRYING = Path("data/nlu"), Path("data/nlu/said"), Path("data/nlu/worrying")
_ACCOUNTS = "accounts"
"""Files whose names begin so hold labelled lines of many kinds; every other file is one topic or one category."""


def load_lessons(root: Path) -> list[Lesson]:
    """All examples under `root`. Raises DataMistake with file, line and reason; also for a file that is called otherwise
    than its topic or category."""
    lessons: list[Lesson] = []
    for folder in (SAID, WORRYING):
        for file in sorted((root / folder).glob("*.yml")):
            if file.stem.startswith(_ACCOUNTS):
                lessons += _accounts(file)
            elif folder == SAID:
                said = read_sheet(file, SaidSheet)
                _is_called(file, said.topic)
                lessons += said.lessons()
            else:
                worry = read_sheet(file, WorrySheet)
                _is_called(file, worry.category)
                lessons += worry.lessons()
    return lessons


def load_accounts(root: Path) -> list[tuple[Path, list[Lesson]]]:
    """The files that hold labelled lines of many kinds, and what is in each. Raises DataMistake."""
    return [(file, _accounts(file)) for folder in (SAID, WORRYING) for file in sorted((root / folder).glob(f"{_ACCOUNTS}*.yml"))]


def _accounts(file: Path) -> list[Lesson]:
    return [account.lesson() for account in read_sheet(file, AccountsSheet).accounts]


def _is_called(file: Path, name: str) -> None:
    if file.stem != name:
        raise DataMistake(file, 1, f"the file is called {file.stem}, but it is about {name}; they must be the same")


def load_intents(root: Path) -> dict[str, list[str]]:
    """What Rasa learns from, as it stands in data/nlu: the examples of each intent. Raises DataMistake."""
    found: dict[str, list[str]] = {}
    for file in sorted((root / INTENTS).glob("*.yml")):
        for sheet in read_tree(file).get("nlu", ()):
            if "intent" in sheet:
                found.setdefault(str(sheet["intent"]), []).extend(
                    line.removeprefix("- ").strip() for line in sheet["examples"].splitlines()
                )
    return found
