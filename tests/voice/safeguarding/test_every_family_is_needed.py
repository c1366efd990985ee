"""Take any one pattern family away, and something that it alone would have found is missed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from records.safety_data import load_sheets
from voice.safeguarding.families import Families, Index
from voice.safeguarding.screen import Level, Screen

HERE = Path(__file__).parent
NAMES = [f"{sheet.category}.{family.name}" for sheet in load_sheets(HERE.parents[2]).categories.values() for family in sheet.families]


@dataclass(frozen=True)
class Line:
    """What is said, and the question it answers, if any."""

    said: str
    asked: str | None

    @classmethod
    def read(cls, entry: str | dict[str, Any]) -> Line:
        return cls(entry, None) if isinstance(entry, str) else cls(entry["said"], entry["asked"])


LINES = {
    name: [Line.read(entry) for entry in entries]
    for name, entries in YAML(typ="safe").load((HERE / "only_one_hears.yml").read_text(encoding="utf-8")).items()
}


def without(families: Families, name: str) -> Screen:
    """The screen as it would be if this family were gone."""
    others = tuple(family for family in families.families if family.name != name)
    assert len(others) == len(families.families) - 1
    return Screen(replace(families, families=others, index=Index(others)))


def test_every_family_has_lines_of_its_own() -> None:
    assert sorted(LINES) == sorted(NAMES)
    assert all(len(lines) >= 2 for lines in LINES.values())


def test_no_line_is_an_example_that_came_with_the_family() -> None:
    examples = {text for sheet in load_sheets(HERE.parents[2]).categories.values() for family in sheet.families for text in family.examples}
    answers = {line.said for lines in LINES.values() for line in lines if line.asked}
    assert {line.said for lines in LINES.values() for line in lines} & examples <= answers


@pytest.mark.parametrize("name", NAMES)
def test_without_this_family_its_lines_are_missed(screen: Screen, name: str) -> None:
    poorer = without(screen._families, name)
    for line in LINES[name]:
        assert screen.screen(line.said, question=line.asked).families == (name,), line.said
        assert poorer.screen(line.said, question=line.asked).level is Level.none, line.said
