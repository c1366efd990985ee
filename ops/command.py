"""The `sayso` command. What a subcommand needs is imported when it is called, so that `sayso screen` starts at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from ops import corrections, workers
from ops.errors import CannotGoOn

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sayso: children and young people say what they want to say, and somebody answers.",
)
app.add_typer(workers.app, name="worker")
app.add_typer(corrections.app, name="corrections")


@app.command()
def run() -> None:
    """Runs everything: chat, Rasa, actions, desk and the sample council page. Ctrl-C stops it."""
    from ops.running import run as run_everything
    from records.settings import settings

    run_everything(settings())


@app.command()
def train(anyway: Annotated[bool, typer.Option("--anyway", help="Train even if nothing has changed.")] = False) -> None:
    """Teaches the ear and trains the assistant if something they learn from has changed."""
    from ops.learning import learn_if_needed
    from ops.running import tell
    from ops.training import train_if_needed
    from records.settings import settings

    chosen = settings()
    learned = learn_if_needed(chosen.root, tell, anyway=anyway)
    if not train_if_needed(chosen.root, chosen.data_folder / "log", tell, anyway=anyway) and not learned:
        tell("The assistant is up to date.")


@app.command()
def build() -> None:
    """Builds the chat page's fonts and pictures if they are missing or old."""
    from ops.running import build_page
    from records.settings import settings

    build_page(settings())


@app.command()
def check() -> None:
    """Says what is missing or invented before real young people may use it, and which helplines are out of date. Ends with 1 if any."""
    from datetime import datetime

    from ops.checking import check as check_installation
    from records.settings import settings
    from voice.promises.hours import HERE

    if not check_installation(settings(), datetime.now(HERE).date(), typer.echo):
        raise typer.Exit(1)


@app.command()
def screen() -> None:
    """Screens JSON lines {"id", "text"} from standard input; one JSON line for each on standard output, in order."""
    from ops.screening import screen_lines

    # whatever the machine's language: JSON is UTF-8, and a stray byte must not end the run
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    screen_lines(sys.stdin, sys.stdout)


@app.command()
def demo() -> None:
    """Fills an empty database with plainly invented people, statements and flags."""
    from ops.demo import fill

    fill()


def main() -> None:
    """Runs the command. Ends with 1 when something could not be done, 2 when it was asked for wrongly, always with a sentence."""
    or_a_sentence(app)


def or_a_sentence(work: Callable[[], object]) -> None:
    """Does the work. Ends with 1 and a sentence when it could not be done."""
    try:
        work()
    except Exception as error:
        reason = in_plain_words(error)
        if reason is None:
            raise
        sys.exit(reason)


def in_plain_words(error: Exception) -> str | None:
    """What a known error means for whoever typed the command; None for a fault of ours, which keeps its traceback."""
    if isinstance(error, CannotGoOn):
        return str(error)
    from pydantic import ValidationError

    from records.errors import NotSaved, NotTrained, WrongKey, WrongWeights
    from records.reading import DataMistake

    if isinstance(error, NotTrained | WrongWeights):
        return str(error)
    if isinstance(error, DataMistake):
        return f"A data file has a mistake: {error}"
    if isinstance(error, NotSaved):
        return f"The database could not take it ({error}). Is the disk full, or another program holding it?"
    if isinstance(error, WrongKey):
        return f"The master key does not fit ({error}). Check SAYSO_SECRET_KEY or the key file; nothing was changed."
    if isinstance(error, ValidationError) and error.title == "Settings":
        first = error.errors(include_url=False, include_input=False)[0]
        return f"The setting SAYSO_{str(first['loc'][0]).upper()} does not fit: {first['msg']}."
    return None
