"""Which words of a unit go far: praise, proof, absolutes, cures, bare causes, harm or price made small, high rates.

Nothing here knows how far the evidence goes; the rule `overstated` weighs what is found here against the claim.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.lexicon import WordHit
from kb.audit.polarity import negators
from kb.audit.strength import hedges
from kb.text.subjects import APPROVED_USE, TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.audit.context import Reading
    from kb.audit.polarity import Negator


class Cue(StrEnum):
    """In what way words go far."""

    PRAISE = "praise"
    LIFE = "life"
    DEGREE = "degree"
    SUCCESS = "success"
    CHOICE = "choice"
    PROOF = "proof"
    PEOPLE = "people"
    ABSOLUTE = "absolute"
    CURE = "cure"
    CAUSE = "cause"
    EFFECT = "effect"
    SAFE = "safe"
    HARM = "harm"
    HARMLESS = "harmless"
    PRICE = "price"
    BETTER = "better"
    WORSE = "worse"


class Strong(NamedTuple):
    """Words that go far, at code points `start` to `end`."""

    cue: Cue
    start: int
    end: int


def there(reading: Reading, *names: str) -> bool:
    """Return whether words of any of these lists are in a unit."""
    return any(name in reading.words for name in names)


def around(hits: Sequence[WordHit], first: int, last: int) -> Sequence[WordHit]:
    """Return the hits that reach into tokens `first` to `last`; a look-up, however many hits there are."""
    start = bisect_left(hits, (first - _WIDEST,))
    return [hit for hit in hits[start : bisect_right(hits, (last + 1,))] if hit.last >= first and hit.first <= last]


def before(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list stands at most `reach` words before a hit, in its clause."""
    first = max(reading.clause(hit.first)[0], hit.first - reach)
    return any(other.last < hit.first for other in around(reading.words.get(name, ()), first, hit.first - 1))


def denied(reading: Reading, hit: WordHit, reach: int) -> bool:
    """Return whether a negator at most `reach` words before a hit denies it."""
    found = _negators(reading)
    earlier = found[bisect_left(found, ((hit.first - reach - 1,),)) : bisect_left(found, ((hit.first,),))]
    return any(0 < hit.first - one.hit.last <= reach and hit.first <= one.last for one in earlier)


@lru_cache(maxsize=64)
def _negators(reading: Reading) -> tuple[Negator, ...]:
    return tuple(sorted(negators(reading)))


@lru_cache(maxsize=64)
def _hedges(reading: Reading) -> tuple[WordHit, ...]:
    return tuple(sorted(hedges(reading)))


def _part_of(reading: Reading, hit: WordHit) -> bool:
    """Tell "half of all people"."""
    earlier = [token.word for token in reading.tokens[max(0, hit.first - _DENYING) : hit.first]]
    return earlier[-1:] == ["of"] and not _PARTS.isdisjoint(earlier)


def _hedged(reading: Reading, hit: WordHit) -> bool:
    first, last = reading.clause(hit.first)
    found = _hedges(reading)
    at = bisect_left(found, (first,))
    return at < len(found) and found[at].first <= last


def near(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list that is not inside the hit itself stands at most `reach` words from it."""
    return any(
        not (hit.first <= other.first and other.last <= hit.last)
        for other in around(reading.words.get(name, ()), hit.first - reach, hit.last + reach)
    )


_LISTS: Mapping[str, Cue] = {
    "hype-novelty": Cue.PRAISE,
    "hype-life": Cue.LIFE,
    "hype-degree": Cue.DEGREE,
    "hype-power": Cue.DEGREE,
    "hype-success": Cue.SUCCESS,
    "hype-choice": Cue.CHOICE,
    "proof": Cue.PROOF,
    "absolute-people": Cue.PEOPLE,
    "absolute-effect": Cue.ABSOLUTE,
    "cure": Cue.CURE,
    "cause-strong": Cue.CAUSE,
    "cause-plain": Cue.EFFECT,
    "small-safe": Cue.SAFE,
    "safe-absolute": Cue.SAFE,
    "small-harm": Cue.HARM,
    "harm-denied": Cue.HARMLESS,
    "small-price": Cue.PRICE,
    "better": Cue.BETTER,
    "disparaging": Cue.WORSE,
}
_NEEDS_EFFECT = frozenset({Cue.DEGREE, Cue.PROOF})
_NEEDS_OUTCOME = frozenset({Cue.PEOPLE, Cue.ABSOLUTE})
_NEGATION_WITHIN = frozenset({Cue.HARM, Cue.HARMLESS, Cue.SAFE})
_HEDGE_CLEARS = frozenset({Cue.PROOF, Cue.PEOPLE, Cue.ABSOLUTE, Cue.CURE, Cue.SAFE, Cue.HARM, Cue.BETTER})
_VERBS = frozenset({Cue.CAUSE, Cue.EFFECT})

_WIDEST = 24
"""Tokens of the longest term of a list, gaps included."""

_BESIDE = 60
"""Characters between an absolute and the words of the effect that it is about, at most."""

_EVIDENCE = 20
"""Words between "no evidence that" and what there is none for, at most."""

_DISTANCE = 5
"""Words between "hailed as" and the praise that it holds at a distance, at most."""

_DENYING = 6
"""Words between a negator and the praise that it denies, at most."""

_REACH = 8
"""Words between an absolute and the benefit that it is about, at most."""


def strong_words(reading: Reading, effects: Iterable[tuple[int, int]] = ()) -> tuple[Strong, ...]:
    """Return the words that go far in a unit, in the order of the text; of overlapping ones the longest.

    `effects` are the places where the unit is known to speak of an effect, whatever its words.
    """
    places = tuple(effects)
    found = [
        (hit, cue)
        for name, cue in _LISTS.items()
        for hit in reading.words.get(name, ())
        if _stands(reading, cue, hit, places)
    ]
    found += [(hit, Cue.HARM) for hit in harms_small(reading)]
    found += [(hit, Cue.HARMLESS) for hit in harms_absent(reading)]
    chosen: list[tuple[WordHit, Cue]] = []
    taken: set[int] = set()
    for hit, cue in sorted(
        found, key=lambda pair: (pair[0].first - pair[0].last, pair[0].first, list(Cue).index(pair[1]))
    ):
        tokens = range(hit.first, hit.last + 1)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            chosen.append((hit, cue))
    return tuple(sorted((Strong(cue, hit.start, hit.end) for hit, cue in chosen), key=lambda strong: strong.start))


def _stands(reading: Reading, cue: Cue, hit: WordHit, effects: tuple[tuple[int, int], ...]) -> bool:
    """Return whether the words say what the list takes them for, here."""
    if cue in _VERBS:
        return _bare(reading, hit)
    reach = 1 if cue in _NEGATION_WITHIN else _DENYING
    taken_back = (
        before(reading, "unevidenced", hit, _EVIDENCE)
        or before(reading, "distanced", hit, _DISTANCE)
        or denied(reading, hit, reach)
        or _void(reading, hit)
    )
    if taken_back or (cue in _HEDGE_CLEARS and _hedged(reading, hit)):
        return False
    if cue is Cue.SAFE:
        return APPROVED_USE not in reading.concepts or there(reading, "safe-absolute", "absolute-people")
    if cue is Cue.PEOPLE and (there(reading, "differs") or _part_of(reading, hit)):
        return False
    if cue in _NEEDS_OUTCOME:
        beside = any(hit.start - _BESIDE < end and start < hit.end + _BESIDE for start, end in effects)
        return beside or near(reading, "outcome", hit, _REACH)
    told = effects or there(reading, "outcome", "treatment") or TREATMENT in reading.concepts
    return bool(told) or cue not in _NEEDS_EFFECT


def _void(reading: Reading, hit: WordHit) -> bool:
    """Tell "breakthrough therapy status", which is an office's word, from a breakthrough."""
    return bool(around(reading.words.get("hype-void", ()), hit.first, hit.last))


def harms_denied(reading: Reading) -> Iterator[WordHit]:
    """Yield words that say there is no harm: "no lasting side effects", but not "no serious side effects"."""
    yield from reading.words.get("harm-denied", ())
    for hit in reading.words.get("negator-noun", ()):
        for harm in around(reading.words.get("side-effects", ()), hit.last + 1, hit.last + _HARM_AFTER)[:1]:
            if {token.word for token in reading.tokens[hit.last + 1 : harm.first]} <= _ALL_OF_THEM:
                yield WordHit(hit.first, harm.last, hit.start, harm.end)


def harms_absent(reading: Reading) -> Iterator[WordHit]:
    """Yield words that leave no harm: "none of the usual side effects", "side effects … don't come with it"."""
    harms = reading.words.get("harm", ())
    occurring = {hit.first for hit in reading.words.get("occurs", ())}
    for negator in _negators(reading):
        end = negator.hit.last + 1
        if negator.whole and end in occurring and harms and harms[0].first < negator.hit.first:
            yield negator.hit._replace(last=end, end=reading.tokens[end].end)
    yield from _leading_to(reading, "negator-noun", _HARM_AFTER)


def harms_small(reading: Reading) -> Iterator[WordHit]:
    """Yield words that make harm small: "side effects stay minimal", "negligible risks"."""
    yield from _leading_to(reading, "minimal", _HARM_NEAR)
    for hit in reading.words.get("minimal", ()):
        for harm in around(reading.words.get("harm", ()), hit.first - _HARM_NEAR, hit.first - 1)[:1]:
            if harm.last < hit.first and not _hedged(reading, hit):
                yield WordHit(harm.first, hit.last, harm.start, hit.end)


def _leading_to(reading: Reading, name: str, reach: int) -> Iterator[WordHit]:
    """Yield words of a list together with the harm that soon follows them."""
    for hit in reading.words.get(name, ()):
        for harm in around(reading.words.get("harm", ()), hit.last + 1, hit.last + reach)[:1]:
            if harm.first > hit.last and not _broken(reading, hit.last, harm.first):
                yield WordHit(hit.first, harm.last, hit.start, harm.end)


def _broken(reading: Reading, first: int, last: int) -> bool:
    """Return whether a verb or a clause stands between two words: "without asking about risks"."""
    between = {token.word for token in reading.tokens[first + 1 : last]} - _ALL_OF_THEM
    return not between.isdisjoint(_PARTING) or any(word.endswith("ing") for word in between)


def _bare(reading: Reading, hit: WordHit) -> bool:
    """Return whether a verb of cause is in the bare present: "repairs", "and repair", "by repairing"."""
    if (
        before(reading, "unevidenced", hit, _EVIDENCE)
        or before(reading, "not-bare", hit, 4)
        or denied(reading, hit, _DENYING)
        or _hedged(reading, hit)
    ):
        return False
    verb = reading.tokens[hit.first].word
    if hit.first < hit.last and verb in _PREFIXES:
        verb = reading.tokens[hit.first + 1].word
    before_it = reading.tokens[hit.first - 1].word if hit.first else ""
    if before_it in _NOUNS_FOLLOW or verb.endswith(_NOUN_ENDINGS):
        return False
    if verb.endswith("ing"):
        return hit.first > 0 and before_it in _GERUND_FOLLOWS
    if verb.endswith("s") and not verb.endswith("ss"):
        return hit.first > 0
    return before_it.endswith("s") and before_it not in _NO_PLURALS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOUNS_FOLLOW = _set(
    "the a an this that these those its their your our my his her of in for with new neural natural medical no any "
    "some several most all both two other previous such traditional conventional standard many"
)
"""Words after which "repair" or "works" is a noun."""

_NOUN_ENDINGS = ("ments", "tions", "sions", "nesses")

_PARTS = _set("half third thirds quarter quarters percent most part some")
_ALL_OF_THEM = _set(
    "any known lasting long term negative adverse harmful unwanted bad real reported documented other physical"
)
_PARTING = _set("but and or evidence doubt longer way need")
_HARM_AFTER, _HARM_NEAR = 5, 6
"""Words from a negator to the harm that it denies, and between a harm and the word that makes it small, at most."""

_PREFIXES = _set("re kick jump")
_NO_PLURALS = _set("is was this its has does as us always perhaps")
_GERUND_FOLLOWS = _set("by and while then thereby thus")
