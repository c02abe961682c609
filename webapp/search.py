"""The search page: claims by words and filters, everything in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from kb.model import Verdict
from webapp import narrowing, words
from webapp.cards import Card, card
from webapp.params import search_query
from webapp.reading import crossings, knowledge_base, library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import KnowledgeBase
    from kb.search.base import Fragment, Hit, Page

blueprint = Blueprint("search", __name__)


class Result:
    """A hit as the page shows it: the claim in brief, and where the words typed were found."""

    def __init__(self, found: Card, highlights: Mapping[str, tuple[Fragment, ...]]) -> None:
        self.card = found
        title = next(iter(highlights.get("claim", ())), None)
        whole = title is not None and title.text == found.claim.claim
        self.title = title if whole else None
        """The claim itself with its matches; `None` where nothing in it matched."""
        self.elsewhere = [
            (name, fragment) for name in ("caveats", "evidence") for fragment in highlights.get(name, ())[:1]
        ]


@blueprint.get("/")
def results() -> str:
    """Show the results of a search; without words or filters, all claims."""
    kb = knowledge_base()
    query = search_query(request.args, kb, facets=narrowing.SHOWN_FILTERS)
    page = library().search(query)
    start = not query.text and not query.filters and query.page == 1
    return render_template(
        "search.html",
        query=query,
        page=page,
        results=_results(kb, page),
        first=(page.page - 1) * page.per_page + 1,
        groups=narrowing.groups(kb, query, page),
        theme_groups=narrowing.theme_groups(kb, query, page),
        chips=narrowing.chips(kb, query),
        orders=narrowing.orders(query),
        parameters=narrowing.parameters(query),
        address=lambda **change: narrowing.address(query, **change),
        behind=library().index_info().behind,
        overview=_overview() if start else None,
    )


def _results(kb: KnowledgeBase, page: Page) -> list[Result]:
    """Return the hits with their claims; one that the index still has and the files no longer have is left out."""
    return [_result(kb, hit) for hit in page.hits if hit.id in kb.claims]


def _result(kb: KnowledgeBase, hit: Hit) -> Result:
    return Result(card(kb, kb.claims[hit.id]), hit.highlights)


def _overview() -> list[tuple[str, str, int, int]]:
    """Return (verdict, label, count, count of all before it) for the bar on the start page."""
    claims = crossings().kb.claims.values()
    bars = []
    before = 0
    for verdict in Verdict:
        count = sum(claim.verdict is verdict for claim in claims)
        if count:
            bars.append((verdict.value, words.VERDICTS[verdict].label, count, before))
        before += count
    return bars
