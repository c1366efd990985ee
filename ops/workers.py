"""`sayso worker`: the people who can sign in at the desk."""

from __future__ import annotations

import getpass
import sys
from datetime import datetime, timezone
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The people who can sign in at the desk.")

_ROLES = "social_worker, reviewing_officer, duty or manager"


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Argument(help="The name young people see.")],
    role: Annotated[str, typer.Option(help=f"One of {_ROLES}.")] = "social_worker",
) -> None:
    """Adds someone. Asks for a password, or reads it from the first line of standard input."""
    from records.database import unit_of_work
    from records.errors import AlreadyThere, NothingWritten, WeakPassword
    from records.workers import LONGEST, SHORTEST, add_worker

    ready_database()
    # asked before the unit of work, which keeps others from writing while it is open
    password = ask_password()
    try:
        with unit_of_work() as work:
            add_worker(work, email=email, name=name, role=role, password=password, now=datetime.now(timezone.utc))
            work.commit()
    except AlreadyThere:
        raise misuse(f"There is already somebody with the e-mail {email}.") from None
    except WeakPassword:
        raise misuse(f"A password has {SHORTEST} to {LONGEST} characters and is not the e-mail.") from None
    except NothingWritten as missing:
        raise misuse(f"This is not a proper {missing.what}.") from None
    except ValueError:
        raise misuse(f"A role is one of {_ROLES}.") from None
    typer.echo(f"{name} can sign in as {email}.")


@app.command("list")
def show() -> None:
    """Lists everybody: e-mail, role, name, and whether their access has ended."""
    from records.database import unit_of_work
    from records.workers import everybody

    ready_database()
    with unit_of_work(write=False) as work:
        people = everybody(work)
    for worker in people:
        typer.echo("\t".join([worker.email, worker.role, worker.name, *([] if worker.active else ["access ended"])]))
    if not people:
        typer.echo("Nobody can sign in yet. `sayso worker add` adds someone.", err=True)


@app.command("reset-password")
def reset_password(email: Annotated[str, typer.Argument(help="Whose password.")]) -> None:
    """Sets a new password and ends all their sign-ins. Asks for it, or reads it from the first line of standard input."""
    from records.database import unit_of_work
    from records.errors import WeakPassword
    from records.workers import LONGEST, SHORTEST, by_email, set_password

    ready_database()
    password = ask_password()
    try:
        with unit_of_work() as work:
            worker = by_email(work, email)
            if worker is None:
                raise misuse(f"Nobody has the e-mail {email}.")
            set_password(work, worker, password, datetime.now(timezone.utc))
            work.commit()
    except WeakPassword:
        raise misuse(f"A password has {SHORTEST} to {LONGEST} characters and is not the e-mail.") from None
    typer.echo(f"{worker.name} has a new password.")


def ready_database() -> None:
    """The commands work before the first `sayso run` too."""
    from records.migrating import prepare

    prepare()


def ask_password() -> str:
    """A new password, typed twice without being shown; without a terminal, the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("New password: ")
    if getpass.getpass("The same again: ") != first:
        raise misuse("These were not the same. Nothing was changed.")
    return first


def misuse(reason: str) -> typer.Exit:
    """Says what was wrong with what was asked; raise what it returns."""
    typer.echo(reason, err=True)
    return typer.Exit(2)
