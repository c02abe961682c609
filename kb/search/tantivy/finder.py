"""A finder over an index of tantivy, and over small ones of the claims that have changed since.

What was built is never changed. Claims that are others now are left out of it, and kept in indexes in memory. Of these
too none is changed: a change makes a new one, into which small ones before it go, so that there are few. Scores are
fixed by this program and not by any index, so the answers of all go together.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kb.search.documents import most_frequent_first
from kb.search.lending import related, related_anew
from kb.search.lexicon import Lexicon
from kb.search.question import Found
from kb.search.revising import affordable
from kb.search.tantivy.asking import Asking, ranks
from kb.search.tantivy.entries import Entries
from kb.search.tantivy.shelf import Shelf, Told, as_unavailable, in_memory
from kb.search.wording import less

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import tantivy

    from kb.model import KnowledgeBase
    from kb.search.answer import Corpus
    from kb.search.question import Question
    from kb.search.tantivy.entries import Entry

_FEW = 256
"""Where more claims than these are others, the index is built anew when there is time."""

_SMALL = 16
"""An index of no more claims than these goes into the next one: to make one takes as long as to put so many into it."""

_TIMES = 3
"""So does one that has no more than so many times the claims of the next."""


class Part(NamedTuple):
    """An index in memory, of claims that have changed."""

    shelf: Shelf
    entries: Mapping[str, Entry]
    """Those of its claims that have not changed again."""
    gone: tuple[str, ...] = ()
    """Those that have."""

    def without(self, claim_ids: Collection[str]) -> Part:
        """Return the same, less some claims."""
        again = [claim_id for claim_id in self.entries if claim_id in claim_ids]
        if not again:
            return self
        entries = {claim_id: entry for claim_id, entry in self.entries.items() if claim_id not in claim_ids}
        return Part(self.shelf, entries, (*self.gone, *again))


class TantivyFinder:
    """Finds the claims of one state. Threads may share it."""

    knows_relations = True

    def __init__(
        self,
        corpus: Corpus,
        built: Shelf,
        words: Mapping[str, int],
        parts: tuple[Part, ...] = (),
        *,
        gone: Collection[str] = (),
    ) -> None:
        """Take what was built, the words of this state, and the indexes of claims that are others since then.

        `gone` are claims of what was built that count no more.
        """
        self._corpus = corpus
        self._built = built
        self._words = words
        self._parts = parts
        self._gone = tuple(sorted(gone))
        self._own = {claim_id: entry for part in parts for claim_id, entry in part.entries.items()}
        self._shelves = ((built, self._gone), *((part.shelf, part.gone) for part in parts))
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
        first, *others = [shelf.facets(query, names) for shelf, query in self._asked(question)]
        if not others:
            return {name: most_frequent_first(first[name]) for name in names}
        counts = {name: Counter(first[name]) for name in names}
        for found in others:
            for name in names:
                counts[name].update(found[name])
        return {name: most_frequent_first(counts[name]) for name in names}

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
        parts = [part for part in (part.without(touched) for part in self._parts) if part.entries]
        if not affordable(sum(len(part.entries) for part in parts) + len(touched), len(claims)):
            return None
        words, fresh = Counter(self._words), {}
        for entry in Entries(corpus, beside, self._built.mean).of(sorted(touched & claims.keys())):
            fresh[entry.document.id] = entry
            words.update(entry.analysed.words)
        for each in told.values():
            less(words, each.words)
        gone = {*self._gone, *(known & touched)}
        finder = TantivyFinder(corpus, self._built, words, _with(parts, fresh, self._built), gone=gone)
        finder._relations = beside
        return finder

    def _relations_in(self, kb: KnowledgeBase, anew: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Return claim → those that it is related to in another state."""
        return related_anew(self._relations, self._corpus.kb.claims, kb.claims, anew)

    @cached_property
    def _relations(self) -> Mapping[str, tuple[str, ...]]:
        return related(self._corpus.kb.claims.values())

    def _told(self, claim_id: str) -> Told:
        entry = self._own.get(claim_id)
        return Told(entry.analysed.words, entry.beside) if entry else self._built.told(claim_id)

    def _asked(self, question: Question) -> Iterator[tuple[Shelf, tantivy.Query]]:
        with as_unavailable():
            asked = [(shelf, self._asking.query(question, gone)) for shelf, gone in self._shelves]
        return iter(asked)

    def _frequencies(self, term: str) -> list[int]:
        return [sum(counts) for counts in zip(*(shelf.frequencies(term) for shelf, _ in self._shelves), strict=True)]


def _with(parts: list[Part], fresh: dict[str, Entry], built: Shelf) -> tuple[Part, ...]:
    """Return parts with one more of fresh entries, and of those in the last parts where these are not much larger."""
    kept = list(parts)
    while fresh and kept and len(kept[-1].entries) <= max(_SMALL, _TIMES * len(fresh)):
        fresh = {**kept.pop().entries, **fresh}
    return (*kept, Part(in_memory(built, fresh), fresh)) if fresh else tuple(kept)
