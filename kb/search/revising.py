"""An index of another state without building it: what was built whole, and beside it the few documents that differ.

An index that was built is never changed. What is asked of it here has the rows of claims that are others now taken
out, the rest numbered as claims lie by id now, and the rows of new documents put in. Numbers of entries, lengths and
frequencies are those of the new state, so the answers are those of an index built from nothing, to the last digit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from kb.search.analysis import analyse
from kb.search.indexed import Indexed
from kb.search.inputs import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.answer import Corpus
    from kb.search.base import IndexInfo
    from kb.search.matching import Postings
    from kb.search.wording import Wording

_FEW, _SHARE = 256, 8
"""Where more documents than these, and more than one in so many, would be others, the index is to be built anew."""


class Ground(NamedTuple):
    """An index as it was built: its claims by row, their wording, and its postings."""

    ids: Sequence[str]
    wording: Wording
    postings: Postings


def affordable(documents: int, rows: int) -> bool:
    """Tell whether so many documents may be others than those that were indexed."""
    return documents <= max(_FEW, rows // _SHARE)


class Revisable(Indexed):
    """An open index that gives the index of another state."""

    @property
    def ground(self) -> Ground:
        """What was built whole."""
        return Ground(self._table.ids, self._wording, self.postings)

    @property
    def own(self) -> Mapping[str, Analysed]:
        """The documents of claims that are new since then, or others."""
        return {}

    @property
    def worn(self) -> bool:
        """Whether so much has changed since it was built that the next start will take notice."""
        return len(self.own) > _FEW

    def updated(self, kb: KnowledgeBase, most: int | None = None) -> Revised | None:
        """Return the index of another state; `None` where it is better built, or `most` claims are not enough.

        This one goes on answering for its own state. Raises `IndexUnavailable` once closed.
        """
        self._refuse_closed()
        anew = changed(self._corpus.kb, kb)
        if anew is None or self._ranking is not None or (most is not None and len(anew) > most):
            return None
        own = {claim_id: document for claim_id, document in self.own.items() if claim_id not in anew}
        if not affordable(len(own) + len(anew), len(kb.claims)):
            return None
        return Revised(self.ground, self._corpus.revised(kb, anew), own, self.info, anew=anew, before=self)


class Revised(Revisable):
    """An index of which most was built for another state."""

    def __init__(
        self,
        ground: Ground,
        corpus: Corpus,
        own: Mapping[str, Analysed],
        info: IndexInfo,
        *,
        anew: frozenset[str],
        before: Indexed | None = None,
    ) -> None:
        """Take what was built, and the documents of claims that are others since, less those of `anew`."""
        table = corpus.table
        self._ground = ground
        self._own = dict(own)
        for claim_id in anew & corpus.kb.claims.keys():
            self._own[claim_id] = analyse(table.document(table.row(claim_id)), corpus.vocabulary)
        self._by_row = sorted((table.row(claim_id), document) for claim_id, document in self._own.items())
        self._moves = ground.ids != table.ids
        was: list[int | None] = list(map(_where(ground.ids).get, table.ids)) if self._moves else list(range(len(table)))
        for row, _ in self._by_row:
            was[row] = None
        self._now = _inverted(was, len(ground.ids)) if self._moves else []
        self._gone = sorted(set(range(len(ground.ids))).difference(was))
        wording = ground.wording.revised(was, dict(self._by_row))
        info = dataclasses.replace(info, digest=corpus.digest, documents=len(table), built_at=dt.datetime.now(dt.UTC))
        super().__init__(corpus, wording, info, before)

    @property
    def ground(self) -> Ground:
        """What was built whole."""
        return self._ground

    @property
    def own(self) -> Mapping[str, Analysed]:
        """The documents of claims that are new since then, or others."""
        return self._own

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, ascending, and its weight in each."""
        built, built_weights = self._ground.postings(term)
        rows, weights = array("l", built), array("f", built_weights)
        for row in self._gone:
            place = bisect_left(rows, row)
            if place < len(rows) and rows[place] == row:
                del rows[place], weights[place]
        if self._moves:
            rows = array("l", map(self._now.__getitem__, rows))
        for row, document in self._by_row:
            weight = document.terms.get(term)
            if weight is not None:
                place = bisect_left(rows, row)
                rows.insert(place, row)
                weights.insert(place, weight)
        return rows, weights


def _inverted(was: Sequence[int | None], number: int) -> list[int]:
    """Return for each of so many old rows which row it is now; -1 for those that are gone."""
    now = [-1] * number
    for row, old in enumerate(was):
        if old is not None:
            now[old] = row
    return now


def _where(ids: Sequence[str]) -> dict[str, int]:
    return {claim_id: row for row, claim_id in enumerate(ids)}
