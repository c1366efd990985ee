import shutil
from pathlib import Path

import pytest

from records.clocks import load_clocks
from records.reading import DataMistake
from records.safety_data import load_help, load_screen, load_sheets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def spoil(root: Path, name: str, old: str, new: str) -> Path:
    file = root / "data" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def line_of(file: Path, words: str) -> int:
    return next(number for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if words in line)


def test_the_screen_and_the_help_are_read_once_for_each_root() -> None:
    assert load_screen(ROOT) is load_screen(ROOT)
    assert load_help(ROOT) is load_help(ROOT)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ("- (self harm <nobody_knows>", "there is no slot 'nobody_knows' above"),
        ("- (self harm", "a '(' is not closed"),
        ("- self harm)", "a ')' too many"),
        ("- Self Harm", "small letters only"),
        ("- (self||harm)", "an empty choice"),
        ("- ~3", "has no word and no slot in it"),
        ("- self ~12 harm", "a gap is of 1 to 8 words"),
        ("- self ^ harm", "'^' may only stand at the start"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_refused_with_file_line_and_reason(root: Path, spoilt: str, reason: str) -> None:
    file = root / "data" / "screening" / "self_harm.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("    phrases:")) + 1
    lines.insert(at, f"      {spoilt}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataMistake) as mistake:
        load_screen(root)
    assert mistake.value.file == file
    assert mistake.value.line == at + 1
    assert reason in mistake.value.reason


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("screening/eating.yml", "severity: S2", "severity: S9", "severity"),
        ("screening/eating.yml", "category: eating", "category: food", "category"),
        ("screening/eating.yml", "category: eating", "category: suicide", "must be the same"),
        ("screening/eating.yml", "name: purging", "name: not_eating", "two families are called 'not_eating'"),
        ("screening/eating.yml", "accuses: false", "acuses: false", "acuses"),
        ("screening/modifiers.yml", "where: before", "where: after", "where"),
    ],
)
def test_what_the_schema_does_not_know_is_refused_with_its_file(root: Path, name: str, old: str, new: str, reason: str) -> None:
    file = spoil(root, name, old, new)
    with pytest.raises(DataMistake) as mistake:
        load_screen(root)
    assert mistake.value.file == file
    assert reason in str(mistake.value)


def test_a_mistake_in_a_severity_names_its_line(root: Path) -> None:
    file = spoil(root, "screening/eating.yml", "severity: S2", "severity: S9")
    with pytest.raises(DataMistake) as mistake:
        load_sheets(root)
    assert mistake.value.line == line_of(file, "severity: S9")


def test_a_slot_may_only_use_slots_above_it(root: Path) -> None:
    file = spoil(root, "screening/slots.yml", "me: [me,", "me: [<kid>, me,")
    with pytest.raises(DataMistake, match="there is no slot 'kid' above") as mistake:
        load_screen(root)
    assert mistake.value.file == file


def test_screening_nothing_is_refused(root: Path) -> None:
    for file in (root / "data" / "screening").glob("*.yml"):
        if file.stem not in ("slots", "spelling", "modifiers", "figurative", "roles", "languages"):
            file.unlink()
    with pytest.raises(DataMistake, match="nothing would be screened"):
        load_screen(root)


def test_a_helpline_that_cannot_be_reached_is_refused(root: Path) -> None:
    spoil(root, "help/helplines.yml", '    call: "999"\n', "")
    with pytest.raises(DataMistake, match="needs a number to call"):
        load_help(root)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("clock: {minutes: 5}", "clock: {minutes: 5, working_days: 1}", "a clock is one of"),
        ("clock: {minutes: 5}", "clock: {minutes: 0}", "greater than 0"),
        ("  S4:", "  S5:", "S5"),
        ("  missing:", "  lost:", "lost"),
    ],
)
def test_a_mistake_in_the_clocks_is_refused_with_its_file(root: Path, old: str, new: str, reason: str) -> None:
    file = spoil(root, "help/clocks.yml", old, new)
    with pytest.raises(DataMistake, match=reason) as mistake:
        load_clocks(root)
    assert mistake.value.file == file


def test_every_severity_needs_a_clock(root: Path) -> None:
    file = root / "data" / "help" / "clocks.yml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("  # wellbeing"), text.index("# what could not be read")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(DataMistake, match="there is no clock for S4"):
        load_clocks(root)
