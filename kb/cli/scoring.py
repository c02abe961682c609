"""`kb score`: how well the audit agrees with labelled copy."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.scoring import Score

_TOLERANCE = 0.0005
"""Figures are kept to three decimals."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--misses", metavar="FIGURE", help="Also list what was missed and what was found in excess for this figure."
)
@click.option(
    "--floor", type=click.Path(dir_okay=False, path_type=Path), help="Exit with 1 where a figure is below this file's."
)
@click.option("--raise-floor", is_flag=True, help="Write the figures that are better than the floor's into it.")
@click.pass_context
def score(  # noqa: PLR0917  (click passes them by name)
    ctx: click.Context, folder: Path, as_json: bool, misses: str | None, floor: Path | None, raise_floor: bool
) -> None:
    """Audit a labelled FOLDER and compare with its labels.

    FOLDER holds NNN.txt, labels.jsonl and docs.jsonl; corpus/README.md says what the labels mean.
    """
    from kb.audit import scoring
    from kb.cli.auditing import open_for_audit
    from kb.formats.audit.json import content
    from kb.library.auditing import Copy, audit

    if misses and misses not in scoring.TALLIES:
        raise click.BadParameter(
            f"there is no {misses!r}; there are {', '.join(scoring.TALLIES)}", param_hint="--misses"
        )
    if raise_floor and not floor:
        raise click.UsageError("--raise-floor needs --floor FILE")
    copies = [Copy(path.name, path) for path in sorted(folder.glob("*.txt"))]
    result = scoring.score(folder, content(audit(open_for_audit(ctx), copies)))
    click.echo(_as_json(result) if as_json else _as_text(result), nl=False)
    if misses:
        for name in ("missed", "extra"):
            for row in getattr(result.tallies[misses], name):
                click.echo(f"{name} {' '.join(row)}")
    below = list(_below(result.figures(), _floor(floor))) if floor else []
    for line in below:
        click.echo(line, err=True)
    if floor and raise_floor:
        _raise(floor, result.figures())
    ctx.exit(int(bool(below)))


def _as_text(result: Score) -> str:
    lines = [f"{'':14} precision recall     f1   right extra missed"]
    for name, tally in result.tallies.items():
        shares = " ".join(_shown(figure) for figure in (tally.precision, tally.recall, tally.f1))
        counts = f"{len(tally.right):4} {len(tally.extra):5} {len(tally.missed):6}"
        lines.append(f"{name:14}   {shares}   {counts}")
    figures = result.figures()
    lines.append(f"{'balance':14}   {_shown(figures['balance'])} of {result.balance[1]} documents")
    lines.append(f"{'quiet':14}   {_shown(figures['quiet'])} of {result.quiet[1]} units")
    return "".join(f"{line}\n" for line in lines)


def _shown(figure: float | None) -> str:
    return "   -  " if figure is None else f"{figure:6.3f}"


def _as_json(result: Score) -> str:
    tallies = {
        name: {
            "precision": tally.precision,
            "recall": tally.recall,
            "f1": tally.f1,
            "right": len(tally.right),
            "extra": len(tally.extra),
            "missed": len(tally.missed),
        }
        for name, tally in result.tallies.items()
    }
    shares = {name: {"share": result.figures()[name]} for name in ("balance", "quiet")}
    return json.dumps(tallies | shares, indent=1) + "\n"


def _floor(file: Path) -> Mapping[str, float]:
    if not file.exists():
        return {}
    try:
        figures = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): float(figure) for name, figure in figures.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        message = f"{file} holds no figures: {error}"
        raise KbError(message) from error


def _below(figures: Mapping[str, float | None], floor: Mapping[str, float]) -> Iterator[str]:
    for name, least in floor.items():
        reached = figures.get(name)
        if reached is None or reached < least - _TOLERANCE:
            yield f"{name} is {_shown(reached).strip()} and was {least:.3f}"


def _raise(file: Path, figures: Mapping[str, float | None]) -> None:
    from kb.store import save_text

    floor = _floor(file)
    raised = {name: max(round(figure or 0.0, 3), floor.get(name, 0.0)) for name, figure in figures.items()}
    save_text(file, json.dumps(raised, indent=1) + "\n")
