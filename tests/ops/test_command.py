from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from typer.testing import CliRunner

from ops import running
from ops.checking import check
from ops.command import app, in_plain_words
from ops.errors import CannotGoOn
from ops.workers import _ROLES
from records.database import unit_of_work
from records.errors import NotSaved, NotTrained, WrongKey, WrongWeights
from records.reading import DataMistake
from records.settings import Settings
from records.workers import ROLES, by_email, everybody

ROOT = Path(__file__).resolve().parents[2]
GOOD = "correct horse battery"


def sayso(*arguments: str, typed: str = "") -> tuple[int, str]:
    """Runs the command; returns its exit code and all it said."""
    done = CliRunner().invoke(app, list(arguments), input=typed)
    return done.exit_code, done.output


def test_a_worker_is_added_and_listed(installation: Engine) -> None:
    assert sayso("worker", "add", "ana@sample.example", "Ana Example", "--role", "duty", typed=GOOD + "\n")[0] == 0
    code, said = sayso("worker", "list")
    assert code == 0
    assert "ana@sample.example\tduty\tAna Example" in said
    assert GOOD not in said


@pytest.mark.parametrize(
    ("arguments", "password", "reason"),
    [
        (("ana@sample.example", "Ana", "--role", "queen"), GOOD, "A role is one of"),
        (("ana@sample.example", "Ana"), "short", "A password has 12 to 200 characters"),
        (("nonsense", "Ana"), GOOD, "not a proper email"),
        (("ana@sample.example", " "), GOOD, "not a proper name"),
    ],
)
def test_a_worker_that_cannot_be_added_is_refused_with_a_sentence(
    installation: Engine, arguments: tuple[str, ...], password: str, reason: str
) -> None:
    code, said = sayso("worker", "add", *arguments, typed=password + "\n")
    assert code == 2
    assert reason in said
    with unit_of_work(write=False) as work:
        assert everybody(work) == []


def test_nobody_is_added_twice(installation: Engine) -> None:
    sayso("worker", "add", "ana@sample.example", "Ana", typed=GOOD + "\n")
    code, said = sayso("worker", "add", "Ana@Sample.example", "Other", typed=GOOD + "\n")
    assert code == 2
    assert "already somebody" in said


def test_a_password_is_reset(installation: Engine) -> None:
    sayso("worker", "add", "ana@sample.example", "Ana", typed=GOOD + "\n")
    with unit_of_work(write=False) as work:
        before = by_email(work, "ana@sample.example")
    assert sayso("worker", "reset-password", "ana@sample.example", typed="another good one\n")[0] == 0
    with unit_of_work(write=False) as work:
        after = by_email(work, "ana@sample.example")
    assert before is not None
    assert after is not None
    assert before.password != after.password


def test_the_password_of_nobody_cannot_be_reset(installation: Engine) -> None:
    code, said = sayso("worker", "reset-password", "who@sample.example", typed=GOOD + "\n")
    assert code == 2
    assert "Nobody has the e-mail" in said


def test_the_roles_in_the_help_are_the_roles() -> None:
    assert re.findall(r"\w+_\w+|duty|manager", _ROLES) == list(ROLES)


def test_the_first_start_shows_a_sign_in_and_the_second_does_not(installation: Engine) -> None:
    chosen = Settings()
    first, second = running.welcome(chosen), running.welcome(chosen)
    assert any(line.startswith("  password: ") for line in first)
    assert not any("password" in line for line in second)
    for address in (chosen.chat_address, chosen.desk_address, f"http://{chosen.host}:{chosen.council_port}"):
        assert any(address in line for line in second)


def test_without_a_sample_page_its_address_is_not_shown(installation: Engine) -> None:
    assert not any("council" in line for line in running.welcome(Settings(council_port=0)))


def test_a_sign_in_that_was_not_saved_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_now: object) -> None:
        raise NotSaved("OperationalError")

    monkeypatch.setattr(running, "first_sign_in", refused)
    lines = running.welcome(Settings())
    assert any("could not be saved" in line for line in lines)
    assert any("Sayso is running" in line for line in lines)


def test_what_a_person_can_put_right_is_said_in_plain_words() -> None:
    assert in_plain_words(CannotGoOn("Port 8000 is in use.")) == "Port 8000 is in use."
    assert "domain.yml:3: no" in str(in_plain_words(DataMistake(Path("domain.yml"), 3, "no")))
    assert "Is the disk full" in str(in_plain_words(NotSaved("OperationalError")))
    assert "SAYSO_SECRET_KEY" in str(in_plain_words(WrongKey("cannot unseal mark")))
    assert in_plain_words(WrongWeights("the package x is not installed")) == "the package x is not installed"
    assert in_plain_words(NotTrained("`sayso train` makes it")) == "`sayso train` makes it"


def test_a_setting_that_does_not_fit_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"port": "abc"})
    assert str(in_plain_words(refused.value)).startswith("The setting SAYSO_PORT does not fit")


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    assert in_plain_words(KeyError("x")) is None


def test_misuse_ends_with_2_and_shows_how_it_is_used() -> None:
    code, said = sayso("nonsense")
    assert code == 2
    assert "Usage" in said


def test_the_command_starts_without_rasa_the_database_or_the_web() -> None:
    heavy = ("tensorflow", "rasa", "sqlalchemy", "starlette", "numpy")
    look = f"import sys, ops.command; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_live_start_of_the_sample_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    chosen = Settings(live=True, data_dir=tmp_path / "var")
    with pytest.raises(CannotGoOn, match="invented: true"):
        running.run(chosen)
    assert not (tmp_path / "var").exists()


def test_the_door_alone_does_not_start_live_with_the_sample_either() -> None:
    live = {**os.environ, "SAYSO_LIVE": "true"}
    command = [sys.executable, "-m", "bot.gateway"]
    done = subprocess.run(command, cwd=ROOT, env=live, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SAYSO_DUTY_MAIL is not set" in done.stderr


def test_check_lists_what_is_missing_and_ends_with_1(installation: Engine) -> None:
    code, said = sayso("check")
    assert code == 1
    assert "data/help/local.yml still says `invented: true`" in said


def test_check_and_the_start_name_helplines_that_are_out_of_date() -> None:
    later = date(2027, 6, 1)
    heard: list[str] = []
    assert not check(Settings(), later, heard.append)
    for said in ("\n".join(heard), "\n".join(running.standing(Settings(), later))):
        assert "Childline: 2026-11-23, 190 days ago" in said
    assert "Childline" not in "\n".join(running.standing(Settings(), date(2026, 11, 24)))


def test_the_start_says_that_it_is_a_demo_until_it_is_live() -> None:
    day = date(2026, 11, 24)
    assert "This is a demo" in "\n".join(running.standing(Settings(), day))
    assert running.standing(Settings(live=True), day) == []
