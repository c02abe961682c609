"""`kb show`: one entry, whole."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import difflib
from contextlib import suppress

import click

from kb.cli.common import open_library


@click.command()
@click.argument("entry_id", metavar="ID")
@click.pass_context
def show(ctx: click.Context, entry_id: str) -> None:
    """Show a claim, caveat or source by its id."""
    from kb.cli.pages import caveat_page, claim_page, source_page
    from kb.errors import EntryNotFound, KbError

    kb = open_library(ctx).kb
    pages = []
    with suppress(EntryNotFound):
        pages.append(claim_page(kb, kb.claim(entry_id)))
    with suppress(EntryNotFound):
        pages.append(caveat_page(kb, kb.caveat(entry_id)))
    with suppress(EntryNotFound):
        pages.append(source_page(kb, kb.source(entry_id)))
    if not pages:
        near = difflib.get_close_matches(entry_id, [*kb.claims, *kb.caveats, *kb.sources])
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        message = f"no claim, caveat or source has the id {entry_id!r}{meant}"
        raise KbError(message)
    click.echo("\n".join(pages), nl=False)
