"""Entries help each other: who finds a claim probably wants what its editor set beside it, and what is most like it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from heapq import nsmallest
from math import log, sqrt
from typing import TYPE_CHECKING

from kb.search.about import OnThemes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.model import Claim, KnowledgeBase
    from kb.search.documents import Table
    from kb.search.matching import Scores

LENT = 0.1
"""What share of its score an entry lends to each related one; both keep their own."""

LEADERS = 3
"""How many of the best entries lend to their kin as well."""

KIN_LENT = 0.4
"""What share of its score a leader lends to an entry that is marked just like it; to others as much less.

Only to those that were found: of kin alone nobody could tell why it is shown.
"""

TOPIC = 0.15
"""What share of the best score an entry gets whose themes are all those that the text is about; others as much less.

Only those that were found get it.
"""

_COMMON = 0.25
"""A mark that a larger share of the entries has says nothing about any of them."""

_REMEMBERED = 320_000
"""Of how many pairs the kin stays at hand (some 30 MB): all of a small knowledge base, 32 leaders of 10,000 entries."""


class Kin:
    """How much entries have in common of what their editors gave them, whatever words they use.

    That is their themes, caveats, references, type and the concepts of their rules: the cosine of these marks, a rare
    mark counting more than a common one.
    """

    def __init__(self, kb: KnowledgeBase, table: Table) -> None:
        marks = [sorted(set(_marks(kb.claims[claim_id]))) for claim_id in table.ids]
        counts = Counter(mark for found in marks for mark in found)
        telling = {mark: log(len(marks) / n) ** 2 for mark, n in counts.items() if 1 < n <= _COMMON * len(marks)}
        alone = log(len(marks)) ** 2 if marks else 0.0
        self._weights = telling
        self._marks = [tuple(mark for mark in found if mark in telling) for found in marks]
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._lengths: list[float] = []
        for row, found in enumerate(marks):
            self._lengths.append(sqrt(sum(telling.get(mark, alone if counts[mark] == 1 else 0.0) for mark in found)))
            for mark in self._marks[row]:
                self._rows[mark].append(row)
        self.of = lru_cache(maxsize=_REMEMBERED // max(len(marks), 1))(self._of)
        """Row → how much kin each other row is, from 0 to 1."""

    def _of(self, row: int) -> Mapping[int, float]:
        common: dict[int, float] = defaultdict(float)
        for mark in self._marks[row]:
            weight = self._weights[mark]
            for other in self._rows[mark]:
                common[other] += weight
        common.pop(row, None)
        length, lengths = self._lengths[row], self._lengths
        return {other: weight / (length * lengths[other]) for other, weight in common.items()}


def _marks(claim: Claim) -> Iterator[str]:
    yield f"type:{claim.type}"
    yield from (f"theme:{theme}" for theme in claim.themes)
    yield from (f"caveat:{owed.caveat}" for owed in claim.caveats)
    yield from (f"reference:{line.reference}" for line in claim.evidence)
    yield from (f"concept:{concept}" for rule in claim.recognise for concept in (*rule.all, *rule.any))


class Related:
    """Which rows are related, in whatever way and in both directions, and which are kin."""

    def __init__(self, kb: KnowledgeBase, table: Table) -> None:
        related: dict[int, set[int]] = defaultdict(set)
        for claim in kb.claims.values():
            for relation in claim.related:
                if relation.claim in kb.claims:
                    one, other = table.row(claim.id), table.row(relation.claim)
                    related[one].add(other)
                    related[other].add(one)
        # in order, so that sums of the same numbers are the same to the last digit
        self._related: Mapping[int, tuple[int, ...]] = {row: tuple(sorted(related[row])) for row in sorted(related)}
        self._kin = Kin(kb, table)
        self._on = OnThemes(kb, table)

    def of(self, row: int) -> tuple[int, ...]:
        """Return the rows that a row is related to, in whatever way and in either direction."""
        return self._related.get(row, ())

    def lend(self, scores: Scores, *, beyond: bool, themes: frozenset[str] = frozenset()) -> Scores:
        """Return the scores with what others lend; rows that were not found come in if `beyond`, and are related.

        `themes` are those that the text is about.
        """
        lent = dict(scores)
        for row, others in self._related.items():
            if row in scores:
                for other in others:
                    if beyond or other in scores:
                        lent[other] = lent.get(other, 0.0) + LENT * scores[row]
        leaders = nsmallest(LEADERS, lent.items(), key=lambda item: (-item[1], item[0]))
        for row, score in leaders:
            for other, share in self._kin.of(row).items():
                if other in lent:
                    lent[other] += KIN_LENT * share * score
        best = max(lent.values(), default=0.0)
        for row, share in self._on.shares(scores, themes).items() if themes else ():
            lent[row] += TOPIC * share * best
        return lent
