"""One index of tantivy, open, and what it answers; on disk, or of a few claims and in memory."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from kb.errors import IndexUnavailable
from kb.search.tantivy.entries import LAST, SHARES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.search.tantivy.entries import Entry

_SMALLEST_HEAP = 15_000_000

_MOST_VALUES = 60_000
"""Tantivy counts no more different values than these at a time."""


class Told(NamedTuple):
    """What an index tells of a claim: its words, and what it was related to."""

    words: tuple[str, ...]
    beside: tuple[str, ...]


class Shelf:
    """One index, open."""

    def __init__(self, index: tantivy.Index, ids: Sequence[str], mean: float) -> None:
        """Take an index whose claims are numbered as these ids are, and how many words claims had on average."""
        with as_unavailable():
            index.config_reader("manual")
            index.reload()
            self.searcher = index.searcher()
        self.schema = index.schema
        self.ids = ids
        self.mean = mean

    def frequencies(self, term: str) -> list[int]:
        """Return how many claims have a term, by tier."""
        with as_unavailable():
            return [self.searcher.doc_freq("terms", f"{tier}{term}") for tier in range(len(SHARES))]

    def find(self, query: tantivy.Query, sort: str, number: int) -> tuple[list[tuple[float, str, float]], int]:
        """Return the first claims as (what they are ordered by, id, score), and how many there are."""
        limit = max(1, min(number, len(self.ids)))
        with as_unavailable():
            if sort == "relevance":
                answer = self.searcher.search(query, limit)
                hits = answer.hits[:number]
                numbers: Any = self.searcher.fast_field_values("number", [address for _, address in hits])
                found = [(-hit[0], self.ids[each], hit[0]) for hit, each in zip(hits, numbers, strict=True)]
            elif sort == "id":
                answer = self.searcher.search(query, limit, order_by_field="number", order=tantivy.Order.Asc)
                found = [(0.0, self.ids[each], 0.0) for each, _ in answer.hits[:number]]
            else:
                answer = self.searcher.search(query, limit, order_by_field=f"by_{sort}")
                found = [(-(key >> 32), self.ids[LAST - (key & LAST)], 0.0) for key, _ in answer.hits[:number]]
            return found, answer.count  # type: ignore[attr-defined]  # the stubs lack it

    def facets(self, query: tantivy.Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return facet → value → how many of the claims found have it."""
        asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}
        with as_unavailable():
            counted = self.searcher.aggregate(query, asked)
            return {name: {each["key"]: each["doc_count"] for each in counted[name]["buckets"]} for name in names}

    def told(self, claim_id: str) -> Told:
        """Return what is told of a claim."""
        with as_unavailable():
            query = tantivy.Query.term_query(self.schema, "id", claim_id, index_option="basic")
            _, address = self.searcher.search(query, 1).hits[0]
            kept = self.searcher.doc(address)
            words, beside = (bytes(kept[name][0]).decode().split() for name in ("words", "beside"))
        return Told(tuple(words), tuple(beside))


def in_memory(built: Shelf, own: Mapping[str, Entry]) -> Shelf:
    """Return an index in memory of some entries."""
    ids = tuple(sorted(own))
    with as_unavailable():
        index = tantivy.Index(built.schema)
        writer = index.writer(heap_size=_SMALLEST_HEAP, num_threads=1)
        for number, claim_id in enumerate(ids):
            writer.add_document(own[claim_id].made(number))
        writer.commit()
        writer.wait_merging_threads()
    return Shelf(index, ids, built.mean)


@contextlib.contextmanager
def as_unavailable() -> Iterator[None]:
    """Turn whatever tantivy raises over an index that it cannot read into `IndexUnavailable`."""
    try:
        yield
    except IndexUnavailable:
        raise
    except BaseException as error:
        # where tantivy gives up (a panic), what is raised is no Exception, and its class cannot be imported
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(f"the search index cannot be read ({type(error).__name__}: {error})") from error
