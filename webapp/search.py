"""The search page: claims by words and filters, everything in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from kb import words
from kb.library.gaps import MAX_CHARS as LONGEST_GAP
from kb.model import RelationType, Verdict
from webapp import narrowing, sample
from webapp.cards import Card, card
from webapp.headers import forget_etag
from webapp.marking import MAX_TEXT as LONGEST_MARKED
from webapp.params import MAX_TEXT, search_query
from webapp.reading import crossings, knowledge_base, library

if TYPE_CHECKING:
    import datetime as dt

    from kb.model import Caveat, Claim, KnowledgeBase
    from kb.search.base import Hit, Page, Query
    from webapp.sample import Sample

blueprint = Blueprint("search", __name__)

LONG = 500
"""Characters of a pasted text from which on it does not stand in a link for each order and each other word: the page
would be made of little else."""

MOST_RELATED = 2
"""How many of the claims found a result is said to be related to."""

EXPORTS = (("CSV", "csv"), ("JSON", "json"), ("JSON lines", "jsonl"))
"""The forms in which a result set can be taken away, with the endings of their addresses."""


class Result:
    """A hit as the page shows it: the claim in brief, what contradicts it, and where the words typed were found."""

    def __init__(self, kb: KnowledgeBase, hit: Hit, changed: dt.date | None) -> None:
        found = self.card = card(kb, kb.claims[hit.id])
        self.contradicting = _contradicting(found.claim)
        self.related = [kb.claims[other] for other in hit.related[:MOST_RELATED] if other in kb.claims]
        """Why it is there, where it has none of the words."""
        self.changed = changed
        highlights = hit.highlights
        title = next(iter(highlights.get("claim", ())), None)
        whole = title is not None and title.text == found.claim.claim
        self.title = title if whole else None
        """The claim itself with its matches; `None` where nothing in it matched."""
        self.elsewhere = [
            (name, fragment) for name in ("caveats", "evidence") for fragment in highlights.get(name, ())[:1]
        ]
        asked = next(iter(highlights.get("asked", ())), None)
        more = asked is not None and len(asked.spans) > (len(title.spans) if title else 0)
        self.asked = asked if more else None
        """How people ask for it, where that has more of the words than the claim itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """A claim that a pasted text makes, and what in the text says so."""

    card: Card
    reasons: tuple[str, ...]
    certain: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class Widened:
    """Other words that were looked for as well: for what was typed, and the address without them, if it is offered."""

    typed: str
    label: str
    url: str | None


@blueprint.get("/")
def results() -> str:
    """Show the results of a search; without words or filters, all claims."""
    kb = knowledge_base()
    query = search_query(request.args, kb, facets=narrowing.SHOWN_FILTERS)
    page = library().search(query)
    start = not query.text and not query.filters and query.page == 1
    made = _made(kb, page) if query.page == 1 else []
    return render_template(
        "search.html",
        query=query,
        page=page,
        made=made,
        results=_results(kb, query, page),
        answering=_answering(kb, query, page),
        nearest=_nearest(kb, query) if not page.total else [],
        missing=_missing(query, page, made),
        marked=query.text if len(query.text) <= LONGEST_MARKED else None,
        cut=len(request.args.get("q", "")) > MAX_TEXT,
        reading=_reading(page),
        widened=_widened(query, page),
        put_back=_put_back(query, page),
        meant=narrowing.address(replace(query, text=page.suggestion)) if page.suggestion and not page.mended else None,
        first=(page.page - 1) * page.per_page + 1,
        groups=narrowing.groups(kb, query, page),
        caveat_group=narrowing.caveat_group(kb, query, page),
        theme_groups=narrowing.theme_groups(kb, query, page),
        chips=narrowing.chips(kb, query),
        orders=narrowing.orders(query) if len(query.text) <= LONG else [],
        exports=_exports(query),
        parameters=narrowing.parameters(query),
        address=lambda **change: narrowing.address(query, **change),
        behind=library().index_info().behind,
        overview=_overview() if start else None,
        sample=_sample(kb) if start else None,
    )


def _sample(kb: KnowledgeBase) -> Sample | None:
    """Return the example that is audited; without that of this very state, the page must be asked for again."""
    found = sample.latest(kb)
    if found is None or found is not sample.current(kb):
        forget_etag()
    return found


def _exports(query: Query) -> list[tuple[str, str]]:
    """Return the forms in which these results can be taken away, with their addresses."""
    return [(name, narrowing.export_address(query, ending)) for name, ending in EXPORTS]


def _results(kb: KnowledgeBase, query: Query, page: Page) -> list[Result]:
    """Return the hits with their claims; one that the index still has and the files no longer have is left out."""
    dated = query.sort == "changed"
    return [Result(kb, hit, _changed(hit) if dated else None) for hit in page.hits if hit.id in kb.claims]


def _changed(hit: Hit) -> dt.date | None:
    changed = library().changed("claim", hit.id)
    return changed.date() if changed else None


def _made(kb: KnowledgeBase, page: Page) -> list[Made]:
    """Return the claims that a pasted text makes, as the library ranked them."""
    return [
        Made(card(kb, kb.claims[match.id]), match.reasons, match.certain, match.denied)
        for match in page.matches
        if match.id in kb.claims
    ]


def _answering(kb: KnowledgeBase, query: Query, page: Page) -> list[Caveat]:
    """Return the caveats that answer the words themselves; they stand before all claims, and not before some."""
    if query.page > 1 or query.filters:
        return []
    return [kb.caveats[caveat_id] for caveat_id in page.caveats if caveat_id in kb.caveats]


def _nearest(kb: KnowledgeBase, query: Query) -> list[Card]:
    """Return the claims nearest to a search that found nothing."""
    return [card(kb, kb.claims[hit.id]) for hit in library().nearest(query) if hit.id in kb.claims]


def _missing(query: Query, page: Page, made: list[Made]) -> str | None:
    """Return what can be recorded as missing here: what was typed, where it found nothing or nothing certain."""
    found = page.total and not page.reading.any_word
    if not query.text or query.filters or query.page > 1 or found or any(item.certain for item in made):
        return None
    return query.text[:LONGEST_GAP]


def _reading(page: Page) -> str:
    """Return in one line how the text was read; what it was widened by is shown beside it."""
    terms = tuple(replace(term, widened=()) for term in page.reading.terms)
    return str(replace(page.reading, terms=terms))


def _widened(query: Query, page: Page) -> list[Widened]:
    """Return the concepts that widened the search, each with the words that it stands for."""
    labels: dict[str, str] = {}
    typed: dict[str, list[str]] = {}
    for text, widening in page.reading.widenings:
        labels[widening.concept] = widening.label
        typed.setdefault(widening.concept, []).append(text)
    return [
        _named(
            " ".join(typed[concept]),
            label,
            narrowing.address(query, nowiden=concept) if len(query.text) <= LONG else None,
        )
        for concept, label in labels.items()
    ]


def _named(typed: str, label: str, url: str | None) -> Widened:
    """Return a widening in words that say something where a concept is called just what was typed."""
    return Widened(typed, "its other names" if typed.casefold() == label.casefold() else label, url)


def _put_back(query: Query, page: Page) -> list[tuple[str, str]]:
    """Return the concepts that were told not to widen, each with the address that lets it again."""
    return [
        (widening.label, narrowing.address(query, without=("nowiden", widening.concept)))
        for widening in page.reading.unwidened
    ]


def _contradicting(claim: Claim) -> list[Claim]:
    """Return the claims on file that cannot be true together with this one."""
    known = crossings()
    relations = [relation for relation in known.relations(claim) if relation.type is RelationType.CONTRADICTS]
    return [known.kb.claims[relation.claim] for relation in relations if relation.claim in known.kb.claims]


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
