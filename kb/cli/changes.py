"""`kb changes`: what differs between two states of the knowledge base."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import click

from kb.cli.common import counted, open_library


@click.command()
@click.option("--since", required=True, metavar="REV|DATE", help="A git revision, or the end of a day (2026-01-31).")
@click.option("--until", metavar="REV|DATE", help="The same. Default: the files as they are, committed or not.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "atom")), default="text", show_default=True, help="How."
)
@click.option("--site", metavar="URL", help="Where the pages are, for the addresses in the Atom feed.")
@click.pass_context
def changes(ctx: click.Context, since: str, until: str | None, form: str, site: str | None) -> None:
    """Say what was added, changed, withdrawn, renamed and removed since a revision or day, field by field.

    Needs git: what the files said before is read from the history of their folder.
    """
    from kb.export import Addresses, atom
    from kb.export.changes import as_json, as_text
    from kb.history import changes as compare

    library = open_library(ctx)
    found = compare(library.root, since, until)
    if form == "json":
        click.echo(as_json(found), nl=False)
    elif form == "atom":
        click.echo(atom.feed_between(library.kb, found, Addresses(site.rstrip("/") if site else None)), nl=False)
    else:
        for line in as_text(found):
            click.echo(line)
        click.echo(f"{counted(len(found.changes), 'change')} since {found.since[:12]}, {found.since_at:%Y-%m-%d %H:%M}")
