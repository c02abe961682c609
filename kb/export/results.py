"""The whole result set of a search in its order, not only one page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.search.base import MAX_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.model import Claim, KnowledgeBase
    from kb.search.base import Page, Query


def found(search: Callable[[Query], Page], kb: KnowledgeBase, query: Query) -> tuple[Claim, ...]:
    """Return every claim that a search finds, each once, in the order of the results; its page does not matter.

    Claims that the index still has and the files no longer have are left out.
    """
    ids: dict[str, None] = {}
    number = 1
    while True:
        page = search(replace(query, page=number, per_page=MAX_PER_PAGE, facets=()))
        ids.update(dict.fromkeys(hit.id for hit in page.hits))
        if number >= page.pages:
            return tuple(kb.claims[claim_id] for claim_id in ids if claim_id in kb.claims)
        number += 1
