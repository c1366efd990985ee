"""The build of the pictures and fonts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ops import front_end
from ops.front_end import FrontEndMistake, build
from records.reading import DataMistake


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project whose packages are installed already."""
    (tmp_path / "package-lock.json").write_text("{}")
    icons = {"icons": {"grinning-face": {"body": "<path/>"}}, "aliases": {"smile": {"parent": "grinning-face"}}}
    pictures = tmp_path / front_end.PICTURES
    pictures.mkdir(parents=True)
    (pictures / "icons.json").write_text(json.dumps(icons))
    fonts = tmp_path / front_end.FONTS
    (fonts / "files").mkdir(parents=True)
    (fonts / "LICENSE").write_text("OFL")
    for part in ("latin", "latin-ext"):
        (fonts / "files" / f"lexend-{part}-wght-normal.woff2").write_bytes(b"font")
    (tmp_path / "node_modules/.package-lock.json").write_text("{}")
    names = tmp_path / front_end.NAMES
    names.parent.mkdir(parents=True)
    names.write_text("happy: grinning-face\nglad: smile\n")
    return tmp_path


def test_it_builds_once_and_again_only_when_something_changed(root: Path) -> None:
    assert build(root)
    assert not build(root)
    (root / front_end.NAMES).write_text("glad: smile\n")
    assert build(root)
    assert [file.name for file in (root / front_end.BUILT / "pictures").iterdir()] == ["glad.svg"]


def test_a_picture_is_a_whole_drawing_under_our_name(root: Path) -> None:
    build(root)
    assert (root / front_end.BUILT / "pictures/glad.svg").read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert (root / front_end.BUILT / "fonts/LICENSE.txt").read_text() == "OFL"


def test_a_picture_that_does_not_exist_is_named_with_its_line(root: Path) -> None:
    build(root)
    (root / front_end.NAMES).write_text("happy: grinning-face\nsad: no-such-face\n")
    with pytest.raises(DataMistake, match=r"pictures.yml:2: sad: there is no picture called no-such-face"):
        build(root)
    assert (root / front_end.BUILT / "pictures/happy.svg").exists()


def test_packages_are_installed_only_when_the_lock_is_newer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    class Done:
        returncode = 0
        stderr = ""

    def run(command: list[str], **_: object) -> Done:
        calls.append(command)
        return Done()

    monkeypatch.setattr(subprocess, "run", run)
    build(root)
    assert calls == []
    installed = root / "node_modules/.package-lock.json"
    os.utime(installed, (1, 1))
    build(root)
    build(root)
    assert [command[1] for command in calls] == ["ci"]


def test_a_failed_install_says_what_npm_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / "node_modules")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: type("Done", (), {"returncode": 1, "stderr": "no network\n"})())
    with pytest.raises(FrontEndMistake, match="no network"):
        build(root)


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((Path(__file__).parents[2] / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if package.get("resolved")] == []
