"""What only resembles a claim: likeness to the sentences of the entries, for a person to look at."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.model import Status
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.context import Reading
    from kb.model import KnowledgeBase
    from kb.text import Recogniser

ALIKE = 0.3
"""How alike the words must be, from 0 to 1. Set where every second match is right on the labelled copy."""

_COMMON = 0.2
"""Words in a greater share of the entries' sentences tell nothing."""

_MOST = 2
"""How many claims one unit is offered for, at most."""


class Likeness(NamedTuple):
    """A claim that a unit resembles, and how much, from 0 to 1."""

    claim: str
    score: float
    sentence: str
    """The sentence of the entry that it resembles."""


class Similar:
    """Finds the claims that a unit resembles: the cosine of its words and concepts, the rarest counting most.

    Every claim is there by its own sentence and the first of its examples. What is common to many
    claims tells nothing and is left out, so a unit costs as much as the sentences that share a rare word with it.
    """

    def __init__(self, kb: KnowledgeBase, recogniser: Recogniser) -> None:
        self._sentences = [
            (claim.id, sentence)
            for claim in kb.claims.values()
            if claim.status is not Status.WITHDRAWN
            for sentence in (claim.claim, *claim.examples.match[:1])
        ]
        features = []
        for _, sentence in self._sentences:
            found = tokens(sentence)
            features.append(_features((token.stem for token in found), recogniser.hits(found)))
        seen = Counter(feature for row in features for feature in row)
        total = len(features) or 1
        self._weight = {feature: math.log(total / count) for feature, count in seen.items()}
        self._rare = math.log(total) or 1.0
        telling = {feature for feature, count in seen.items() if count <= max(1, _COMMON * total)}
        self._lengths = [self._length(row) for row in features]
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(features):
            for feature in sorted(row & telling):
                self._rows[feature].append(number)

    def match(self, reading: Reading) -> tuple[Likeness, ...]:
        """Return the claims that a unit resembles enough, best first."""
        own = _features((token.stem for token in reading.tokens), reading.concepts)
        length = self._length(own)
        shared: defaultdict[int, float] = defaultdict(float)
        for feature in sorted(own & self._rows.keys()):
            squared = self._weight[feature] ** 2
            for number in self._rows[feature]:
                shared[number] += squared
        best: dict[str, Likeness] = {}
        for number, dot in shared.items():
            score = dot / (length * self._lengths[number])
            claim, sentence = self._sentences[number]
            if score >= ALIKE and (claim not in best or best[claim].score < score):
                best[claim] = Likeness(claim, round(score, 4), sentence)
        return tuple(sorted(best.values(), key=lambda one: (-one.score, one.claim))[:_MOST])

    def _length(self, features: Iterable[str]) -> float:
        """Return the length of a row of features, each by its weight; what no entry says weighs as a rare word."""
        squared = sum(self._weight.get(feature, self._rare) ** 2 for feature in features)
        return math.sqrt(squared) or 1.0


def _features(stems: Iterable[str], concepts: Iterable[str]) -> frozenset[str]:
    return frozenset({*stems, *(f"[{concept}]" for concept in concepts)})
