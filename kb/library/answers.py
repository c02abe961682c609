"""The answer to a search as plain data: what `kb search --json` prints and `/api/v1/search` wraps."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from kb.errors import KbError
from kb.model import CertaintyLevel, ClaimType, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kb.library.front import Library
    from kb.model import Caveat, Claim, KnowledgeBase
    from kb.search.base import Hit, Match, Query


def filter_values(kb: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """Return every value that each filter of a search may have in this knowledge base."""
    return {
        "theme": tuple(kb.theme_descriptions),
        "type": tuple(ClaimType),
        "verdict": tuple(Verdict),
        "certainty": tuple(CertaintyLevel),
        "source": tuple(kb.sources),
        "status": tuple(Status),
        "caveat": tuple(kb.caveats),
    }


def check_filters(kb: KnowledgeBase, filters: Mapping[str, Sequence[str]]) -> None:
    """Raise `KbError` for a value that no claim could have, so that a typing error is not "nothing found"."""
    for name, known in filter_values(kb).items():
        for value in filters.get(name, ()):
            if value not in known:
                message = f"no {name} is called {value!r}{_instead(value, known)}"
                raise KbError(message)


def _instead(value: str, known: Collection[str]) -> str:
    """Offer what may have been meant: the nearest values, or all of a short list."""
    near = difflib.get_close_matches(value, known)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; it must be one of: {', '.join(known)}" if len(known) <= len(ClaimType) else ""


def search_answer(library: Library, query: Query) -> dict[str, Any]:
    """Search and return the page as plain data. Claims that are gone since the index was built are left out."""
    page = library.search(query)
    nearest = () if page.total else library.nearest(query)
    kb = library.kb
    return {
        "total": page.total,
        "query": query.text,
        "hits": [_hit(kb, kb.claims[hit.id], hit) for hit in page.hits if hit.id in kb.claims],
        "facets": {facet: dict(counts) for facet, counts in page.facets.items()},
        "suggestion": page.suggestion,
        "mended": page.mended,
        "reading": str(page.reading),
        "widened": [
            {"text": text, "concept": widening.concept, "label": widening.label}
            for text, widening in page.reading.widenings
        ],
        "unwidened": sorted(query.unwidened),
        "matches": [_match(kb.claims[match.id], match) for match in page.matches if match.id in kb.claims],
        "caveats": [_caveat(kb.caveats[caveat_id]) for caveat_id in page.caveats if caveat_id in kb.caveats],
        "nearest": [_hit(kb, kb.claims[hit.id], hit) for hit in nearest if hit.id in kb.claims],
        "sort": query.sort,
        "page": page.page,
        "pages": page.pages,
        "per_page": page.per_page,
    }


def _match(claim: Claim, match: Match) -> dict[str, Any]:
    return {
        "id": claim.id,
        "score": match.score,
        "claim": claim.claim,
        "certain": match.certain,
        "denied": match.denied,
        "reasons": list(match.reasons),
    }


def _caveat(caveat: Caveat) -> dict[str, Any]:
    return {"id": caveat.id, "short": caveat.short, "caveat": caveat.caveat, "status": caveat.status.value}


def _hit(kb: KnowledgeBase, claim: Claim, hit: Hit) -> dict[str, Any]:
    return {
        "id": claim.id,
        "score": round(hit.score, 6),
        "claim": claim.claim,
        "type": claim.type.value,
        "themes": list(claim.themes),
        "status": claim.status.value,
        "verdict": claim.verdict.value,
        "certainty": claim.certainty.level.value if claim.certainty else None,
        "caveats": [
            {
                "id": owed.caveat,
                "near": owed.near.value,
                "short": kb.caveats[owed.caveat].short if owed.caveat in kb.caveats else owed.caveat,
            }
            for owed in claim.caveats
        ],
        "sources": sorted({occurrence.source for occurrence in claim.occurrences}),
        "highlights": {
            field: [{"text": fragment.text, "spans": [list(span) for span in fragment.spans]} for fragment in fragments]
            for field, fragments in hit.highlights.items()
        },
        "related": list(hit.related),
    }
