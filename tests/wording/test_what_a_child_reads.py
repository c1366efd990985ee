"""Every sentence a child can read is plain and kind, in both styles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from records.library import load_avoided, load_known_words, load_pathways
from records.reading import read_tree
from records.settings import Settings
from records.wording import PLACEHOLDER, load_wording
from voice.pathways.model import Question
from voice.plain_language import bare, findings, has_emoji
from voice.wording import Style

ROOT = Settings().root
ALLOWED = Path(__file__).parent / "allowed.yml"

Sentence = tuple[str, Style, str]
"""Where it stands, its style, the words."""


def _pairs(where: str, tree: Any) -> Iterator[tuple[str, str, str]]:
    """Every {standard: …, easy: …} and every bare label in a tree."""
    if isinstance(tree, dict):
        if set(tree) == {"standard", "easy"} and all(isinstance(words, str) for words in tree.values()):
            yield where, tree["standard"], tree["easy"]
            return
        for key, value in tree.items():
            if key == "label" and isinstance(value, str):
                yield f"{where}.label", value, value
            else:
                yield from _pairs(f"{where}.{key}", value)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            name = value.get("id") or value.get("value") or index if isinstance(value, dict) else index
            yield from _pairs(f"{where}.{name}", value)


def _all_sentences() -> Iterator[Sentence]:
    for key, words in load_wording(ROOT).sentences.items():
        yield from ((key, style, words.in_style(style)) for style in Style)
    for folder in ("pathways", "help"):
        for file in sorted((ROOT / "data" / folder).glob("*.yml")):
            if file.stem in ("menu", "pictures"):
                continue
            for where, standard, easy in _pairs(f"{folder}/{file.stem}", read_tree(file)):
                yield where, Style.standard, standard
                yield where, Style.easy, easy
    yield from (("pathways/menu.ask", style, load_pathways(ROOT).menu.ask.in_style(style)) for style in Style)


SENTENCES = tuple(_all_sentences())


def _as_shown(text: str) -> str:
    """Values filled in by something short, as a name or a day would be."""
    return PLACEHOLDER.sub("Sam", text)


def test_there_is_a_lot_to_check() -> None:
    assert len(SENTENCES) > 1000


def test_every_sentence_is_plain_and_kind() -> None:
    avoid, known = load_avoided(ROOT), load_known_words(ROOT)
    allowed = {(entry["where"], entry["style"], entry["kind"]) for entry in read_tree(ALLOWED) or ()}
    found = {
        (where, style.value, finding.kind): f"{where} ({style.value}): {finding.kind} {finding.detail}: {finding.where}"
        for where, style, text in SENTENCES
        for finding in findings(_as_shown(text), style, avoid, known)
    }
    left = [what for place, what in found.items() if place not in allowed]
    assert not left, "\n".join(left)
    assert allowed - set(found) == set(), "allowed.yml excuses what is fine by itself now"


def test_every_sentence_that_the_code_names_is_written() -> None:
    named = re.compile(r"[\"'](utter_[a-z0-9_]*[a-z0-9])[\"']")
    written = load_wording(ROOT).sentences
    packages = ("voice", "records", "bot", "actions", "desk")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    asked = {(key, file.name) for file in files for key in named.findall(file.read_text(encoding="utf-8")) if key != "utter_message"}
    assert [where for where in sorted(asked) if where[0] not in written] == []


def test_every_exception_has_a_reason() -> None:
    assert [entry for entry in read_tree(ALLOWED) or () if len(entry["reason"].split()) < 4] == []


def test_no_sentence_has_an_emoji_because_some_follow_a_disclosure() -> None:
    assert [where for where, _, text in SENTENCES if has_emoji(text)] == []


def test_nobody_is_ever_said_to_have_been_told() -> None:
    claims = re.compile(r"\b(we|i) (have |'ve )?(told|called|phoned|rung|let) ", re.IGNORECASE)
    assert [(where, text) for where, _, text in SENTENCES if claims.search(text)] == []


def test_no_question_leads_to_its_answer() -> None:
    leading = re.compile(r"\b(don't you|isn't it|aren't you|wouldn't you|surely)\b", re.IGNORECASE)
    assert [(where, text) for where, _, text in SENTENCES if leading.search(text)] == []


def test_secrecy_is_never_promised() -> None:
    promised = re.compile(r"(?<!can't )\b(keep (it|this) (a )?secret|nobody will (know|see)|no one will (know|see))\b", re.IGNORECASE)
    assert [(where, text) for where, _, text in SENTENCES if promised.search(text)] == []


def _questions() -> Iterator[tuple[str, Question]]:
    library = load_pathways(ROOT)
    for pathway in library.pathways.values():
        yield from ((f"{pathway.id}.{question.id}", question) for question in pathway.questions)
    ending = library.ending
    for question in (ending.wanted, ending.recipients, ending.hide_from, ending.check, ending.send):
        yield f"ending.{question.id}", question


def test_every_button_has_a_picture_for_those_who_cannot_read_yet() -> None:
    assert [(where, choice.value) for where, question in _questions() for choice in question.choices if choice.picture is None] == []


@pytest.mark.parametrize("style", list(Style))
def test_no_two_buttons_of_a_question_read_the_same(style: Style) -> None:
    for where, question in _questions():
        labels = [bare(choice.label.in_style(style)) for choice in question.choices]
        assert len(labels) == len(set(labels)), where


def test_a_question_and_its_meaning_are_not_the_same_words() -> None:
    for where, question in _questions():
        for style in Style:
            assert question.ask.in_style(style) != question.meaning.in_style(style), where


def test_a_score_counts_to_five_or_to_three() -> None:
    scores = {tuple(choice.value for choice in question.choices) for _, question in _questions() if question.kind == "score"}
    assert scores == {
        ("score_5", "score_4", "score_3", "score_2", "score_1"),
        ("score_3", "score_2", "score_1"),
    }


def test_every_picture_is_an_icon_of_the_package() -> None:
    package = ROOT / "node_modules" / "@iconify-json" / "fluent-emoji-flat" / "icons.json"
    if not package.exists():
        pytest.skip("the front-end packages are not installed; ops.front_end refuses unknown icons when it builds")
    icons = json.loads(package.read_text(encoding="utf-8"))["icons"]
    assert {name: icon for name, icon in load_pathways(ROOT).pictures.items() if icon not in icons} == {}
