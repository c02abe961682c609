"""`kb sources`: private copies of the articles, and whether all of their prose is accounted for."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import open_library
from kb.errors import KbError

if TYPE_CHECKING:
    from kb.sources import Coverage, Gap

COVERAGE_SCHEMA = "kb-coverage/1"


@click.group()
def sources() -> None:
    """Attach articles, and see what is said of each stretch.

    The texts are not ours and are not in the repository. A private copy stays on this machine.
    """


@sources.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.pass_context
def attach(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Keep private copies of articles.

    A FILE is taken if its SHA-256 is that of a source.
    """
    library = open_library(ctx)
    failed = False
    for file in files:
        try:
            source = library.attach(file)
        except KbError as error:
            click.echo(f"kb: {error}", err=True)
            failed = True
        else:
            click.echo(f"attached {source.id} ({source.text.chars:,} characters)")
    ctx.exit(2 if failed else 0)


@sources.command()
@click.argument("source_ids", nargs=-1, metavar="[ID]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def coverage(ctx: click.Context, source_ids: tuple[str, ...], as_json: bool) -> None:
    """Show how much of each source is accounted for.

    Every stretch of prose that is not is listed. Prose is every character that is not white space. It is accounted
    for under an occurrence of a claim or a caveat,
    a disposition, or a heading of the outline. Without a copy of the text, only gaps between selectors are known,
    and the exit code is 2.
    """
    measured = open_library(ctx).coverage(source_ids)
    if as_json:
        content = {"schema": COVERAGE_SCHEMA, "sources": [_as_json(one) for one in measured]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for one in measured:
            click.echo(_as_text(one), nl=False)
    if any(one.skipped for one in measured):
        ctx.exit(2)
    ctx.exit(int(not all(one.complete for one in measured)))


@sources.command()
@click.argument("source_id", metavar="ID")
@click.pass_context
def show(ctx: click.Context, source_id: str) -> None:
    """Show a source from top to bottom.

    That is its headings in order, with the claims and caveats at their places. Where a copy of the text is attached,
    the words themselves are shown, too.
    """
    from kb.cli.pages import outline_page

    click.echo(outline_page(open_library(ctx).outline(source_id)), nl=False)


@sources.command()
@click.argument("source_id", metavar="ID")
@click.argument("words")
@click.pass_context
def find(ctx: click.Context, source_id: str, words: str) -> None:
    """Find WORDS in a source, ready to paste under `occurrences`.

    "first words ... last words" finds a longer stretch. Needs an attached copy. The strength is for you to judge.
    """
    found = open_library(ctx).find(source_id, words)
    for place in found:
        selector = f"{{start: {place.selector.start}, end: {place.selector.end}}}"
        click.echo(f"  - source: {place.source}\n    selector: {selector}\n    digest: {place.digest}")
        click.echo(f"    section: {json.dumps(place.section, ensure_ascii=False)}")
        click.echo(f"    strength: {place.strength}   # hedged, plain or emphatic?")
    if not found:
        click.echo(f"kb: {source_id} does not say these words", err=True)
        ctx.exit(1)


def _as_json(one: Coverage) -> dict[str, Any]:
    return {
        "source": one.source,
        "attached": one.skipped is None,
        "chars": one.chars,
        "prose": one.prose,
        "covered": one.covered,
        "percent": one.percent,
        "by_kind": {kind.value: count for kind, count in one.by_kind.items()},
        "gaps": [{"start": gap.start, "end": gap.end, "line": gap.line, "text": gap.text} for gap in one.gaps],
        "orphans": [
            {
                "kind": orphan.mark.entry_kind,
                "id": orphan.mark.entry_id,
                "field": orphan.mark.field,
                "start": orphan.mark.start,
                "end": orphan.mark.end,
                "message": orphan.message,
            }
            for orphan in one.orphans
        ],
        "skipped": one.skipped.reason if one.skipped else None,
    }


def _as_text(one: Coverage) -> str:
    if one.skipped:
        head = f"{one.source}: not measured: {one.skipped.reason}"
    else:
        kinds = ", ".join(f"{kind}s {count:,}" for kind, count in one.by_kind.items())
        head = f"{one.source}: {one.percent:g} % of {one.prose:,} characters of prose ({kinds})"
    lines = [head, *(f"  orphan: {orphan.message}" for orphan in one.orphans), *map(_gap_line, one.gaps)]
    return "".join(f"{line}\n" for line in lines)


def _gap_line(gap: Gap) -> str:
    if gap.text is None:
        return f"  characters {gap.start} to {gap.end} are under no selector"
    return f"  line {gap.line}, characters {gap.start} to {gap.end}: {' '.join(gap.text.split())}"
