"""`kb index` and `kb search`."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import counted, open_library
from kb.search.base import FILTERS, MAX_PER_PAGE, SORTS
from kb.search.engines import DEFAULT, DSN, ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_FILTER_HELP = {
    "theme": "with this theme",
    "type": "of this type",
    "verdict": "with this verdict",
    "certainty": "with evidence of this certainty",
    "source": "that this article makes",
    "status": "of this status",
    "caveat": "that owe this caveat",
}
engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help=f"What searches (see docs/engines.md). Default: as kb.yaml says, or {DEFAULT}.",
)
dsn_option = click.option(
    "--dsn",
    envvar=DSN,
    show_envvar=True,
    metavar="ADDRESS",
    help="The database of the engine postgres, as postgresql://… or host=… (see docs/postgres.md).",
)
model_option = click.option(
    "--semantic",
    "model",
    type=click.Path(path_type=Path),
    envvar="CAVEAT_MODEL",
    show_envvar=True,
    metavar="FOLDER",
    help="Also rank by meaning, with the sentence model in this folder (see docs/semantic.md).",
)


@click.command()
@click.option("--force", is_flag=True, help="Build it anew even where it is up to date.")
@engine_option
@dsn_option
@model_option
@click.pass_context
def index(ctx: click.Context, force: bool, engine: str | None, dsn: str | None, model: Path | None) -> None:
    """Build the search index, or do nothing where it is up to date."""
    library = open_library(ctx, engine=engine, dsn=dsn, model=model)
    info = library.index(force=force)
    built = info.built_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    click.echo(f"{info.engine} index of {counted(info.documents, 'claim')}, built {built}, files {info.digest[:12]}")


def _filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one repeatable option for each filter."""
    for name in reversed(FILTERS):
        help_text = f"Only claims {_FILTER_HELP[name]}."
        command = click.option(f"--{name}", multiple=True, metavar=name.upper(), help=help_text)(command)
    return command


@click.command()
@click.argument("query", default="")
@_filter_options
@click.option("--nowiden", multiple=True, metavar="CONCEPT", help="Do not widen the words by this concept.")
@click.option("--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True)
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--per-page", type=click.IntRange(1, MAX_PER_PAGE), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@engine_option
@dsn_option
@model_option
@click.pass_context
def search(
    ctx: click.Context, /, query: str, nowiden: tuple[str, ...], as_json: bool, engine: str | None, **options: Any
) -> None:
    """Search the claims. Without a QUERY, list all that pass the filters.

    A filter may be repeated: any of its values will do, while different filters must all hold.

    Words are also found in other forms and by the vocabulary's other names for them. "Words in quotation marks" are
    searched for as they stand, and -word leaves out claims with that word (after -- where QUERY begins with it). OR, in
    capitals, joins two things of which one will do, and word* stands for all words that begin like this. A field with
    its value, such as verdict:refuted, theme:"chronic pain" or due:<2027, narrows like the options below; claim:word
    looks in the claim itself. A whole sentence finds the claims that it makes, with the reasons.
    """
    from kb.library import check_filters, search_answer
    from kb.search.base import Query

    library = open_library(ctx, engine=engine, dsn=options.pop("dsn"), model=options.pop("model"))
    filters = {name: options.pop(name) for name in FILTERS}
    check_filters(library.kb, filters)
    facets = FILTERS if as_json else ()
    answer = search_answer(library, Query(query, filters, facets, unwidened=frozenset(nowiden), **options))
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(_as_text(answer), nl=False)


def _as_text(answer: Mapping[str, Any]) -> str:
    """Render an answer for reading; verdict, certainty and caveats stand with every claim."""
    blocks = [_head(answer), *_matches(answer["matches"]), *_caveats(answer["caveats"]), *map(_hit, answer["hits"])]
    if answer["nearest"]:
        blocks += ["The nearest claims:\n", *map(_hit, answer["nearest"])]
    if answer["page"] < answer["pages"]:
        blocks.append(f"Page {answer['page']} of {answer['pages']}; --page {answer['page'] + 1} shows more.\n")
    return "\n".join(blocks)


def _head(answer: Mapping[str, Any]) -> str:
    found = counted(answer["total"], "claim")
    lines = [f"{found}; looked for {answer['reading']}" if answer["query"].strip() else found]
    if answer["suggestion"] and not answer["mended"]:
        lines.append(f"Did you mean: {answer['suggestion']}")
    return "".join(f"{line}\n" for line in lines)


def _matches(matches: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Render the claims that a pasted text certainly makes; what is merely alike stands among the claims below."""
    certain = [match for match in matches if match["certain"]]
    if certain:
        lines = (f"  {match['id']}: {'; '.join(match['reasons'])}\n" for match in certain)
        yield f"This makes {counted(len(certain), 'claim')}:\n{''.join(lines)}"


def _caveats(caveats: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Render the caveats that answer the words themselves."""
    if caveats:
        lines = (f"  {caveat['id']}: {caveat['caveat']}\n" for caveat in caveats)
        yield f"{'A caveat answers' if len(caveats) == 1 else 'Caveats answer'} this:\n{''.join(lines)}"


def _hit(hit: Mapping[str, Any]) -> str:
    certainty = f"{hit['certainty']} certainty" if hit["certainty"] else "not graded"
    caveats = "; ".join(caveat["short"] for caveat in hit["caveats"]) or "nothing"
    return (
        f"{hit['id']}  ({hit['verdict']}, {certainty}, {hit['status']})\n"
        f"  {hit['claim']}\n"
        f"  to be said with it: {caveats}\n"
    )
