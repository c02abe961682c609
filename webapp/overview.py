"""The overview: pictures of the whole knowledge base, each of which leads into search or to a claim."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kb import words
from kb.model import DisclosureKey, Verdict
from webapp import charts
from webapp.charts import drawing
from webapp.narrowing import source_label
from webapp.params import BadParameters, FieldError, shown
from webapp.reading import knowledge_base
from webapp.windows import COLUMNS, PAIRS, ROWS, Window, window

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flask.typing import ResponseReturnValue

    from kb.model import KnowledgeBase
    from webapp.charts import Block, Pair
    from webapp.charts.contradictions import Articles
    from webapp.charts.drawing import Picture

blueprint = Blueprint("overview", __name__, url_prefix="/overview")

MOST_ROWS = 100
"""Claims of one type, and contradictions, that a page shows; of more, it leads to the rest."""

OTHER = "other"
"""Stands in an address for the caveats that serve none of the ten keys."""

_GAP = 14
_SHADES = 3
_TWO = 2

Choice = TypeVar("Choice", bound=str)


@blueprint.get("")
def entrance() -> str:
    """Show the four views in small, each with what it comes to."""
    kb = knowledge_base()
    found = charts.pairs(kb)
    lines = charts.key_lines(kb)
    return render_template(
        "overview.html",
        pictures=_side_by_side(charts.matrix(kb), tuple(kb.sources)[:COLUMNS]),
        drawn=COLUMNS,
        groups=[drawing.segments(group.whole.verdicts) for group in charts.tallies(kb)],
        lines=lines,
        disclosed=sum(cell.disclosed for line in lines for cell in line.cells),
        nowhere=[words.KEYS[line.key].label for line in lines if line.key and not any(c.disclosed for c in line.cells)],
        verdicts=Counter(claim.verdict for claim in kb.claims.values()),
        most_common=_most_common(kb),
        pairs=found,
        between=charts.between(found),
        shade=shade,
        columns=column_labels(kb),
    )


@blueprint.get("/claims")
def claims() -> str:
    """Show which article makes which claim, and how strongly."""
    kb = knowledge_base()
    blocks = {block.type: block for block in charts.matrix(kb)}
    chosen = blocks[_chosen("type", blocks)] if blocks else None
    articles, columns = _articles_shown(kb)
    return render_template(
        "overview_claims.html",
        blocks=[(block, drawing.picture(block, tuple(columns), MOST_ROWS)) for block in blocks.values()],
        chosen=chosen,
        most=MOST_ROWS,
        said=sum(len(row.strengths) == len(kb.sources) for block in blocks.values() for row in block.rows),
        articles=articles,
        columns=columns,
    )


@blueprint.get("/verdicts")
def verdicts() -> str:
    """Show how the claims of each theme fare, and how sure that is."""
    groups = {group.group: group for group in charts.tallies(knowledge_base())}
    return render_template(
        "overview_verdicts.html",
        groups=groups.values(),
        chosen=groups[_chosen("group", groups)] if groups else None,
        segments=drawing.segments,
        into_group=lambda group: partial(url_for, "overview.claims_of_group", group=group),
        into_theme=lambda theme: partial(url_for, "search.results", theme=theme),
    )


@blueprint.get("/verdicts/<group>")
def claims_of_group(group: str) -> ResponseReturnValue:
    """Lead to the claims of all themes of a group. A search names every theme, too much for each part of a bar."""
    themes = next((found.whole.themes for found in charts.tallies(knowledge_base()) if found.group == group), None)
    if themes is None:
        raise NotFound
    wanted = {name: request.args.getlist(name) for name in ("verdict", "certainty", "sort")}
    return redirect(url_for("search.results", theme=themes, **wanted))  # type: ignore[arg-type]  # lists, as elsewhere


@blueprint.get("/disclosures")
def disclosures() -> str:
    """Show which articles make which of the ten disclosures, and which caveats."""
    kb = knowledge_base()
    keys = _keys()
    name = _chosen("key", keys)
    lines = charts.key_lines(kb)
    articles, columns = _articles_shown(kb)
    caveats = charts.caveat_lines(kb, keys[name])
    rows = window("caveats", len(caveats), ROWS)
    return render_template(
        "overview_disclosures.html",
        lines=lines,
        totals={source: sum(line.cells[place].disclosed for line in lines) for place, source in enumerate(kb.sources)},
        keys=keys,
        other=OTHER,
        chosen=keys[name],
        caveats=caveats[rows.slice],
        rows=rows,
        articles=articles,
        columns=columns,
    )


@blueprint.get("/disclosures/owing")
def claims_owing() -> ResponseReturnValue:
    """Lead to the claims of an article that owe a caveat of a key. A search names every caveat, too much for a cell."""
    kb = knowledge_base()
    keys = _keys()
    name, article = _chosen("key", keys), _chosen("article", kb.sources)
    caveats = [caveat.id for caveat in kb.caveats.values() if caveat.key is keys[name]]
    return redirect(url_for("search.results", source=article, caveat=caveats))


@blueprint.get("/contradictions")
def contradictions() -> str:
    """Show which claims contradict which, within an article and across articles."""
    kb = knowledge_base()
    found = charts.pairs(kb)
    chosen = _articles(kb)
    wanted = [pair for pair in found if chosen is None or chosen in pair.articles]
    return render_template(
        "overview_contradictions.html",
        pairs=found,
        wanted=wanted,
        most=MOST_ROWS,
        chosen=chosen,
        between=charts.between(found),
        shade=shade,
        clusters=[(cluster, drawing.arcs(cluster)) for cluster in charts.clusters(wanted[:MOST_ROWS])],
        arc_width=drawing.ARC_WIDTH,
        said_by={claim.id: _said_by(kb, pair, place) for pair in wanted for place, claim in enumerate(pair.claims)},
        side_by_side=COLUMNS,
        listed=PAIRS,
        columns=column_labels(kb),
    )


def _keys() -> dict[str, DisclosureKey | None]:
    return {key.value: key for key in DisclosureKey} | {OTHER: None}


def _articles_shown(kb: KnowledgeBase) -> tuple[Window, dict[str, str]]:
    """Return which articles stand side by side, and what heads their columns."""
    articles = window("articles", len(kb.sources), COLUMNS)
    return articles, dict(tuple(column_labels(kb).items())[articles.slice])


def column_labels(kb: KnowledgeBase) -> dict[str, str]:
    """Return what heads the column of each article: publisher or place if that is enough, or else its title."""
    short = {
        source.id: source.publisher or (source.locality or source.title).partition(",")[0]
        for source in kb.sources.values()
    }
    seen = Counter(short.values())
    return {source: label if seen[label] == 1 else source_label(kb, source) for source, label in short.items()}


def shade(count: int, most: int) -> int:
    """Return 0 for none, else a step from 1 to 3 by how near the count comes to the largest."""
    return -(-count * _SHADES // most) if count else 0


def _chosen(name: str, known: Collection[Choice]) -> Choice:
    """Return the value of a parameter that has to be one of these; the first of them, if it is not given."""
    value = request.args.get(name)
    for choice in known:
        if value in {None, "", choice}:
            return choice
    raise BadParameters(
        [FieldError(name, f"unknown value {shown(value or '')}; it must be one of: {', '.join(known)}")]
    )


def _articles(kb: KnowledgeBase) -> Articles | None:
    """Return the two articles that were chosen, the same one twice for contradictions within it; or `None`."""
    values = [value for value in request.args.getlist("article") if value]
    errors = [FieldError("article", f"unknown value {shown(value)}") for value in values if value not in kb.sources]
    if not values:
        return None
    if not errors and len(values) != _TWO:
        errors = [FieldError("article", "name two articles, or the same one twice for contradictions within it")]
    if errors:
        raise BadParameters(errors)
    return min(values), max(values)


def _most_common(kb: KnowledgeBase) -> tuple[Verdict, int] | None:
    counts = Counter(claim.verdict for claim in kb.claims.values()).most_common(1)
    return counts[0] if counts else None


def _said_by(kb: KnowledgeBase, pair: Pair, place: int) -> list[str]:
    """Return the articles on file that make the first (0) or second (1) claim of a pair."""
    made = {occurrence.source for occurrence in pair.claims[place].occurrences}
    return [source for source in kb.sources if source in made]


def _side_by_side(blocks: Sequence[Block], sources: tuple[str, ...]) -> list[Picture]:
    """Return the pictures of all blocks in one row, each beginning where the one before it ends."""
    pictures: list[Picture] = []
    left = 0
    for block in blocks:
        pictures.append(drawing.picture(block, sources, MOST_ROWS, left))
        left += pictures[-1].width + _GAP
    return pictures
