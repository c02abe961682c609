"""`kb gaps`: what people looked for and did not find."""

from __future__ import annotations

import json

import click

from kb.cli.common import counted, open_library


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def gaps(ctx: click.Context, as_json: bool) -> None:
    """List what people looked for and did not find.

    A reader of the pages can record a search that found nothing. What was asked for most often comes first.
    """
    found = open_library(ctx).gaps()
    if as_json:
        entries = [
            {"text": gap.text, "times": gap.times, "first": gap.first.isoformat(), "last": gap.last.isoformat()}
            for gap in found
        ]
        answer = {"schema": "kb-gaps/1", "total": len(found), "gaps": entries}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for gap in found:
        click.echo(f"{gap.last}  {counted(gap.times, 'time'):>9}  {gap.text}")
    click.echo(f"{counted(len(found), 'gap')} recorded" if found else "No gap has been recorded.")
