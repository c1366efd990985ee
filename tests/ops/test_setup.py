"""ops/setup.sh on made-up machines: folders of small programs stand for what is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKING_UV = """#!/bin/sh
[ "$1" = --version ] && echo "uv 0.13.9" && exit 0
echo "$*" >>uv-was-asked
mkdir -p .venv/bin
echo "#!/bin/sh" >.venv/bin/python
cp .venv/bin/python .venv/bin/sayso
chmod +x .venv/bin/python .venv/bin/sayso
"""
BROKEN_SHIM = '#!/bin/sh\necho "pyenv: uv: command not found" >&2\nexit 127\n'
OLD_UV = '#!/bin/sh\necho "uv 0.4.30"\n'
PYTHON_WITH_VENV = f"""#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 1
mkdir -p "$3/bin"
cat >"$3/bin/python" <<'INNER'
#!/bin/sh
[ "$1 $2 $3" = "-m pip install" ] || exit 1
echo "$*" >pip-was-asked
cat >.uv/bin/uv <<'UV'
{WORKING_UV}UV
chmod +x .uv/bin/uv
INNER
chmod +x "$3/bin/python"
"""
PYTHON_WITHOUT_VENV = '#!/bin/sh\n[ -n "$3" ] && mkdir -p "$3"\nexit 1\n'


class Machine:
    """A folder with setup.sh and the files it reads, and a PATH of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sayso"
        self.bin = folder / "bin"
        (self.folder / "ops").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "ops/setup.sh", self.folder / "ops/setup.sh")
        for name in ("uv.lock", "pyproject.toml", ".python-version"):
            (self.folder / name).write_text(f"# {name}\n")
        for tool in ("sh", "dirname", "cksum", "cat", "rm", "mkdir", "cp", "chmod"):
            found = shutil.which(tool)
            assert found
            (self.bin / tool).symlink_to(found)
        self.install("id", "#!/bin/sh\necho 1000\n")

    def install(self, name: str, script: str) -> None:
        """Puts a program on the PATH."""
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs setup.sh with nothing but our PATH."""
        command = [str(self.bin / "sh"), "ops/setup.sh", *arguments]
        return subprocess.run(command, cwd=self.folder, env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_uv_that_works_is_used(machine: Machine) -> None:
    machine.install("uv", WORKING_UV)
    assert machine.setup("--find-uv").stdout == "uv\n"


@pytest.mark.parametrize("uv", [BROKEN_SHIM, OLD_UV], ids=["a pyenv shim", "an old one"])
def test_a_uv_that_is_there_but_of_no_use_is_passed_over(machine: Machine, uv: str) -> None:
    machine.install("uv", uv)
    machine.install("python3", PYTHON_WITH_VENV)
    done = machine.setup("--find-uv")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, ".uv/bin/uv")


def test_without_uv_a_pinned_one_is_installed_beside_the_project_once(machine: Machine) -> None:
    machine.install("python3", PYTHON_WITH_VENV)
    assert machine.setup("--find-uv").stdout.splitlines()[-1] == ".uv/bin/uv"
    asked = machine.folder / "pip-was-asked"
    assert "uv==" in asked.read_text()
    asked.unlink()
    assert machine.setup("--find-uv").stdout == ".uv/bin/uv\n"
    assert not asked.exists()


def test_as_root_a_missing_venv_module_is_installed_from_debian(machine: Machine) -> None:
    machine.install("python3", PYTHON_WITHOUT_VENV)
    machine.install("id", "#!/bin/sh\necho 0\n")
    machine.install("whole-python3", PYTHON_WITH_VENV)
    machine.install("apt-get", f'#!/bin/sh\n[ "$1" = install ] && cp {machine.bin}/whole-python3 {machine.bin}/python3\nexit 0\n')
    done = machine.setup("--find-uv")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, ".uv/bin/uv")


def test_who_may_not_install_is_told_what_to_ask_for(machine: Machine) -> None:
    machine.install("python3", PYTHON_WITHOUT_VENV)
    machine.install("apt-get", "#!/bin/sh\nexit 0\n")
    machine.install("sudo", "#!/bin/sh\nexit 1\n")
    done = machine.setup()
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (machine.folder / ".uv").exists()


def test_without_python_it_says_so(machine: Machine) -> None:
    done = machine.setup()
    assert (done.returncode, done.stderr) == (1, "Sayso needs Python 3. On Debian: apt-get install python3\n")


def test_the_environment_is_made_once_and_again_when_the_lock_changes(machine: Machine) -> None:
    machine.install("uv", WORKING_UV)
    asked = machine.folder / "uv-was-asked"
    assert machine.setup().returncode == 0
    second = machine.setup()
    assert (second.returncode, second.stdout) == (0, "")
    assert asked.read_text().splitlines() == ["sync --frozen --compile-bytecode"]
    (machine.folder / "uv.lock").write_text("# changed\n")
    machine.setup()
    assert len(asked.read_text().splitlines()) == 2


def test_an_environment_that_lost_its_python_is_made_again(machine: Machine) -> None:
    machine.install("uv", WORKING_UV)
    machine.setup()
    (machine.folder / ".venv/bin/python").unlink()
    machine.setup()
    assert len((machine.folder / "uv-was-asked").read_text().splitlines()) == 2


def test_when_the_environment_cannot_be_made_it_says_so_and_tries_again_next_time(machine: Machine) -> None:
    machine.install("uv", '#!/bin/sh\n[ "$1" = --version ] && echo "uv 0.13.9" && exit 0\nexit 2\n')
    done = machine.setup()
    assert done.returncode == 1
    assert "could not be made" in done.stderr
    assert machine.setup().returncode == 1


def test_the_scripts_can_be_run_as_they_are() -> None:
    for script in ("ops/setup.sh", "ops/browser.sh", ".ci/run"):
        assert os.access(ROOT / script, os.X_OK), script
