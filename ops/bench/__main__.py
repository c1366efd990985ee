"""`python -m ops.bench [--quick]`: prints the table, and leaves it as Markdown and JSON in bench/ of the data folder."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from ops.bench import report
from ops.bench.measuring import FULL, QUICK, measure
from ops.errors import CannotGoOn
from ops.running import tell
from ops.training import MODEL
from records.settings import settings


def main() -> None:
    """Ends with 1 when an answer was wrong, a saved message is missing, or a bot could not be trained or started."""
    arguments = argparse.ArgumentParser(prog="python -m ops.bench", description="Measures a turn of Sayso against two usual Rasa bots.")
    arguments.add_argument("--quick", action="store_true", help="A short look whether it works; its figures mean nothing.")
    quick = bool(arguments.parse_args().quick)
    try:
        _bench(quick, settings().root, settings().data_folder / "bench", datetime.now(timezone.utc))
    except CannotGoOn as reason:
        sys.exit(str(reason))


def _bench(quick: bool, root: Path, results: Path, now: datetime) -> None:
    if not (root / MODEL).is_file():
        raise CannotGoOn(f"There is no model at {root / MODEL}. `sayso train` makes one.")
    on = report.machine()
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        run = asyncio.run(measure(QUICK if quick else FULL, root, results, Path(folder), tell))
    mistakes = report.mistakes(run)
    if mistakes:
        raise CannotGoOn("\n".join(["Not every answer was right, so there are no figures.", *mistakes]))
    table = report.as_markdown(run, on, now)
    file = results / f"{now:%Y-%m-%d-%H%M%S}{'-quick' if quick else ''}"
    file.with_suffix(".md").write_text(table, encoding="utf-8")
    file.with_suffix(".json").write_text(json.dumps(report.as_plain(run, on, now), indent=2) + "\n", encoding="utf-8")
    tell(f"\n{table}\nAlso in {file}.md and .json.")


if __name__ == "__main__":
    main()
