"""Numbers as concepts: "$375" names an amount of money and "70 %" a share, which no list of words could hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.text import ConceptHit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.audit.base import Number
    from kb.text import Token

_CONCEPTS = {"usd": "amount-of-money", "%": "a-percentage"}
"""Unit of a number → the concept that it expresses; no rule can ask for one that the vocabulary lacks."""


def with_amounts(
    concepts: Mapping[str, Sequence[ConceptHit]], tokens: Sequence[Token], numbers: Sequence[Number]
) -> dict[str, list[ConceptHit]]:
    """Return the concepts of a unit and those that its numbers express, in order."""
    found = {concept: list(hits) for concept, hits in concepts.items()}
    for number in numbers:
        concept = _CONCEPTS.get(number.unit)
        inside = [index for index, token in enumerate(tokens) if token.start < number.end and number.start < token.end]
        if concept and inside:
            hit = ConceptHit(concept, tokens[inside[0]].start, tokens[inside[-1]].end, inside[0], inside[-1])
            found[concept] = sorted({*found.get(concept, ()), hit}, key=lambda one: (one.first, one.last))
    return found
