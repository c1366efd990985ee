"""`python -m ops.evaluate [--without-diet]`: measures both parts, writes docs/evaluation.md, and prints it.

With `--held-out` it measures lessons instead, and only prints.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from ops.command import or_a_sentence
from ops.evaluate import report
from ops.evaluate.diet import EPOCHS, DietReads
from ops.evaluate.held_out import measure_held_out
from ops.evaluate.hostile import cost
from ops.evaluate.measuring import Figures, SaysoReads, measure, under_disguise
from ops.evaluate.sets import load_set
from ops.learning import every_lesson, learn_if_needed
from ops.running import tell
from records.ear import load_ear
from records.safety_data import load_listening_screen
from records.settings import settings
from voice.promises.hours import HERE
from voice.safeguarding.model import Severity

_DIET = Path("models/diet")


def main() -> None:
    """Ends with 1 when something it needs is missing, with a sentence."""
    arguments = argparse.ArgumentParser(prog="python -m ops.evaluate", description="Measures how Sayso understands and screens.")
    arguments.add_argument("--without-diet", action="store_true", help="Leaves out the comparison with DIET, which takes most of the time.")
    arguments.add_argument("--held-out", action="store_true", help="Learns without some lessons and measures these; takes most of an hour.")
    chosen = arguments.parse_args()
    if chosen.held_out:
        or_a_sentence(lambda: tell(measure_held_out(settings().root, tell)))
    else:
        or_a_sentence(lambda: _evaluate(settings().root, with_diet=not chosen.without_diet))


def _evaluate(root: Path, *, with_diet: bool) -> None:
    learn_if_needed(root, tell)
    screen = load_listening_screen(root)
    reader = SaysoReads(screen, load_ear(root).thresholds)
    tune, sealed = load_set(root, "tune"), load_set(root, "sealed")
    tell("Measuring Sayso…")
    figures: dict[str, Figures] = {"tune": measure(reader, tune), "sealed": measure(reader, sealed)}
    disguises = {severity.value: under_disguise(reader, sealed, severity) for severity in (Severity.S1, Severity.S2)}
    costs = cost(screen.attend, tune.texts)
    lessons = every_lesson(root)
    if with_diet:
        tell(f"Training DIET on the same {len(lessons)} lines, {EPOCHS} epochs; this takes long, unless they are those of the last time…")
        figures["DIET, sealed"] = measure(DietReads(lessons, root / _DIET), sealed)
    lines = {"taught": len(lessons), "tune": len(tune.texts), "sealed": len(sealed.texts)}
    tell(report.write(root, figures, disguises, costs, lines, datetime.now(HERE).date()))


if __name__ == "__main__":
    main()
