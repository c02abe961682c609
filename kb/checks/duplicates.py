"""Near-duplicates: claims that say the same in nearly the same words, found without comparing all with all."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.model import RelationType, Status
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.checks.base import Context
    from kb.model import Claim

_ALIKE = 0.75
"""Share of their weighted words that two claims must have in common (Jaccard) to count as nearly the same."""

_NOT = "not"
_NEGATIONS = frozenset({"not", "no", "never", "without", "cannot", "neither", "nor", "none", "lack", "fail", "hard"})
_EMPTY_WORDS = (
    "a an the this that these those it its they their them who which what of in on at to for from with by as than and "
    "or but is are was were be been being do doe did have has had can may might will would could should"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_OPPOSITE_STEMS = (
    "rais lower", "increas decreas", "increas reduc", "rais reduc", "rise fall", "block releas", "more less",
    "more fewer", "high low", "higher lower", "safe unsaf", "safe danger", "caus prevent", "improv worsen",
    "improv impair", "help harm", "protect harm", "protect damag", "legal illeg", "approv unapprov", "long short",
    "before after", "all some", "mani few", "rare often", "rare common", "faster slower", "better wors", "start stop",
    "eas worsen", "strengthen weaken",
)  # fmt: skip
_OPPOSITES = frozenset(frozenset(pair.split()) for pair in _OPPOSITE_STEMS)

Words = frozenset[str]


def near_duplicate(context: Context) -> Iterator[Problem]:
    """Report a claim that says nearly the same as another one.

    Why: evidence and caveats given to one of the two are missing from the other.

    Fix: merge the two and keep the older id, the other as an alias. If they differ after all, relate them (`similar`
    with a note, `broader`, `narrower`); related claims, and those where one denies the other, are not reported.
    """
    claims = [claim for claim in context.kb.claims.values() if claim.status is not Status.WITHDRAWN]
    groups: defaultdict[Words, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[_words(claim.claim)].append(claim)
    for words, twins in groups.items():
        for claim in twins[1:] if words else ():
            yield from _problem(twins[0], claim)
    for words, others in _alike(list(groups)):
        claim = groups[words][0]
        for other in others:
            if not _is_denied(words, other) and not _is_related(groups[other][0], claim):
                yield from _problem(groups[other][0], claim)
                break


def alike(claims: Iterable[Claim], sentence: str, least: float = 0.5) -> list[tuple[Claim, float]]:
    """Return claims that share at least so much of their weighted words with a sentence, the most alike first.

    Claims that deny it are among them: an editor should see those, too.
    """
    known = [(claim, _words(claim.claim)) for claim in claims if claim.status is not Status.WITHDRAWN]
    wanted = _words(sentence)
    weights = _weights([*(words for _, words in known), wanted])
    shares = [(claim, _share(wanted, words, weights)) for claim, words in known if wanted & words]
    return sorted((found for found in shares if found[1] >= least), key=lambda found: (-found[1], found[0].id))


def _problem(first: Claim, claim: Claim) -> Iterator[Problem]:
    if not _is_related(first, claim):
        message = f"the claim is nearly the same as '{first.id}': “{first.claim}”"
        yield Problem(
            "claim", claim.id, "claim", message, "Merge the two, or relate them with a note on how they differ."
        )


def _is_related(one: Claim, other: Claim) -> bool:
    return any(
        relation.claim == target.id and relation.type is not RelationType.RELATED
        for claim, target in ((one, other), (other, one))
        for relation in claim.related
    )


@lru_cache(maxsize=20_000)
def _words(sentence: str) -> Words:
    """Return the stems that carry meaning; all negations count as one."""
    found = {_NOT if _is_negation(token.word, token.stem) else token.stem for token in tokens(sentence)}
    return frozenset(found - _EMPTY)


def _is_negation(word: str, stem: str) -> bool:
    return stem in _NEGATIONS or word.endswith("n't")


def _is_denied(one: Words, other: Words) -> bool:
    """Return whether one of the two denies the other, by a negation or by an opposite in its place."""
    if (_NOT in one) != (_NOT in other):
        return True
    return any(frozenset({left, right}) in _OPPOSITES for left in one - other for right in other - one)


def _alike(sets: Sequence[Words]) -> Iterator[tuple[Words, list[Words]]]:
    """Yield each set with the earlier sets that are alike, the most alike first.

    A word weighs the more the fewer sets have it. Two sets can only be alike if they share one of their heaviest
    words: those that are left when the light ones are set aside until these alone could not make them alike. So only
    sets that meet there are compared (the prefix filter of set-similarity joins).
    """
    weights = _weights(sets)
    seen: defaultdict[str, list[Words]] = defaultdict(list)
    for words in sets:
        heaviest = _heaviest(words, weights)
        candidates = dict.fromkeys(other for word in heaviest for other in seen[word])
        scored = [(_share(words, other, weights), index, other) for index, other in enumerate(candidates)]
        alike = sorted(found for found in scored if found[0] >= _ALIKE)
        yield words, [other for _, _, other in sorted(alike, key=lambda found: (-found[0], found[1]))]
        for word in heaviest:
            seen[word].append(words)


def _weights(sets: Iterable[Words]) -> dict[str, float]:
    """Word → how much it tells apart: the logarithm of how rare it is (IDF)."""
    found = list(sets)
    counts = Counter(word for words in found for word in words)
    return {word: math.log(1 + len(found) / count) for word, count in counts.items()}


def _heaviest(words: Words, weights: Mapping[str, float]) -> list[str]:
    ordered = sorted(words, key=lambda word: (-weights[word], word))
    total = sum(weights[word] for word in words)
    rest = total
    for index, word in enumerate(ordered):
        # what is left without the heavier words is too light to be most of the whole
        if rest < _ALIKE * total:
            return ordered[:index]
        rest -= weights[word]
    return ordered


def _share(one: Words, other: Words, weights: Mapping[str, float]) -> float:
    common = sum(weights[word] for word in one & other)
    return common / sum(weights[word] for word in one | other)
