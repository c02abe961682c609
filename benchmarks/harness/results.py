"""The page that tells what was measured, in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.goals import GOALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.record import Change, Run
    from harness.tables import Table

_INTRODUCTION = """\
# Results

Written by `make bench`; do not edit. Product and peers were measured in the same run, in turn, several rounds; figures
are medians of the rounds. *Ratios are a peer's cost over ours: above 1 we are cheaper.* ± is half the range of a
ratio's rounds; what has one round has none. CPU is the processor time of the program itself, which other work on the
machine lengthens less than the time by the clock. [README.md](README.md) says how.
"""


def page(run: Run, changes: Sequence[Change], slower: Sequence[Change], recorded: str) -> str:
    """Return the whole page; `slower` are the changes that were seen twice, `recorded` says of when the record is."""
    parts = [
        _INTRODUCTION,
        "\n".join(f"- {name}: {value}" for name, value in run.about.items() if isinstance(value, str)),
        *_missing(run),
        _goals(run),
        against(changes, slower, recorded),
    ]
    works = dict.fromkeys(table.work for table in run.tables)
    for work in works:
        tables = [table for table in run.tables if table.work == work]
        parts.append(f"## {work[0].upper()}{work[1:]}")
        said: set[str] = set()
        for table in tables:
            parts.append(heading(table))
            parts += [f"*Measured apart: {table.apart}.*"] if table.apart else []
            parts += [] if explained(table) in said else [explained(table)]
            parts.append(rendered(table))
            said.add(explained(table))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _missing(run: Run) -> Iterator[str]:
    missing = run.about.get("missing", {})
    if missing:
        yield "Not measured:\n\n" + "\n".join(f"- **{name}**: {reason}" for name, reason in missing.items())


def _goals(run: Run) -> str:
    lines = ["## Goals", "", "| goal | measured | |", "|---|---|---|"]
    for goal in GOALS:
        measured, outcome = goal.outcome(run)
        lines.append(f"| {goal.name} | {measured} | {outcome} |")
    return "\n".join(lines)


def against(changes: Sequence[Change], slower: Sequence[Change], recorded: str) -> str:
    """Return what has changed since the record."""
    lines = ["## Against the record", ""]
    if not recorded:
        return "\n".join([*lines, "There was none to compare with."])
    faster = [change for change in changes if change.faster]
    lines.append(
        f"{len(changes)} ratios compared with the record of {recorded}: {len(slower)} worse and {len(faster)} better, "
        "beyond noise (half the range of the rounds, of both runs together, and a tenth at least)."
    )
    for name, some in (("worse", slower), ("better", faster)):
        if some:
            lines += ["", f"| {name} | then | now |", "|---|---|---|"]
            lines += [
                f"| {' · '.join(change.place)} | {_ratio(change.then)} | {_ratio(change.now)} |" for change in some
            ]
    return "\n".join(lines)


def _ratio(ratio: tuple[float, float] | None) -> str:
    if ratio is None:
        return "—"
    return f"{shown(ratio[0])}{_scatter(ratio[1])}"


def _scatter(noise: float | None) -> str:
    return f" ±{noise * 100:.0f} %" if noise is not None and math.isfinite(noise) else ""


def shown(value: float | None) -> str:
    """Return a figure with about three digits that count."""
    if value is None:
        return "—"
    if value >= 100:  # noqa: PLR2004 - three digits stand before the point
        return f"{value:,.0f}"
    if value < 0.1:  # noqa: PLR2004
        return f"{value:.2g}"
    return f"{value:.{2 if value < 10 else 1}f}"  # noqa: PLR2004


def rendered(table: Table) -> str:
    """Return the figures of every program side by side, and a column for each ratio."""
    figures = table.compared | table.told
    pairs = [(program, peer) for program in table.ours for peer in table.peers if peer in table.programs]
    heads = [f"{program}: {' / '.join(figures)}" for program in table.programs]
    heads += [f"{peer} over {program}: {' / '.join(table.compared)}" for program, peer in pairs]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    for row in table.cells:
        cells = [_together([table.median(row, program, figure) for figure in figures]) for program in table.programs]
        for program, peer in pairs:
            ratios = [table.ratio(row, program, peer, figure) for figure in table.compared]
            noise = max((ratio.noise for ratio in ratios if ratio), default=None)
            cells.append(_together([ratio.median if ratio else None for ratio in ratios]) + _scatter(noise))
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def heading(table: Table) -> str:
    """Return the heading of a case."""
    return f"### {table.case[0].upper()}{table.case[1:]}"


def explained(table: Table) -> str:
    """Return what the figures are, and what is measured."""
    figures = [f"{figure} in {unit}" if unit else figure for figure, unit in (table.compared | table.told).items()]
    return f"{table.note} Figures: {', '.join(figures)}.".strip()


def _together(values: Sequence[float | None]) -> str:
    return " / ".join(shown(value) for value in values) if any(value is not None for value in values) else "—"
