"""Which words of a unit go far: praise, proof, absolutes, cures, bare causes, harm or price made small, high rates.

Nothing here knows how far the evidence goes; the rule `overstated` weighs what is found here against the claim.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit


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
    PRICE = "price"
    BETTER = "better"


class Strong(NamedTuple):
    """Words that go far, at code points `start` to `end`."""

    cue: Cue
    start: int
    end: int


def there(reading: Reading, *names: str) -> bool:
    """Return whether words of any of these lists are in a unit."""
    return any(name in reading.words for name in names)


def before(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list stands at most `reach` words before a hit, in its clause."""
    first = max(reading.clause(hit.first)[0], hit.first - reach)
    return any(first <= other.last < hit.first for other in reading.words.get(name, ()))


def near(reading: Reading, name: str, hit: WordHit, reach: int) -> bool:
    """Return whether a word of a list that is not inside the hit itself stands at most `reach` words from it."""
    return any(
        other.first - hit.last <= reach and hit.first - other.last <= reach
        for other in reading.words.get(name, ())
        if not (hit.first <= other.first and other.last <= hit.last)
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
    "small-harm": Cue.HARM,
    "small-price": Cue.PRICE,
    "better": Cue.BETTER,
}
_NEEDS_EFFECT = frozenset({Cue.DEGREE, Cue.PROOF})
_NEEDS_OUTCOME = frozenset({Cue.PEOPLE, Cue.ABSOLUTE})
_NEGATION_WITHIN = frozenset({Cue.HARM, Cue.SAFE})
_HEDGE_CLEARS = frozenset({Cue.PROOF, Cue.PEOPLE, Cue.ABSOLUTE, Cue.CURE, Cue.SAFE, Cue.HARM, Cue.BETTER})
_VERBS = frozenset({Cue.CAUSE, Cue.EFFECT})

_REACH = 5
"""Words between an absolute and the benefit that it is about, at most."""


def strong_words(reading: Reading, *, effect: bool = False) -> tuple[Strong, ...]:
    """Return the words that go far in a unit, in the order of the text; of overlapping ones the longest.

    `effect` says that the unit is known to speak of an effect, whatever its words.
    """
    effect = effect or there(reading, "outcome")
    found = [
        (hit, cue)
        for name, cue in _LISTS.items()
        for hit in reading.words.get(name, ())
        if _stands(reading, cue, hit, effect=effect)
    ]
    chosen: list[tuple[WordHit, Cue]] = []
    for hit, cue in sorted(
        found, key=lambda pair: (pair[0].first - pair[0].last, pair[0].first, list(Cue).index(pair[1]))
    ):
        if not any(hit.first <= other.last and other.first <= hit.last for other, _ in chosen):
            chosen.append((hit, cue))
    return tuple(sorted((Strong(cue, hit.start, hit.end) for hit, cue in chosen), key=lambda strong: strong.start))


def _stands(reading: Reading, cue: Cue, hit: WordHit, *, effect: bool) -> bool:
    """Return whether the words say what the list takes them for, here."""
    if cue in _VERBS:
        return _bare(reading, hit)
    if before(reading, "distanced", hit, _REACH) or before(reading, "denied", hit, 1 if cue in _NEGATION_WITHIN else 4):
        return False
    if cue is Cue.PEOPLE and there(reading, "differs"):
        return False
    if cue in _HEDGE_CLEARS and (before(reading, "hedge-modal", hit, 6) or before(reading, "hedge-word", hit, 6)):
        return False
    if cue in _NEEDS_EFFECT:
        return effect
    return cue not in _NEEDS_OUTCOME or near(reading, "outcome", hit, _REACH)


def _bare(reading: Reading, hit: WordHit) -> bool:
    """Return whether a verb of cause is in the bare present: "repairs", "and repair", "by repairing"."""
    if before(reading, "not-bare", hit, 4) or before(reading, "denied", hit, 4):
        return False
    verb = reading.tokens[hit.first].word
    if hit.first < hit.last and verb in _PREFIXES:
        verb = reading.tokens[hit.first + 1].word
    before_it = reading.tokens[hit.first - 1].word if hit.first else ""
    if before_it in _NOUNS_FOLLOW:
        return False
    if verb.endswith("ing"):
        return hit.first > 0 and before_it in _GERUND_FOLLOWS
    if verb.endswith("s") and not verb.endswith("ss"):
        return hit.first > 0
    return before_it.endswith("s") and before_it not in _NO_PLURALS


_NOUNS_FOLLOW = frozenset(
    "the a an this that these those its their your our my his her of in for with new neural natural medical no any some "
    "many several most all both two other previous such traditional conventional standard".split()
)
_PREFIXES = frozenset({"re", "kick", "jump"})
_NO_PLURALS = frozenset("is was this its has does as us always perhaps".split())
_GERUND_FOLLOWS = frozenset({"by", "and", "while", "then", "thereby", "thus"})
