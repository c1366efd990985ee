"""What may be heard beforehand is read from the files, and a mistake is named with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from records.beforehand import load_beforehand
from records.reading import DataMistake

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a copy of our own files, to make mistakes in."""
    for folder in ("pathways", "words", "screening"):
        shutil.copytree(ROOT / "data" / folder, tmp_path / "data" / folder)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("pathways/review.yml", "^ it is (on|in|at)? <when>", "^ it is (on|in|at)? <wen>", "there is no slot 'wen' above"),
        ("pathways/review.yml", "heard: [<mum>]", "heard: [<mum>, Mum]", "small letters only"),
        ("pathways/review.yml", "unless: [do not know]", "unless: [do not know ~9]", "a gap is of 1 to 8 words"),
        ("pathways/good_news.yml", '"makes me <choices>"', '"makes me <choices"', "there is no slot"),
        ("pathways/change.yml", "heard: {topics: true", "heard: {topic: true", "Extra inputs are not permitted"),
        ("pathways/review.yml", "heard: {stance: [praise]", "heard: {stance: [cross]", "Input should be"),
        ("words/phrases.yml", "  - <month> (the)? <day_number>", "  - <month> (the? <day_number>", "a '(' is not closed"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(root: Path, file: str, old: str, new: str, reason: str) -> None:
    path = root / "data" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataMistake) as caught:
        load_beforehand(root)
    assert caught.value.file == path
    assert reason in caught.value.reason
    line = text[: text.index(old)].count("\n") + 1
    # of a list in phrases.yml the line of its name is told
    assert caught.value.line == (line if file != "words/phrases.yml" else text[: text.index("\nwhen:")].count("\n") + 2)
