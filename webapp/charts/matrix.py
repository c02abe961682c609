"""Claims by articles: which article makes which claim, and how strongly at its strongest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kb.model import ClaimType, Strength
from webapp.charts.kept import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import Claim, KnowledgeBase

_ORDER = tuple(Strength)


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, and the strongest wording of each article that makes it."""

    claim: Claim
    strengths: Mapping[str, Strength]

    @property
    def rank(self) -> tuple[int, int, str]:
        """Claims that most articles make come first, then those worded most strongly."""
        strongest = sum(_ORDER.index(strength) for strength in self.strengths.values())
        return -len(self.strengths), -strongest, self.claim.id


@dataclass(frozen=True)
class Block:
    """The claims of one type, those made by most articles first."""

    type: ClaimType
    rows: tuple[Row, ...]

    @cached_property
    def totals(self) -> Counter[str]:
        """How many of these claims each article makes."""
        return Counter(source for row in self.rows for source in row.strengths)


@kept
def matrix(kb: KnowledgeBase) -> tuple[Block, ...]:
    """Return every claim in the block of its type; types without claims are left out, the largest comes first.

    Places in articles that are not on file count for nothing: there is no column to show them in.
    """
    rows: dict[ClaimType, list[Row]] = {kind: [] for kind in ClaimType}
    for claim in kb.claims.values():
        rows[claim.type].append(Row(claim, _strengths(kb, claim)))
    blocks = [Block(kind, tuple(sorted(found, key=lambda row: row.rank))) for kind, found in rows.items() if found]
    return tuple(sorted(blocks, key=lambda block: -len(block.rows)))


def _strengths(kb: KnowledgeBase, claim: Claim) -> dict[str, Strength]:
    found: dict[str, Strength] = {}
    for place in claim.occurrences:
        if place.source in kb.sources:
            found[place.source] = max(found.get(place.source, place.strength), place.strength, key=_ORDER.index)
    return found
