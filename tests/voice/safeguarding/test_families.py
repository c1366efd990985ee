"""Every family finds its own examples, and nothing finds a hard negative. That each family is needed: test_every_family_is_needed.py."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from records.safety_data import load_sheets
from voice.safeguarding.model import CategorySheet, FamilySheet, Level
from voice.safeguarding.screen import Screen

HERE = Path(__file__).resolve().parent
SHEETS = load_sheets(HERE.parents[2]).categories
FAMILIES = [(sheet, family) for sheet in SHEETS.values() for family in sheet.families]
QUESTIONS = {
    "answer_not_safe": "Are you safe right now?",
    "answer_hurting": "Has someone touched you?",
    "answer_hurt": "Is anyone scaring you?",
    "answer_worry": "What worries you?",
}
EXAMPLES = [
    pytest.param(sheet, family, text, id=f"{sheet.category}.{family.name}: {text}")
    for sheet, family in FAMILIES
    for text in family.examples
]
HARD_NEGATIVES = [
    pytest.param(text, id=f"{sheet.category}.{family.name}: {text}") for sheet, family in FAMILIES for text in family.hard_negatives
]
NOT_SPARED = [
    pytest.param(name, line if isinstance(line, dict) else {"said": line, "asked": None}, id=f"{name}: {line}")
    for name, lines in YAML(typ="safe").load((HERE / "not_spared.yml").read_text(encoding="utf-8")).items()
    for line in lines
]


@pytest.mark.parametrize(("sheet", "family", "text"), EXAMPLES)
def test_a_family_finds_each_of_its_examples(screen: Screen, sheet: CategorySheet, family: FamilySheet, text: str) -> None:
    found = screen.screen(text, question=QUESTIONS.get(family.name))
    assert f"{sheet.category}.{family.name}" in found.families
    assert sheet.category in found.categories
    assert found.level is not Level.none


@pytest.mark.parametrize("text", HARD_NEGATIVES)
def test_no_family_finds_a_hard_negative(screen: Screen, text: str) -> None:
    assert screen.screen(text).level is Level.none


def test_an_answer_family_is_silent_without_its_question(screen: Screen) -> None:
    assert screen.screen("him").level is Level.none
    assert screen.screen("no", question="Do you like your school?").level is Level.none


def test_every_category_of_the_taxonomy_has_a_file() -> None:
    assert len(SHEETS) == 23


@pytest.mark.parametrize(
    "text",
    [
        "dad beats me at home",
        "mum beats me at night",
        "he batters me at the weekend",
        "dad came in with a pillow over my face",
        "my boss keeps beating me up",
        "my girlfriend only hits me when she is drunk",
        "im not allowed to say it",
        "they make me run packages around town",
    ],
)
def test_an_exception_for_games_and_jokes_spares_nothing_else(screen: Screen, text: str) -> None:
    assert screen.screen(text).level is Level.urgent


@pytest.mark.parametrize(("name", "line"), NOT_SPARED)
def test_no_exception_spares_a_disclosure(screen: Screen, name: str, line: dict[str, str | None]) -> None:
    assert name in screen.screen(line["said"] or "", question=line["asked"]).families
