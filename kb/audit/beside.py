"""What stands beside a word in its unit: other words, a negator, a hedge."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from kb.audit.context import once
from kb.audit.polarity import negators
from kb.audit.strength import hedges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.audit.polarity import Negator

WIDEST = 24
"""Tokens of the longest term of a list, gaps included."""

EVIDENCE = 20
"""Words between "no evidence that" and what there is none for, at most."""

DENYING = 6
"""Words between a negator and the praise that it denies, at most."""

_DISTANCE = 5
"""Words between "hailed as" and the praise that it holds at a distance, at most."""


def there(reading: Reading, *names: str) -> bool:
    """Return whether words of any of these lists are in a unit."""
    return not reading.words.keys().isdisjoint(names)


def around(hits: Sequence[WordHit], first: int, last: int) -> Sequence[WordHit]:
    """Return the hits that reach into tokens `first` to `last`; a look-up, however many hits there are."""
    start = bisect_left(hits, (first - WIDEST,))
    return [hit for hit in hits[start : bisect_right(hits, (last + 1,))] if hit.last >= first and hit.first <= last]


def before(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list stands at most `reach` words before a hit, in its clause."""
    first = max(reading.clause(hit.first)[0], hit.first - reach)
    return any(other.last < hit.first for other in around(reading.words.get(name, ()), first, hit.first - 1))


def denied(reading: Reading, hit: WordHit, reach: int) -> bool:
    """Return whether a negator at most `reach` words before a hit denies it."""
    found = negators_of(reading)
    earlier = found[bisect_left(found, ((hit.first - reach - 1,),)) : bisect_left(found, ((hit.first,),))]
    return any(0 < hit.first - one.hit.last <= reach and hit.first <= one.last for one in earlier)


def taken_back(reading: Reading, hit: WordHit, reach: int = DENYING) -> bool:
    """Tell words that copy denies, holds at a distance or says to be without evidence."""
    return (
        before(reading, "unevidenced", hit, EVIDENCE)
        or before(reading, "distanced", hit, _DISTANCE)
        or denied(reading, hit, reach)
    )


def only_looks_so(reading: Reading, hit: WordHit) -> bool:
    """Tell "breakthrough therapy status", which is an office's word, from a breakthrough."""
    return bool(around(reading.words.get("hype-void", ()), hit.first, hit.last))


def warns_of_such(reading: Reading) -> bool:
    """Tell "don't let anyone tell you that …" and "be wary of clinics that promise …"."""
    return there(reading, "warned-of")


@once
def negators_of(reading: Reading) -> tuple[Negator, ...]:
    """Return the negators of a unit, in order."""
    return tuple(sorted(negators(reading)))


@once
def _hedges_of(reading: Reading) -> tuple[WordHit, ...]:
    return tuple(sorted(hedges(reading)))


def hedged(reading: Reading, hit: WordHit) -> bool:
    """Return whether a hedge stands in the clause of a hit."""
    first, last = reading.clause(hit.first)
    found = _hedges_of(reading)
    at = bisect_left(found, (first,))
    return at < len(found) and found[at].first <= last


def near(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list that is not inside the hit itself stands at most `reach` words from it."""
    return any(
        not (hit.first <= other.first and other.last <= hit.last)
        for other in around(reading.words.get(name, ()), hit.first - reach, hit.last + reach)
    )


def expressed(reading: Reading, concept: str, first: int, last: int) -> bool:
    """Return whether words of a concept begin among tokens `first` to `last`; a look-up, like `around`."""
    hits = reading.concepts.get(concept, ())
    at = bisect_left(hits, first, key=lambda hit: hit.first)
    return at < len(hits) and hits[at].first <= last


def part_of(reading: Reading, hit: WordHit) -> bool:
    """Tell "half of all people", where "all" takes in nobody in particular."""
    earlier = [token.word for token in reading.tokens[max(0, hit.first - _SHARE) : hit.first]]
    return earlier[-1:] == ["of"] and not _PARTS.isdisjoint(earlier)


_SHARE = 6
_PARTS = frozenset(["half", "third", "thirds", "quarter", "quarters", "percent", "most", "part", "some"])
