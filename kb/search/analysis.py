"""From a document to what an engine indexes: terms with weights and positions, the same for every engine."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.search.widen import concept_term, label_term

if TYPE_CHECKING:
    from kb.search.base import Document
    from kb.search.widen import Vocabulary

WEIGHTS = {"claim": 3.0, "caveats": 0.5, "evidence": 0.1, "concepts": 0.5}
"""How much a word counts in each field of `TEXT_FIELDS`: what is claimed before what is said beside it.

BM25 flattens differences, so these are larger than one would think; a word that stands only in somebody's title
should not outrank a claim that says the same in other words.
"""

PASSAGE_GAP = 64
"""Positions left free between passages, so that no phrase is found across two of them."""

K1, B = 1.2, 0.3
"""BM25's parameters: how soon repeating a word stops to count, and how much long texts are held back.

B is low, since what makes one entry longer than another is mostly the evidence beside it.
"""


class Posting(NamedTuple):
    """One term in one document. Only words of the text have positions; concepts and their labels have none."""

    weight: float
    """How often it occurs, each time counted with the weight of its field (this is BM25F's frequency)."""
    positions: tuple[int, ...]


class Analysed(NamedTuple):
    """One document as engines index it. `length` is its number of words."""

    postings: dict[str, Posting]
    length: int


def analyse(document: Document, vocabulary: Vocabulary) -> Analysed:
    """Return the terms of a document."""
    weights: dict[str, float] = defaultdict(float)
    positions: dict[str, list[int]] = defaultdict(list)
    offset = length = 0
    for field, passages in document.texts.items():
        for passage in passages:
            tokens, hits = vocabulary.read(passage)
            if field == "concepts":
                words, others = [], [label_term(token.stem) for token in tokens]
            else:
                words, others = [token.stem for token in tokens], [concept_term(hit.concept) for hit in hits]
            for position, word in enumerate(words, start=offset):
                positions[word].append(position)
            for term in (*words, *others):
                weights[term] += WEIGHTS[field]
            length += len(words)
            offset += len(words) + PASSAGE_GAP
    postings = {term: Posting(weight, tuple(positions.get(term, ()))) for term, weight in weights.items()}
    return Analysed(postings, length)
