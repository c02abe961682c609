"""The reference engine: BM25F over plain dictionaries, small enough to see that it is right.

It keeps nothing on disk, so it serves tests, small knowledge bases and every other engine's suite as the measure.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from math import log
from typing import TYPE_CHECKING

from kb.errors import IndexUnavailable
from kb.search.analysis import K1, B
from kb.search.answer import Corpus
from kb.search.base import IndexInfo, no_changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kb.model import KnowledgeBase
    from kb.search.analysis import Posting
    from kb.search.base import Changes, Completion, Hit, Match, Page, Query
    from kb.search.widen import Clause, Plan


class MemoryEngine:
    """Indexes a knowledge base each time it is opened; there is nothing to build beforehand."""

    def __init__(self, _folder: Path | None = None, changed: Changes = no_changes) -> None:
        """Take a folder like every engine; this one leaves it alone."""
        self._changed = changed

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Index the knowledge base and say what came of it; nothing is kept."""
        return self.open(kb).info

    def open(self, kb: KnowledgeBase) -> MemoryBackend:
        """Index the knowledge base in memory."""
        return MemoryBackend(Corpus(kb, self._changed))


class MemoryBackend:
    """An index in memory: term → row → posting."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._rows: range = range(len(self._corpus.table))
        self._postings: dict[str, dict[int, Posting]] = defaultdict(dict)
        self._lengths: list[int] = []
        for row, analysed in enumerate(self._corpus.analysed()):
            self._lengths.append(analysed.length)
            for term, posting in analysed.postings.items():
                self._postings[term][row] = posting
        self._mean_length = sum(self._lengths) / max(len(self._lengths), 1) or 1.0
        self._closed = False
        self.info = IndexInfo("memory", corpus.digest, len(self._rows), dt.datetime.now(dt.UTC))

    def search(self, query: Query) -> Page:
        """Answer a query; raise `IndexUnavailable` once closed."""
        return self._open_corpus().answer(query, self._match)

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted text makes."""
        return self._open_corpus().match(text, self._match)

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that come nearest to a query which found nothing."""
        return self._open_corpus().nearest(query, self._match)

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what somebody who has typed so far may mean."""
        return self._open_corpus().complete(text, limit)

    def _open_corpus(self) -> Corpus:
        if self._closed:
            raise IndexUnavailable("the search index has been closed")
        return self._corpus

    def close(self) -> None:
        """Refuse further searches."""
        self._closed = True

    def _match(self, plan: Plan, *, any_word: bool) -> Mapping[int, float]:
        wanted = [self._clause(clause) for clause in plan.wanted]
        unwanted = [self._clause(clause) for clause in plan.unwanted]
        if not wanted:
            rows = set(self._rows)
        elif any_word:
            rows = set().union(*wanted)
        else:
            rows = set(self._rows).intersection(*wanted)
        rows = rows.difference(*unwanted)
        return {row: sum(scores.get(row, 0.0) for scores in wanted) for row in rows}

    def _clause(self, clause: Clause) -> dict[int, float]:
        """Return row → score of the rows with these words in a row or one of the other terms."""
        scores = self._words_in_a_row(clause.stems)
        for term, weight in clause.others:
            for row, score in self._term(term).items():
                scores[row] = scores.get(row, 0.0) + weight * score
        return scores

    def _words_in_a_row(self, stems: tuple[str, ...]) -> dict[int, float]:
        each = [self._term(stem) for stem in stems]
        rows = set(each[0]).intersection(*each)
        return {row: sum(scores[row] for scores in each) for row in rows if self._in_a_row(stems, row)}

    def _in_a_row(self, stems: tuple[str, ...], row: int) -> bool:
        starts = set(self._postings[stems[0]][row].positions)
        for step, stem in enumerate(stems):
            starts &= {position - step for position in self._postings[stem][row].positions}
        return bool(starts)

    def _term(self, term: str) -> dict[int, float]:
        """Return row → BM25F score of one term."""
        postings = self._postings.get(term, {})
        rarity = log(1 + (len(self._rows) - len(postings) + 0.5) / (len(postings) + 0.5))
        scores = {}
        for row, posting in postings.items():
            held_back = K1 * (1 - B + B * self._lengths[row] / self._mean_length)
            scores[row] = rarity * posting.weight * (K1 + 1) / (posting.weight + held_back)
        return scores
