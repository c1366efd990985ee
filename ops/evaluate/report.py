"""The figures as a short page with plots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ops.evaluate.hostile import LENGTH, Cost
from ops.evaluate.measuring import Figures, Share, confusion
from voice.understanding.lessons import CATEGORIES, STANCES

PAGE, PLOTS = Path("docs/evaluation.md"), Path("docs/pictures")
_BINS = 10


def write(
    root: Path,
    figures: Mapping[str, Figures],
    disguises: Mapping[str, Mapping[str, float]],
    costs: Cost,
    lines: Mapping[str, int],
    today: date,
) -> str:
    """Writes the page and its plots; returns the page. `figures` by name: tune, sealed, and DIET on the sealed part if it was trained."""
    sealed = figures["sealed"]
    page = "\n".join(
        [
            "# How well Sayso understands and screens",
            "",
            f"Made by `make evaluate` on {today:%d %B %Y}, on invented messages that nobody taught it. *Tune* chose the",
            f"thresholds, *sealed* was only ever measured. Learned from {lines['taught']} lines; tune has {lines['tune']},",
            f"sealed {lines['sealed']}. All were written by one language model in many voices, so the figures flatter: none of",
            "them was said by a child. Read [safeguarding.md](safeguarding.md) first.",
            "",
            *_safety(figures),
            "",
            "![Recall by category](pictures/recall.png)",
            "",
            *_by_category(sealed),
            "",
            *_shares("Serious lines (S1, S2) found, by how they are written (sealed)", "writing", sealed.by_writing),
            "",
            *_disguised(disguises),
            "",
            *_understanding(figures),
            "",
            *_confused(sealed),
            "",
            "## How sure is sure?",
            "",
            "If the ear is calibrated, of the lines it gives a chance of 70 % seven in ten tell of harm.",
            "",
            "![Calibration](pictures/calibration.png)",
            "",
            *_costs(sealed, costs),
            "",
        ]
    )
    _plot_recall(sealed, root / PLOTS / "recall.png")
    _plot_calibration(figures["tune"], root / PLOTS / "calibration.png")
    (root / PAGE).write_text(page, encoding="utf-8")
    return page


def _percent(share: Share | float) -> str:
    if isinstance(share, Share):
        return f"{share.value:.1%} ({share.yes}/{share.of})" if share.of else "–"
    return f"{share:.1%}"


def _safety(figures: Mapping[str, Figures]) -> list[str]:
    rows = ["## Safety", "", "| | " + " | ".join(figures) + " |", "|---" * (len(figures) + 1) + "|"]
    for severity in ("S1", "S2", "S3", "S4"):
        rows.append(f"| {severity}: flagged | " + " | ".join(_percent(one.flagged[severity]) for one in figures.values()) + " |")
    for severity in ("S1", "S2"):
        rows.append(f"| {severity}: urgent | " + " | ".join(_percent(one.urgent[severity]) for one in figures.values()) + " |")
    for kind in ("look-alikes", "everyday", "all"):
        rows.append(f"| harmless, {kind}: any flag | " + " | ".join(_percent(one.false_flags[kind]) for one in figures.values()) + " |")
    rows.append("| harmless, all: urgent | " + " | ".join(_percent(one.false_urgent["all"]) for one in figures.values()) + " |")
    return rows


def _by_category(figures: Figures) -> list[str]:
    rows = ["| category (sealed) | flagged | flagged as this |", "|---|---|---|"]
    return [*rows, *(f"| {name} | {_percent(figures.by_category[name])} | {_percent(figures.named[name])} |" for name in CATEGORIES)]


def _shares(title: str, column: str, shares: Mapping[str, Share]) -> list[str]:
    return [
        f"## {title}",
        "",
        f"| {column} | flagged |",
        "|---|---|",
        *(f"| {name} | {_percent(share)} |" for name, share in shares.items()),
    ]


def _disguised(disguises: Mapping[str, Mapping[str, float]]) -> list[str]:
    heads = [f"{severity} flagged | against plain" for severity in disguises]
    rows = ["## The same lines in disguise (sealed)", "", f"| disguise | {' | '.join(heads)} |", f"|---{'|---' * 2 * len(heads)}|"]
    for name in next(iter(disguises.values())):
        cells = (f"{_percent(shares[name])} | {100 * (shares[name] - shares['plain']):+.1f} points" for shares in disguises.values())
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def _understanding(figures: Mapping[str, Figures]) -> list[str]:
    return [
        "## Topics and stance (everyday lines)",
        "",
        "| | " + " | ".join(figures) + " |",
        "|---" * (len(figures) + 1) + "|",
        "| topics, micro-F1 | " + " | ".join(f"{one.topic_f1:.2f}" for one in figures.values()) + " |",
        "| stance, accuracy | " + " | ".join(_percent(one.stance_accuracy) for one in figures.values()) + " |",
    ]


def _confused(figures: Figures) -> list[str]:
    rows = ["Stance, meant (rows) and heard (columns), sealed:", "", "| | " + " | ".join(STANCES) + " |", "|---" * (len(STANCES) + 1) + "|"]
    return [*rows, *(f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in zip(STANCES, confusion(figures), strict=True))]


def _costs(sealed: Figures, costs: Cost) -> list[str]:
    rows = sorted(costs.hostile.items(), key=lambda one: -one[1])
    return [
        "## What it costs",
        "",
        "Processor time on one core of the machine this was made on; the ratios say more than the seconds.",
        f"Reading {sealed.lines} lines in one go took {sealed.seconds:.1f} s: {sealed.lines / sealed.seconds:.0f} lines a second.",
        f"An ordinary line that comes alone takes {1000 * costs.ordinary:.0f} ms, a hostile one of {LENGTH} characters:",
        "",
        "| hostile line | ms | ordinary lines |",
        "|---|---|---|",
        *(f"| {name} | {1000 * seconds:.0f} | {seconds / costs.ordinary:.0f} |" for name, seconds in rows),
    ]


def _plot_recall(figures: Figures, file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted(CATEGORIES, key=lambda name: figures.by_category[name].value)
    picture, axes = pyplot.subplots(figsize=(7, 6))
    axes.barh(names, [100 * figures.by_category[name].value for name in names], color="#1d6f74")
    axes.axvline(90, color="#b3261e", linewidth=1)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of the category's sealed lines that are flagged (red: the bar of 90 %)")
    picture.tight_layout()
    picture.savefig(file, dpi=90, metadata={"Software": None})
    pyplot.close(picture)


def _plot_calibration(figures: Figures, file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    said, true = [], []
    for at in range(_BINS):
        inside = [
            (chance, harm)
            for chance, harm in figures.chances
            if at / _BINS <= chance < (at + 1) / _BINS or (at == _BINS - 1 and chance == 1)
        ]
        if inside:
            said.append(sum(chance for chance, _ in inside) / len(inside))
            true.append(sum(harm for _, harm in inside) / len(inside))
    picture, axes = pyplot.subplots(figsize=(4.5, 4.5))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    axes.plot(said, true, marker="o", color="#1d6f74")
    axes.set_xlabel("chance of harm that the ear gave (tune)")
    axes.set_ylabel("share that told of harm")
    picture.tight_layout()
    picture.savefig(file, dpi=90, metadata={"Software": None})
    pyplot.close(picture)
