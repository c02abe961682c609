"""From what an engine matched to the page that is shown: fallback, filters, counts, order, paging, highlights.

An engine that runs in this process only says which rows a plan matches and how well (`Find`); the rest is here.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from kb.search.analysis import analyse
from kb.search.base import Hit, Page, no_changes
from kb.search.completing import Completer
from kb.search.documents import Table
from kb.search.highlight import Highlighter
from kb.search.lexicon import Lexicon
from kb.search.pasted import Pasted, is_pasted
from kb.search.query import parse
from kb.search.widen import Plan, Vocabulary
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes, Completion, Match, Query

NEAREST = 5
"""How many claims are offered where nothing was found."""


class Find(Protocol):
    """How an engine answers: row → score, for rows with all clauses wanted (or any) and none unwanted."""

    def __call__(self, plan: Plan, *, any_word: bool) -> Mapping[int, float]:
        """Return every matching row; called only for plans that ask for something."""
        ...


class Corpus:
    """A knowledge base made ready for search: its vocabulary, its rows, its terms. Threads may share it."""

    def __init__(self, kb: KnowledgeBase, changed: Changes = no_changes) -> None:
        self.digest = kb.digest
        self.vocabulary = Vocabulary(kb.concepts)
        self.table = Table(kb, self.vocabulary, changed)
        self._kb = kb

    def analysed(self) -> Iterator[Analysed]:
        """Yield the terms of every document, by row: what an engine indexes."""
        return (analyse(document, self.vocabulary) for document in self.table.documents())

    def answer(self, query: Query, find: Find) -> Page:
        """Read the query, let the engine find it, and make the page that was asked for."""
        plan = self.vocabulary.plan(parse(query.text), query.unwidened)
        scores, any_word = self._matched(plan, find)
        found = self.table.narrow(scores.keys(), query.filters)
        rows = self.table.ordered(found, query.sort, scores)
        first = (query.page - 1) * query.per_page
        return Page(
            hits=self._hits(plan, rows[first : first + query.per_page], scores),
            total=len(rows),
            page=query.page,
            per_page=query.per_page,
            facets={name: self._counts(query, name, scores.keys()) for name in query.facets},
            reading=plan.reading.falling_back() if any_word else plan.reading,
            matches=self.match(query.text, find) if is_pasted(query.text) else (),
        )

    def match(self, text: str, find: Find) -> tuple[Match, ...]:
        """Return the claims that a pasted text makes."""
        return self._pasted.match(text, lambda pasted: self._alike(pasted, find))

    def nearest(self, query: Query, find: Find) -> tuple[Hit, ...]:
        """Return the claims that have most of a query's words, whatever its filters and exclusions are."""
        plan = self.vocabulary.plan(parse(query.text), query.unwidened)
        scores = find(plan, any_word=True) if plan.wanted else {}
        return self._hits(plan, self.table.ordered(scores.keys(), "relevance", scores)[:NEAREST], scores)

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what somebody who has typed so far may mean."""
        return self._completer.complete(text, limit)

    @cached_property
    def _pasted(self) -> Pasted:
        return Pasted(self._kb)

    @cached_property
    def _completer(self) -> Completer:
        return Completer(self._kb, self._lexicon)

    @cached_property
    def _lexicon(self) -> Lexicon:
        counts = Counter(
            word
            for document in self.table.documents()
            for word in {token.word for text in chain(*document.texts.values()) for token in tokens(text)}
            if word[0].isalpha()
        )
        return Lexicon(counts)

    def _alike(self, text: str, find: Find) -> dict[str, float]:
        plan = self.vocabulary.plan(parse(text))
        scores = find(plan, any_word=True) if plan.wanted else {}
        return {self.table.ids[row]: score for row, score in scores.items()}

    def _matched(self, plan: Plan, find: Find) -> tuple[Mapping[int, float], bool]:
        """Return the matching rows, filters not regarded, and whether they have only some of the words."""
        if plan.asks_nothing:
            return dict.fromkeys(range(len(self.table)), 0.0), False
        scores = find(plan, any_word=False)
        if scores or len(plan.wanted) < 2:  # noqa: PLR2004 - with one word, all words and any word are the same
            return scores, False
        scores = find(plan, any_word=True)
        return scores, bool(scores)

    def _counts(self, query: Query, name: str, matched: Collection[int]) -> dict[str, int]:
        rows = self.table.narrow(matched, query.filters, besides=name)
        return self.table.counts(name, rows, always=query.filters.get(name, ()))

    def _hits(self, plan: Plan, rows: Sequence[int], scores: Mapping[int, float]) -> tuple[Hit, ...]:
        highlighter = Highlighter(plan, self.vocabulary)
        return tuple(
            Hit(self.table.ids[row], scores[row], highlighter.highlights(self.table.document(row))) for row in rows
        )
