"""What only resembles a claim: likeness to the sentences of the entries, for a person to look at."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.model import Status
from kb.text import tokens
from kb.text.small_words import FUNCTION_WORDS, TURNING_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kb.audit.context import Reading
    from kb.model import KnowledgeBase
    from kb.text import Recogniser
    from kb.text.keeping import Keep

ALIKE = 0.3
"""How alike the words must be, from 0 to 1. Set where every second match is right on the labelled copy."""

_COMMON = 0.2
"""Words in a greater share of the entries' sentences tell nothing."""

_FEW = 200
"""A claim is looked at where it shares a word that so many sentences have, or the rarest of those that it shares."""

_MOST = 2
"""How many claims one unit is offered for, at most."""


_WORDS = 2
"""How many words must be shared at least: "we offer it" is not alike to "it offers hope"."""

_SMALL = FUNCTION_WORDS | TURNING_WORDS | {"all"}
"""Words that do not count there: "not at all" is not alike to "not a cure-all", however short the two are."""


class Likeness(NamedTuple):
    """A claim that a unit resembles, and how much, from 0 to 1."""

    claim: str
    score: float
    sentence: str
    """The sentence of the entry that it resembles."""


class Similar:
    """Finds the claims that a unit resembles: the cosine of its words and concepts, the rarest counting most.

    Every claim is there by its own sentence and the first of its examples. What is common to many claims tells nothing
    and is left out. Only sentences that share a rare word with a unit are looked at, and of those only the ones that
    can be alike enough, so a unit costs little more where there are many claims.
    """

    def __init__(self, kb: KnowledgeBase, recogniser: Recogniser, keep: Keep | None = None) -> None:
        self._sentences = [
            (claim.id, sentence)
            for claim in kb.claims.values()
            if claim.status is not Status.WITHDRAWN
            for sentence in (claim.claim, *claim.examples.match[:1])
        ]
        self._of_claims = _of_claims(kb)
        features = self._kept(recogniser, keep) if keep else list(self._made(recogniser))
        seen = Counter(feature for row in features for feature in row)
        total = len(features) or 1
        self._weight = {feature: math.log(total / count) for feature, count in seen.items()}
        self._rare = math.log(total) or 1.0
        telling = {feature for feature, count in seen.items() if count <= max(1, _COMMON * total)}
        self._lengths = [self._length(row) for row in features]
        self._features = [row & telling for row in features]
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self._features):
            for feature in row:
                self._rows[feature].append(number)

    def _made(self, recogniser: Recogniser) -> Iterator[frozenset[str]]:
        for _, sentence in self._sentences:
            found = tokens(sentence)
            yield self._features_of([token.stem for token in found], recogniser.hits(found))

    def _kept(self, recogniser: Recogniser, keep: Keep) -> list[frozenset[str]]:
        table = keep(
            "similar", lambda: {"rows": json.dumps([sorted(row) for row in self._made(recogniser)], ensure_ascii=False)}
        )
        return [frozenset(row) for row in json.loads(table["rows"])]

    def _features_of(self, stems: Iterable[str], concepts: Iterable[str]) -> frozenset[str]:
        return _features(stems, self._of_claims.intersection(concepts))

    def match(self, reading: Reading) -> tuple[Likeness, ...]:
        """Return the claims that a unit resembles enough, best first."""
        own = self._features_of(reading.rows.stems, reading.concepts)
        length = self._length(own)
        squared = {feature: self._weight[feature] ** 2 for feature in sorted(own & self._rows.keys())}
        best: dict[str, Likeness] = {}
        for number in self._candidates(squared, length):
            row = self._features[number]
            dot = sum(weight for feature, weight in squared.items() if feature in row)
            score = dot / (length * self._lengths[number])
            claim, sentence = self._sentences[number]
            better = score >= ALIKE and (claim not in best or best[claim].score < score)
            if better and len(_tokens(reading, squared.keys() & row)) >= _WORDS:
                best[claim] = Likeness(claim, round(score, 4), sentence)
        return tuple(sorted(best.values(), key=lambda one: (-one.score, one.claim))[:_MOST])

    def _candidates(self, squared: dict[str, float], length: float) -> list[int]:
        """Return the sentences that can be alike enough, in order.

        The rarest words come first. Sentences that share none of them, only such as weigh too little together, need
        not be looked at: what two rows share is never longer than either of them.
        """
        shared: defaultdict[int, float] = defaultdict(float)
        left = sum(squared.values())
        for feature in sorted(squared, key=lambda feature: (len(self._rows[feature]), feature)):
            if left < (_SLACK * ALIKE * length) ** 2 or (shared and len(self._rows[feature]) > _FEW):
                break
            for number in self._rows[feature]:
                shared[number] += squared[feature]
            left -= squared[feature]
        enough = _SLACK * ALIKE * length
        return sorted(number for number, dot in shared.items() if dot + left >= enough * self._lengths[number])

    def _length(self, features: Iterable[str]) -> float:
        """Return the length of a row of features, each by its weight; what no entry says weighs as a rare word."""
        squared = sum(self._weight.get(feature, self._rare) ** 2 for feature in features)
        return math.sqrt(squared) or 1.0


_SLACK = 0.999
"""What rounding may take from a sum."""


def _of_claims(kb: KnowledgeBase) -> frozenset[str]:
    """Return the concepts that rules of claims ask for; the rest tell themes apart, and say little of a claim."""
    rules = (rule for claim in kb.claims.values() for rule in claim.recognise)
    return frozenset(concept for rule in rules for concept in (*rule.all, *rule.any))


def _tokens(reading: Reading, features: Collection[str]) -> set[int]:
    """Return the words of a unit, by number, that show these features, without small words."""
    found = {at for at, token in enumerate(reading.tokens) if token.stem in features}
    for concept, hits in reading.concepts.items():
        if f"[{concept}]" in features:
            found.update(at for hit in hits for at in range(hit.first, hit.last + 1))
    return {at for at in found if reading.tokens[at].word not in _SMALL}


def _features(stems: Iterable[str], concepts: Iterable[str]) -> frozenset[str]:
    return frozenset({*stems, *(f"[{concept}]" for concept in concepts)})
