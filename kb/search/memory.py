"""The reference engine: postings in plain dictionaries, small enough to see that they are right.

It keeps nothing on disk, so it serves tests, small knowledge bases and every other engine's suite as the measure.
"""

from __future__ import annotations

import datetime as dt
from array import array
from typing import TYPE_CHECKING

from kb.search.answer import Corpus
from kb.search.base import IndexInfo, no_changes
from kb.search.revising import Revisable
from kb.search.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.model import KnowledgeBase
    from kb.search.base import Changes


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


class MemoryBackend(Revisable):
    """An index in memory: term → rows and weights."""

    def __init__(self, corpus: Corpus) -> None:
        documents = list(corpus.analysed())
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for row, document in enumerate(documents):
            for term, weight in document.terms.items():
                rows, weights = self._postings.setdefault(term, (array("l"), array("f")))
                rows.append(row)
                weights.append(weight)
        info = IndexInfo("memory", corpus.digest, len(documents), dt.datetime.now(dt.UTC))
        super().__init__(corpus, Wording.of(documents), info)

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, and its weight in each."""
        return self._postings.get(term, ((), ()))
