"""`sayso run`: gets everything ready, then runs it under the supervisor."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timezone

from ops.checking import old_lines
from ops.errors import CannotGoOn
from ops.first_worker import first_sign_in
from ops.front_end import FrontEndMistake, build
from ops.learning import learn_if_needed
from ops.parts import all_parts
from ops.ports import check_ports
from ops.supervisor import Supervisor
from ops.training import train_if_needed
from records.errors import NotSaved
from records.migrating import prepare
from records.readiness import out_of_date, refused
from records.safety_data import load_help
from records.settings import Settings
from voice.promises.hours import HERE


def run(chosen: Settings) -> None:
    """Runs Sayso in the foreground until Ctrl-C or SIGTERM.

    Raises CannotGoOn for a live start that is not ready, a port that is taken, a front end or a model that cannot be made;
    WrongKey, NotSaved for the database; DataMistake.
    """
    refusal = refused(chosen, load_help(chosen.root))
    if refusal:
        raise CannotGoOn(refusal)
    parts = all_parts(chosen)
    check_ports(parts)
    logs = chosen.data_folder / "log"
    # logs and dialogue files are nobody else's to read
    chosen.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    build_page(chosen)
    prepare()
    learn_if_needed(chosen.root, tell)
    train_if_needed(chosen.root, logs, tell)
    supervisor = Supervisor(parts, root=chosen.root, log_folder=logs, tell=tell)
    tell(f"Starting {', '.join(part.name for part in parts)}. Logs are in {logs}.")
    asyncio.run(supervisor.run(lambda: tell("\n".join(welcome(chosen)))))
    tell("Everything has stopped.")


def build_page(chosen: Settings) -> None:
    """Builds the chat page's fonts and pictures when they are missing or old. Raises CannotGoOn."""
    try:
        if build(chosen.root):
            tell("The chat page is built.")
    except FrontEndMistake as reason:
        raise CannotGoOn(str(reason)) from None


def welcome(chosen: Settings) -> list[str]:
    """The lines that say where everything is; the first time, with a way into the desk."""
    lines = ["", "Sayso is running.", f"  chat:                {chosen.chat_address}/"]
    if chosen.council_port:
        lines.append(f"  sample council page: http://{chosen.host}:{chosen.council_port}/")
    lines.append(f"  desk:                {chosen.desk_address}/")
    lines += standing(chosen, datetime.now(HERE).date())
    try:
        made = first_sign_in(datetime.now(timezone.utc))
    except NotSaved:
        lines.append("  A first sign-in for the desk could not be saved: the database did not take it. `sayso worker add` makes one.")
        made = None
    if made:
        lines += ["", "First sign-in for the desk. It is shown only now, so note it:", f"  e-mail:   {made[0]}", f"  password: {made[1]}"]
    return [*lines, "", "Ctrl-C stops everything."]


def standing(chosen: Settings, today: date) -> list[str]:
    """What whoever starts Sayso must know: that it is only a demo, and which helplines are out of date."""
    help_data = load_help(chosen.root)
    lines = [] if chosen.live else ["", "This is a demo, and the chat and the desk say so. `sayso check` lists what is still missing."]
    old = out_of_date(help_data, today)
    return [*lines, "", *old_lines(old, today)] if old else lines


def tell(line: str) -> None:
    """Shows a line. A terminal that is gone or a full disk must not stop the parts."""
    try:
        print(line, flush=True)
    except OSError:
        return
