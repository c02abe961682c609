"""`kb agree`: how far two readers agree."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import counted, open_library

if TYPE_CHECKING:
    from kb.review.agreement import Agreement
    from kb.review.grading import Compared, Pair


@click.command()
@click.option("--between", nargs=2, metavar="READER READER", help="Compare two readers, not readers and entries.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def agree(ctx: click.Context, between: tuple[str, str] | None, as_json: bool) -> None:
    """Say how far readers who graded claims blindly agree, and where they do not.

    Each reader is compared with what the entries said at that time: percent agreement and Cohen's kappa for verdict
    and certainty, for certainty also linearly weighted.
    """
    from kb.library.gradings import read_all
    from kb.review import grading

    gradings = read_all(open_library(ctx).root)
    found = (grading.between(gradings, *between),) if between else grading.with_entries(gradings)
    if as_json:
        answer = {"schema": "kb-agree/1", "gradings": len(gradings), "compared": [_plain(one) for one in found]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("Nobody has graded a claim yet; a second reader does so on the pages, at /grade/<claim>.")
    for one in found:
        _show(one)


def _show(one: Compared) -> None:
    click.echo(f"{one.first} and {one.second}: {counted(one.verdict.n, 'claim')}")
    click.echo(f"  verdict    {_line(one.verdict)}")
    click.echo(f"  certainty  {_line(one.certainty)}")
    if one.ungraded:
        click.echo(f"             {counted(one.ungraded, 'claim')} without a certainty from both")
    for pair in one.differences:
        click.echo(f"  {pair.claim}: {_judged(pair.first)} / {_judged(pair.second)}")


def _line(found: Agreement) -> str:
    if found.percent is None:
        return "nothing to compare"
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    weighted = "" if found.weighted is None else f", linearly weighted {found.weighted:.2f}"
    return f"{found.same} of {found.n} alike ({found.percent:.1f} %), kappa {kappa}{weighted}"


def _judged(judged: tuple[Any, Any]) -> str:
    verdict, certainty = judged
    return f"{verdict}, {certainty}" if certainty else f"{verdict}"


def _plain(one: Compared) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "verdict": _figures(one.verdict),
        "certainty": _figures(one.certainty) | {"without": one.ungraded},
        "differences": [_difference(pair) for pair in one.differences],
    }


def _figures(found: Agreement) -> dict[str, Any]:
    return {
        "n": found.n,
        "same": found.same,
        "percent": found.percent,
        "kappa": found.kappa,
        "weighted_kappa": found.weighted,
    }


def _difference(pair: Pair) -> dict[str, Any]:
    def side(judged: tuple[Any, Any]) -> dict[str, Any]:
        return {"verdict": judged[0].value, "certainty": judged[1].value if judged[1] else None}

    return {"claim": pair.claim, "first": side(pair.first), "second": side(pair.second)}
