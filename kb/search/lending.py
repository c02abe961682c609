"""Related entries help each other: who finds a claim probably wants what its editor set beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import KnowledgeBase
    from kb.search.documents import Table
    from kb.search.matching import Scores

LENT = 0.1
"""What share of its score an entry lends to each related one; both keep their own."""


class Related:
    """Which rows are related, in whatever way and in both directions."""

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

    def lend(self, scores: Scores, *, beyond: bool) -> Scores:
        """Return the scores with what related rows lend; rows that were not found only come in by it if `beyond`."""
        lent = dict(scores)
        for row, others in self._related.items():
            if row in scores:
                for other in others:
                    if beyond or other in scores:
                        lent[other] = lent.get(other, 0.0) + LENT * scores[row]
        return lent
