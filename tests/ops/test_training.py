from __future__ import annotations

from pathlib import Path

import pytest

from ops import training
from ops.errors import CannotGoOn
from ops.training import MODEL, fingerprint, is_trained, train_if_needed

RASA = """
import sys, pathlib
arguments = sys.argv[1:]
out = pathlib.Path(arguments[arguments.index("--out") + 1])
print("INFO  - Starting to train component 'SpacyReader'.", flush=True)
if pathlib.Path("broken").exists():
    sys.exit("InvalidDomain: there is no such intent")
out.mkdir(parents=True)
(out / (arguments[arguments.index("--fixed-model-name") + 1] + ".tar.gz")).write_text(" ".join(arguments))
with open("trained", "a") as count:
    count.write("x")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project whose `rasa` notes that it was asked."""
    for name in (
        "data/nlu/small_talk.yml",
        "data/rules/outside.yml",
        "data/responses/page.yml",
        "bot/nlu/reader.py",
        "config.yml",
        "domain.yml",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\n")
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "rasa.py").write_text(RASA)
    return tmp_path


def train(root: Path, *, anyway: bool = False) -> tuple[bool, list[str]]:
    told: list[str] = []
    return train_if_needed(root, root / "var/log", told.append, anyway=anyway), told


def times_trained(root: Path) -> int:
    return len((root / "trained").read_text()) if (root / "trained").exists() else 0


def test_the_model_is_trained_once_and_then_left_alone(root: Path) -> None:
    did, told = train(root)
    assert did
    assert is_trained(root)
    assert told[-1].startswith("The assistant is trained")
    assert train(root) == (False, [])
    assert times_trained(root) == 1


@pytest.mark.parametrize(
    "file",
    [
        "config.yml",
        "domain.yml",
        "uv.lock",
        "data/nlu/small_talk.yml",
        "data/rules/outside.yml",
        "data/responses/page.yml",
        "bot/nlu/reader.py",
    ],
)
def test_a_change_of_anything_it_is_made_of_trains_it_again(root: Path, file: str) -> None:
    train(root)
    (root / file).write_text("# changed\n")
    assert not is_trained(root)
    assert train(root)[0]
    assert is_trained(root)


def test_a_new_a_renamed_and_a_deleted_file_all_change_the_fingerprint(root: Path) -> None:
    prints = [fingerprint(root)]
    extra = root / "data/rules/more.yml"
    extra.write_text("# more\n")
    prints.append(fingerprint(root))
    extra.rename(extra.with_name("renamed.yml"))
    prints.append(fingerprint(root))
    (root / "data/nlu/small_talk.yml").unlink()
    prints.append(fingerprint(root))
    assert len(set(prints)) == 4


def test_what_python_leaves_behind_does_not_change_the_fingerprint(root: Path) -> None:
    before = fingerprint(root)
    cache = root / "bot/nlu/__pycache__/reader.cpython-310.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"\0")
    assert fingerprint(root) == before


def test_a_model_that_is_gone_is_trained_again(root: Path) -> None:
    train(root)
    (root / MODEL).unlink()
    assert train(root)[0]
    assert (root / MODEL).is_file()


def test_it_can_be_trained_although_nothing_has_changed(root: Path) -> None:
    train(root)
    assert train(root, anyway=True)[0]
    assert times_trained(root) == 2


def test_when_training_fails_the_old_model_stays_and_rasas_words_are_shown(root: Path) -> None:
    train(root)
    old = (root / MODEL).read_text()
    (root / "domain.yml").write_text("# changed\n")
    (root / "broken").touch()
    with pytest.raises(CannotGoOn, match="InvalidDomain: there is no such intent"):
        train(root)
    assert (root / MODEL).read_text() == old
    assert not is_trained(root)
    assert not (root / "models/draft").exists()


def test_while_it_trains_the_seconds_and_the_stage_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = root / "train.log"
    log.write_bytes(b"INFO - Starting to train component 'CountVectorsFeaturizer'.\nINFO - Starting to train component 'RulePolicy'.\n")
    clock = iter([3.0, 4.0, 14.0])
    monkeypatch.setattr(training.time, "monotonic", lambda: next(clock))

    class Training:
        """Runs for three looks."""

        looks = 0

        def wait(self, timeout: float) -> int:
            self.looks += 1
            if self.looks == 4:
                return 0
            raise training.subprocess.TimeoutExpired("rasa", timeout)

    told: list[str] = []
    training._watch(Training(), log, 0.0, told.append)  # type: ignore[arg-type]
    assert told == ["  training, 3 s: RulePolicy", "  training, 14 s: RulePolicy"]


def test_the_models_of_this_repository_are_never_committed() -> None:
    ignored = (Path(__file__).resolve().parents[2] / "models/.gitignore").read_text().splitlines()
    assert "*" in ignored
