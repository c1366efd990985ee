"""`sayso corrections`: what workers put right, as examples to learn from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from ops.errors import CannotGoOn

if TYPE_CHECKING:
    from voice.understanding.lessons import Account

app = typer.Typer(no_args_is_help=True, help="What workers put right of what Sayso understood.")

_CODE = Path(__file__).resolve().parent.parent
_WARNING = """\
These are young people's own words. Handle the file like the case record:
- Only you can read it now. Do not mail it, do not put it on a shared drive or under version control, delete it when it has been used.
- Read it through before you use it. Names of the young people and of workers are replaced by [name] where they stand as whole
  words; other names, schools, places and stories are still in it, and so are names that are spelt otherwise.
- Nothing of it may be published or given to anybody without the consent of whoever said it."""


@app.callback()
def group() -> None:
    """What workers put right of what Sayso understood."""


@app.command()
def export(file: Annotated[Path, typer.Argument(help="A new file, outside of any folder that is under version control.")]) -> None:
    """Writes corrected answers as training examples. The file holds young people's words: handle it like the case record."""
    from records.database import unit_of_work
    from records.examples import Examples, corrected
    from records.migrating import prepare
    from records.settings import settings

    place = _outside(file, settings().root)
    prepare()
    with _new_file(place) as out:
        with unit_of_work() as work:
            found: Examples = corrected(work, datetime.now(timezone.utc))
        if found.accounts:
            _write(out, found.accounts)
    if found.accounts:
        typer.echo(f"{len(found.accounts)} examples from {found.statements} statements are in {place}.\n\n{_WARNING}\n")
    else:
        place.unlink()
        typer.echo("There is nothing to export, so no file was made.")
    typer.echo(f"Left out, statements with a correction: {found.flagged} with a safety flag in their chat, {found.private} in which")
    typer.echo(f"something is to be kept from somebody, {found.unmatched} whose young person is not known.")


def _outside(file: Path, root: Path) -> Path:
    """Where it will be, links followed. Raises CannotGoOn for the folder of Sayso and for whatever git looks after."""
    place = file.expanduser().resolve()
    kept_in_git = any((folder / ".git").exists() for folder in place.parents)
    if kept_in_git or any(place.is_relative_to(folder.resolve()) for folder in (root, _CODE)):
        raise CannotGoOn(
            "Young people's words do not go into the folder of Sayso, nor into any other that is under version control. "
            "Choose a place that is protected like the case record. Nothing was read and nothing was written."
        )
    return place


@contextmanager
def _new_file(place: Path) -> Iterator[TextIO]:
    """A new file that only its owner can read, from its first byte on. It does not stay when something goes wrong."""
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotGoOn(f"{place} is there already. Choose a new file. Nothing was read and nothing was written.") from None
    except OSError as error:
        raise CannotGoOn(f"{place} cannot be made: {error.strerror}. Nothing was read and nothing was written.") from None
    with open(descriptor, "w", encoding="utf-8") as out:
        try:
            yield out
        except BaseException:
            place.unlink()
            raise


def _write(out: TextIO, accounts: Sequence[Account]) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    yaml = YAML()
    yaml.width = 10_000  # type: ignore[assignment]
    out.write("# Young people's own words, corrected by workers. To be handled like the case record. Not for any repository.\n")
    lines = [{"says": DoubleQuotedScalarString(one.says), "topics": list(one.topics), "stance": one.stance} for one in accounts]
    yaml.dump({"accounts": lines}, out)
