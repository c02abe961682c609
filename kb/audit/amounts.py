"""Numbers as concepts: "$375" names an amount of money and "70 %" a share, which no list of words could hold."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from kb.text import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.audit.base import Number
    from kb.text import Token

_CONCEPTS = {"usd": "amount-of-money", "%": "a-percentage"}
"""Unit of a number → the concept that it expresses; no rule can ask for one that the vocabulary lacks."""


def with_amounts(
    concepts: Mapping[str, Sequence[Place]], tokens: Sequence[Token], numbers: Sequence[Number]
) -> Mapping[str, Sequence[Place]]:
    """Return the concepts of a unit and those that its numbers express, in order."""
    if not any(number.unit in _CONCEPTS for number in numbers):
        return concepts
    found = {concept: list(hits) for concept, hits in concepts.items()}
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    added: set[str] = set()
    for number in numbers:
        concept = _CONCEPTS.get(number.unit)
        first, last = bisect_right(ends, number.start), bisect_left(starts, number.end) - 1
        if concept and first <= last:
            hit = Place(first, last, tokens[first].start, tokens[last].end)
            found.setdefault(concept, []).append(hit)
            added.add(concept)
    for concept in added:
        found[concept] = sorted(set(found[concept]), key=lambda one: (one.first, one.last))
    return found
