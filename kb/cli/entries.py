"""`kb lint`, `kb fmt`, `kb new` and `kb schema`: what an editor of entries needs."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

import click

from kb import __version__
from kb.cli.common import PATHS, base_of, coloured, counted, open_library, shown_path
from kb.finding import Level

if TYPE_CHECKING:
    from pathlib import Path

    from kb.library import Formatted

KINDS = ("claim", "caveat", "source", "kb", "themes", "vocabulary", "topics", "references")


@click.command()
@click.argument("paths", nargs=-1, type=PATHS, metavar="[PATH]...")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--fail-level",
    type=click.Choice([*(level.value for level in Level), "none"]),
    default="error",
    show_default=True,
    help="Exit with 1 for a finding at or above this level.",
)
@click.pass_context
def lint(ctx: click.Context, paths: tuple[Path, ...], format_: str, fail_level: str) -> None:
    """Check the entries and report every problem at once.

    Everything is read and checked together; with PATH, only findings in those files and folders are reported. The
    knowledge base is the one that PATH belongs to, unless --claims names another.
    """
    from kb.formats import json as json_format
    from kb.formats import text

    library = open_library(ctx, paths)
    report = library.lint(paths)
    base = base_of(library.root)
    if format_ == "json":
        click.echo(json_format.render(report, base=base, tool=__version__), nl=False)
    else:
        click.echo(text.render(report, base=base, colour=coloured()), nl=False)
    ctx.exit(report.exit_code(None if fail_level == "none" else Level(fail_level)))


@click.command()
@click.argument("paths", nargs=-1, type=PATHS, metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_context
def fmt(ctx: click.Context, paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Bring files to the canonical style. Comments are kept; a second run changes nothing."""
    results = open_library(ctx, paths).format(paths, check=check or diff)
    changed = [result for result in results if result.changed]
    unread = [result for result in results if result.problems]
    for result in changed:
        if diff:
            click.echo(_diff(result), nl=False)
        else:
            click.echo(f"{'would format' if check else 'formatted'} {shown_path(result.path)}")
    for result in unread:
        for problem in result.problems:
            click.echo(f"{shown_path(result.path)}:{problem}", err=True)
    click.echo(_fmt_summary(len(changed), len(unread), len(results), written=not (check or diff)), err=True)
    ctx.exit(2 if unread else int(check and bool(changed)))


@click.command()
@click.argument("kind", type=click.Choice(KINDS[:3]))
@click.argument("entry_id", metavar="ID")
@click.option("--area", metavar="AREA", help="The folder under entries/ for a claim, such as efficacy.")
@click.pass_context
def new(ctx: click.Context, kind: str, entry_id: str, area: str | None) -> None:
    """Write a skeleton of a new entry, and say where it is."""
    path = open_library(ctx).new(kind, entry_id, area=area)
    click.echo(shown_path(path))


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file."""
    from kb.store.schemas import json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))


def _diff(result: Formatted) -> str:
    name = shown_path(result.path)
    lines = difflib.unified_diff(
        result.before.splitlines(keepends=True), result.after.splitlines(keepends=True), name, name
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _fmt_summary(changed: int, unread: int, total: int, *, written: bool) -> str:
    parts = [f"{changed} {'formatted' if written else 'would be formatted'}", f"{total - changed - unread} unchanged"]
    if unread:
        parts.append(f"{unread} left alone because of errors")
    return f"{counted(total, 'file')}: {', '.join(parts)}"
