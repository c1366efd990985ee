"""Reads the sets that measure: `tests/understanding/tune` (thresholds are chosen on it) and `sealed` (only ever measured)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel

from records.reading import read_sheet
from voice.safeguarding.model import Category, Severity
from voice.understanding.lessons import Account, Lesson, Line
from voice.wording import Sheet

PLACE = Path("tests/understanding")
Part = Literal["tune", "sealed"]
Writing = Literal["plain", "phone", "child", "account", "sideways"]
"""Well spelt · typed on a phone · a nine-year-old's spelling · as in an interview · indirect."""

ByStyle = Mapping[Writing, tuple[Line, ...]]


class Disclosures(Sheet):
    """One category's disclosures, by severity and by how they are written."""

    category: Category
    S1: ByStyle = {}
    S2: ByStyle = {}
    S3: ByStyle = {}
    S4: ByStyle = {}

    def lessons(self) -> Iterator[Lesson]:
        """Every line with its labels."""
        for severity in Severity:
            for style, lines in getattr(self, severity.value).items():
                for line in lines:
                    yield Lesson(line, harm=True, categories=(self.category,), severity=severity, style=style)


class LookAlikes(Sheet):
    """Harmless lines near one category."""

    near: Category
    harmless: tuple[Line, ...] = Field(min_length=1)


class Everyday(RootModel[tuple[Account, ...]]):
    """Everyday sentences with topics and stance."""


@dataclass(frozen=True)
class Set:
    """One part: disclosures, look-alikes (with the category they are near), and everyday sentences."""

    part: Part
    disclosures: tuple[Lesson, ...]
    look_alikes: tuple[Lesson, ...]
    everyday: tuple[Lesson, ...]

    @property
    def harmless(self) -> tuple[Lesson, ...]:
        """All that no person needs to be told of."""
        return (*self.look_alikes, *(lesson for lesson in self.everyday if lesson.harm is False))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every line."""
        return tuple(lesson.text for lesson in (*self.disclosures, *self.look_alikes, *self.everyday))


def load_set(root: Path, part: Part) -> Set:
    """Reads one part. Raises DataMistake with file, line and reason."""
    place = root / PLACE / part
    near = [read_sheet(file, LookAlikes) for file in sorted((place / "look_alikes").glob("*.yml"))]
    return Set(
        part,
        tuple(lesson for file in sorted((place / "disclosures").glob("*.yml")) for lesson in read_sheet(file, Disclosures).lessons()),
        tuple(Lesson(line, harm=False, style=sheet.near) for sheet in near for line in sheet.harmless),
        tuple(replace(one.lesson(), style="everyday") for one in read_sheet(place / "everyday.yml", Everyday).root),
    )
