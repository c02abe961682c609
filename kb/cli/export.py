"""`kb export`: the knowledge base, or what a search finds in it, for other programs."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.common import counted, open_library
from kb.errors import KbError
from kb.finding import Level

if TYPE_CHECKING:
    from kb.library import Library
    from kb.model import Claim

FORMATS = ("csv", "json", "jsonl", "sqlite", "metadata", "claimreview", "bibtex", "csl")


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file, in whole or not at all. Default: standard output.",
)
@click.option("--query", default="", metavar="QUERY", help="Only claims that this search finds, in its order.")
@click.option("--site", metavar="URL", help="Where the pages are served, for fields that lead to them.")
@click.pass_context
def export(ctx: click.Context, format_: str, output: Path | None, query: str, site: str | None) -> None:
    """Export all claims, or those that a search finds.

    FORMAT is csv, json, jsonl (JSON lines), sqlite (a database for Datasette; metadata is the file to put beside it),
    claimreview (schema.org, JSON-LD), bibtex or csl (the references as CSL-JSON).

    No export holds the words of an article.
    """
    from kb import store

    if format_ == "sqlite" and output is None:
        raise click.UsageError("a database is no text; say with -o FILE where to write it")
    library = open_library(ctx)
    _refuse_unread(library)
    content = _rendered(library, format_, query, _checked(site))
    if output is None:
        click.echo(content, nl=False)
    else:
        store.save_bytes(output, content)


def _refuse_unread(library: Library) -> None:
    """Raise `KbError` where entries could not be read: an export without them would look complete."""
    unread = [finding for finding in library.findings if finding.level is Level.ERROR]
    if unread:
        message = f"nothing was exported: {counted(len(unread), 'problem')} in the files; `kb lint` lists them"
        raise KbError(message)


def _checked(site: str | None) -> str | None:
    """Return an address without its last slash; raise for one that would lead nowhere."""
    if site is not None and not site.startswith(("https://", "http://")):
        raise click.UsageError("--site must begin with https:// or http://")
    return site.rstrip("/") if site else None


def _claims(library: Library, query: str) -> tuple[Claim, ...]:
    from kb.export import found
    from kb.search.base import Query

    if not query.strip():
        return tuple(library.kb.claims.values())
    return found(library.search, library.kb, Query(query))


def _rendered(library: Library, format_: str, query: str, site: str | None) -> bytes:
    """Return the whole export."""
    from kb.crossings import Crossings
    from kb.export import Addresses, claimreview, csv, entries, references, sqlite

    kb, addresses = library.kb, Addresses(site)
    crossings, claims = Crossings(kb), _claims(library, query)
    works = references.cited(kb, claims) if query.strip() else dict(kb.references)
    match format_:
        case "csv":
            text = "".join(csv.rows(crossings, claims, addresses))
        case "json":
            text = "".join(entries.json_object(crossings, claims, addresses, query))
        case "jsonl":
            text = "".join(entries.json_lines(crossings, claims, addresses))
        case "metadata":
            text = sqlite.metadata(crossings, addresses)
        case "claimreview":
            dates = {claim.id: library.changed("claim", claim.id) for claim in claims}
            text = "".join(claimreview.claim_reviews(kb, claims, addresses, dates))
        case "bibtex":
            text = "".join(references.bibtex(works))
        case "csl":
            text = "".join(references.csl_json(works))
        case _:
            return sqlite.database(crossings, claims, addresses)
    return text.encode()
