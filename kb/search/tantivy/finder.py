"""A finder over an index of tantivy, and over a second, small one of the claims that have changed since.

What was built is never changed. Claims that are others now are left out of it, and kept in an index in memory which is
made anew with each change. Scores are fixed by this program and not by either index, so answers of both go together.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from kb.errors import IndexUnavailable
from kb.search.lending import related
from kb.search.lexicon import Lexicon
from kb.search.question import Found
from kb.search.revising import affordable
from kb.search.tantivy.asking import Asking, ranks
from kb.search.tantivy.entries import LAST, SHARES, Entries
from kb.search.wording import less

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.answer import Corpus
    from kb.search.question import Question
    from kb.search.tantivy.entries import Entry

_FEW = 256
"""Where more claims than these are others, the index is built anew when there is time."""

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


class TantivyFinder:
    """Finds the claims of one state. Threads may share it."""

    knows_relations = True

    def __init__(
        self,
        corpus: Corpus,
        built: Shelf,
        words: Mapping[str, int],
        own: Mapping[str, Entry] | None = None,
        *,
        gone: Collection[str] = (),
    ) -> None:
        """Take what was built, the words of this state, and the entries of claims that are others since then.

        `gone` are claims of what was built that count no more.
        """
        self._corpus = corpus
        self._built = built
        self._words = words
        self._own = dict(own or {})
        self._gone = tuple(sorted(gone))
        self._added = _added(built, self._own) if self._own else None
        self._shelves = (built, self._added) if self._added else (built,)
        self._asking = Asking(built.schema, Lexicon(words), self._frequencies, len(corpus.table))

    def find(self, question: Question, sort: str, number: int) -> Found:
        """Return the first claims in an order; equal ones stand by id."""
        if sort == "relevance" and not ranks(question):
            sort = "id"
        answers = [shelf.find(query, sort, number) for shelf, query in self._asked(question)]
        total = sum(count for _, count in answers)
        hits = answers[0][0] if len(answers) == 1 else sorted(hit for found, _ in answers for hit in found)[:number]
        return Found(tuple((claim_id, score) for _, claim_id, score in hits), total)

    def count(self, question: Question) -> int:
        """Return how many claims are found."""
        return sum(shelf.find(query, "id", 0)[1] for shelf, query in self._asked(question))

    def facets(self, question: Question, names: tuple[str, ...]) -> Mapping[str, Mapping[str, int]]:
        """Return facet → value → how many of the claims found have it; most frequent first, then by value."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        for shelf, query in self._asked(question):
            for name, found in shelf.facets(query, names).items():
                counts[name].update(found)
        return {name: dict(sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))) for name in names}

    def words(self) -> Mapping[str, int]:
        """Return the words of the entries, each with the number of claims that have it."""
        return self._words

    def close(self) -> None:
        """Leave the files to the others that may be reading them; they go with the last of these."""

    @property
    def worn(self) -> bool:
        """Whether so much has changed since it was built that it should be built anew."""
        return len(self._own) > _FEW

    def revised(self, corpus: Corpus, anew: frozenset[str]) -> TantivyFinder | None:
        """Return what finds in another state, in which the claims of `anew` are new, changed or gone."""
        claims, beside = corpus.kb.claims, self._relations_in(corpus.kb, anew)
        known = set(self._built.ids).difference(self._gone)
        # what stands near a claim is kept with it, so the claims beside a changed one are kept anew as well
        told = {claim_id: self._told(claim_id) for claim_id in anew if claim_id in self._own or claim_id in known}
        touched = set(anew).union(*(each.beside for each in told.values()), *(beside.get(each, ()) for each in anew))
        told |= {each: self._told(each) for each in touched - anew if each in self._own or each in known}
        own = {claim_id: entry for claim_id, entry in self._own.items() if claim_id not in touched}
        if not affordable(len(own) + len(touched), len(claims)):
            return None
        words = Counter(self._words)
        entries = Entries(corpus, beside, self._built.mean)
        for entry in entries.of(sorted(touched & claims.keys())):
            own[entry.document.id] = entry
            words.update(entry.analysed.words)
        for each in told.values():
            less(words, each.words)
        gone = {*self._gone, *(known & touched)}
        finder = TantivyFinder(corpus, self._built, words, own, gone=gone)
        finder._relations = beside
        return finder

    def _relations_in(self, kb: KnowledgeBase, anew: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Return claim → those that it is related to in another state."""
        before, after = self._corpus.kb.claims, kb.claims
        same = all(each in before and each in after and before[each].related == after[each].related for each in anew)
        return self._relations if same else related(kb.claims.values())

    @cached_property
    def _relations(self) -> Mapping[str, tuple[str, ...]]:
        return related(self._corpus.kb.claims.values())

    def _told(self, claim_id: str) -> Told:
        entry = self._own.get(claim_id)
        return Told(entry.analysed.words, entry.beside) if entry else self._built.told(claim_id)

    def _asked(self, question: Question) -> Iterator[tuple[Shelf, tantivy.Query]]:
        with as_unavailable():
            asked = [(self._built, self._asking.query(question, self._gone))]
            if self._added:
                asked.append((self._added, self._asking.query(question)))
        return iter(asked)

    def _frequencies(self, term: str) -> list[int]:
        return [sum(counts) for counts in zip(*(shelf.frequencies(term) for shelf in self._shelves), strict=True)]


def _added(built: Shelf, own: Mapping[str, Entry]) -> Shelf:
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
