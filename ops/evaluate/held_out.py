"""How well Sayso does on lines by writers whom it was not taught: lessons of its own, left out of what it learns.

This is what to choose by when the ears are changed: the lines are many, harder than the measuring sets, and nothing is used up by
looking at them. Everything is learned anew without them, in a folder of its own, the adapters too; that takes most of an hour.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from ops.adapting import adapt
from ops.evaluate.measuring import Said, SaysoReads
from ops.learning import learn_if_needed
from ops.training import Teller
from records.ear import load_ear
from records.safety_data import load_listening_screen
from records.teaching import load_accounts
from voice.safeguarding.model import Level, Severity
from voice.understanding.lessons import Lesson

_EVERY = 5
"""Every fifth file of accounts is left out: each is by a few writers, who are in no other."""
_RATES = (0.04, 0.06, 0.08, 0.1)


def measure_held_out(root: Path, tell: Teller) -> str:
    """Learns without every fifth file, and says what comes of the lines in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(root / "data", copy / "data")
        left_out = load_accounts(copy)[::_EVERY]
        lines = [lesson for _, lessons in left_out for lesson in lessons if lesson.harm is not None]
        for file, _ in left_out:
            file.unlink()
        adapt(copy, tell)
        learn_if_needed(copy, tell)
        said = SaysoReads(load_listening_screen(copy), load_ear(copy).thresholds).read([line.text for line in lines])
    return "\n".join([f"{len(lines)} lines held out, in {len(left_out)} files.", *_found(lines, said)])


def _found(lines: Sequence[Lesson], said: Sequence[Said]) -> list[str]:
    kinds = np.array([line.severity.value if line.severity else "harmless" for line in lines])
    levels = np.array([one.level.rank for one in said])
    chances = np.array([one.chance or 0.0 for one in said])
    serious, harmless = np.isin(kinds, [Severity.S1.value, Severity.S2.value]), kinds == "harmless"
    told = [
        f"{kind}: flagged {np.mean(levels[kinds == kind] > 0):.1%}, urgent {np.mean(levels[kinds == kind] == Level.urgent.rank):.1%}"
        for kind in sorted(set(kinds))
    ]
    either = serious | harmless
    told.append(f"AUC of the chance of harm, serious lines against harmless ones: {roc_auc_score(serious[either], chances[either]):.2%}")
    for rate in _RATES:
        found = np.mean(chances[serious] > np.quantile(chances[harmless], 1 - rate))
        told.append(f"serious lines above the chance that {rate:.0%} of the harmless ones have: {found:.1%}")
    return told
