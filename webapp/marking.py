"""Marks on the page of a claim what was searched for: the words, and the words of the concepts that widened them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.search.base import Fragment, Query
from kb.search.highlight import merged
from kb.text.tokens import tokens
from webapp.reading import desk, library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.search.base import Reading
    from kb.text.concepts import ConceptFinder
    from kb.text.tokens import Token

MAX_TEXT = 200
"""A longer search is a pasted text; to mark all of its words would mark nearly everything."""


class Marker:
    """Marks any text; call it with one."""

    def __init__(self, reading: Reading, finder: ConceptFinder) -> None:
        wanted = [term for term in reading.terms if not term.excluded]
        rows = [tuple(token.stem for token in tokens(term.text)) for term in wanted]
        self._rows = [row for row in dict.fromkeys(rows) if row]
        self._concepts = {widening.concept for term in wanted for widening in term.widened}
        self._finder = finder

    def __call__(self, text: str) -> Fragment:
        """Return the whole text with the stretches that match."""
        found = tokens(text)
        hits = self._finder.find(found) if self._concepts else ()
        spans = [(hit.start, hit.end) for hit in hits if hit.concept in self._concepts]
        return Fragment(text, merged([*spans, *self._typed(found)]))

    def _typed(self, found: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
        stems = [token.stem for token in found]
        for row in self._rows:
            for first in range(len(stems) - len(row) + 1):
                if tuple(stems[first : first + len(row)]) == row:
                    yield found[first].start, found[first + len(row) - 1].end


def marker(text: str) -> Marker | None:
    """Return what marks the words of a search, read as the search page reads them; `None` where nothing is to mark."""
    if not text or len(text) > MAX_TEXT:
        return None
    return Marker(library().search(Query(text, per_page=1)).reading, desk().finder())
