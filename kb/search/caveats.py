"""The caveats that answer a query themselves: who asks *is it FDA approved* looks for a caveat and not for a claim.

A knowledge base has few caveats, so they are read in this process whatever engine finds the claims. A caveat answers
if it has most of what was asked, and if some of that names it.
"""

from __future__ import annotations

from itertools import chain
from math import log
from typing import TYPE_CHECKING, NamedTuple

from kb.model import Status
from kb.search.analysis import WEIGHTS, analyse
from kb.search.base import Document
from kb.search.documents import concepts_needed
from kb.search.plan import Words
from kb.search.widen import open_term
from kb.text.small_words import LIGHT_VERBS
from kb.text.tokens import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.model import Caveat, KnowledgeBase
    from kb.search.plan import Plan, Thing
    from kb.search.widen import Vocabulary

MOST = 2
"""How many caveats are offered."""

NEARLY = 0.8
"""What share of the best one's score a second one must have."""

COVERED = 0.5
"""What share of the words, each counted by its rarity, a caveat must have."""

BY_NAME = 0.4
"""What share of them must be among those that name it."""

NAMED = WEIGHTS["claim"]
"""The frequency from which on a word names a caveat: that of a word of its short name."""

TELLING = 0.25
"""What the words must say together: as much as one word that this share of the caveats have, or one of them."""

UNKNOWN = 0.4
"""What a word counts that no caveat has, and that may yet be what matters, beside one that a single caveat has."""

_LIGHT = frozenset(map(stem, LIGHT_VERBS))


class _Asked(NamedTuple):
    """One thing to find: the terms of which any will do, and what it counts."""

    terms: tuple[str, ...]
    rarity: float


class CaveatFinder:
    """Finds the caveats that answer what was typed. Build it once for a knowledge base."""

    def __init__(self, kb: KnowledgeBase, vocabulary: Vocabulary) -> None:
        standing = [caveat for caveat in kb.caveats.values() if caveat.status is not Status.WITHDRAWN]
        self._terms = {caveat.id: analyse(_document(kb, caveat), vocabulary).terms for caveat in standing}
        self._having: dict[str, int] = {}
        for term in chain.from_iterable(self._terms.values()):
            self._having[term] = self._having.get(term, 0) + 1

    def of(self, plan: Plan) -> tuple[str, ...]:
        """Return the ids of the caveats that answer a query of plain words, the best first; of pasted text none."""
        if plan.pasted or not plan.plain:
            return ()
        scores = dict(self._scores(list(self._asked(plan.wanted))))
        least = NEARLY * max(scores.values(), default=0.0)
        found = sorted((-score, caveat_id) for caveat_id, score in scores.items() if score >= least)
        return tuple(caveat_id for _, caveat_id in found[:MOST])

    def _asked(self, wanted: Sequence[Sequence[Thing]]) -> Iterator[_Asked]:
        for group in wanted:
            words = [each for each in group if isinstance(each, Words) and each.stems[0] not in _LIGHT]
            terms = tuple(chain.from_iterable(map(_terms, words)))
            if terms:
                yield _Asked(terms, self._rarity(max(self._having.get(term, 0) for term in terms)))

    def _rarity(self, number: float) -> float:
        """Return what a word says that so many caveats have: BM25's inverse document frequency."""
        if not number:
            return UNKNOWN * self._rarity(1)
        return log(1 + (len(self._terms) - number + 0.5) / (number + 0.5))

    def _scores(self, asked: Sequence[_Asked]) -> Iterator[tuple[str, float]]:
        whole = sum(each.rarity for each in asked)
        if whole < self._rarity(max(TELLING * len(self._terms), 1)):
            return
        for caveat_id, terms in self._terms.items():
            found = [(max(terms.get(term, 0.0) for term in each.terms), each.rarity) for each in asked]
            had = sum(rarity for frequency, rarity in found if frequency)
            named = sum(rarity for frequency, rarity in found if frequency >= NAMED)
            if had >= COVERED * whole and named >= BY_NAME * whole:
                yield caveat_id, sum(rarity * frequency / (frequency + NAMED) for frequency, rarity in found)


def _terms(words: Words) -> tuple[str, ...]:
    return (*map(open_term, words.stems), *(term for term, _ in words.others))


def _document(kb: KnowledgeBase, caveat: Caveat) -> Document:
    """Return a caveat as a document: its short name counts as a claim's own words do."""
    texts = {
        "claim": (caveat.short,),
        "about": (caveat.id.replace("-", " "), caveat.caveat, caveat.suggested_disclosure),
        "evidence": tuple(line.finding for line in caveat.evidence),
    }
    return Document(caveat.id, texts, concepts_needed(kb, caveat.recognise), (caveat.id,), {}, {})
