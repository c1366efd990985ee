"""The docs say what there is: every setting, command, target and part, and no file that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from ops.command import app
from ops.parts import all_parts
from records.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
HOSTS = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").rglob("*.md")) + [ROOT / "README.md", ROOT / "CHANGELOG.md"]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described_for_hosts_in_the_words_of_the_settings(name: str) -> None:
    assert f"`SAYSO_{name.upper()}`" in HOSTS
    assert str(Settings.model_fields[name].description) in HOSTS


def test_no_setting_is_described_that_is_not_there() -> None:
    described = set(re.findall(r"`SAYSO_([A-Z_]+)`", HOSTS))
    assert described <= {name.upper() for name in Settings.model_fields}


def test_every_command_is_described_for_hosts() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        for full in [f"sayso {name} {inner}" for inner in below] if below else [f"sayso {name}"]:
            assert f"`{full}`" in HOSTS, full


def test_every_part_is_described_for_hosts() -> None:
    for part in all_parts(Settings()):
        assert f"`python {' '.join(part.command[1:])}`" in HOSTS, part.name


def test_the_readme_names_the_two_commands_and_make_has_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_ours_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:voice|records|bot|actions|desk|ops|data|tests|docs)/[\w./-]+\.(?:py|yml|md|js|css))`", page.read_text(encoding="utf-8")
    )
    for name in named:
        assert (ROOT / name).exists(), name
