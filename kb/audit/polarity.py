"""What copy does with a claim: asserts it, denies it, asks about it or puts it into somebody's mouth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Polarity, UnitKind
from kb.audit.negating import NEGATORS, PARTING, Negator, leaves_out, negators, opens_description, scarcely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit, Place

__all__ = [
    "Negator",
    "Stance",
    "answered",
    "introduced",
    "is_soft",
    "leaves_out",
    "negators",
    "opens_description",
    "scarcely",
    "stance",
    "told",
    "turned",
]


_LABEL = 2
"""A heading of so many words is a mere label: "Myth 3"."""


_SOFT = (*NEGATORS, "asking", "myth", "negator-void")
_SOFT_LISTS = frozenset(_SOFT)


class Stance(NamedTuple):
    """How a claim is worded, and whether the copy says the opposite of it."""

    polarity: Polarity
    denied: bool
    notes: tuple[str, ...]


_ASSERTED = Stance(Polarity.ASSERTED, denied=False, notes=())
_DISTANCES = (
    ("myth", "called untrue", True),
    ("distancing", "put into somebody's mouth", False),
    ("asking", "left open", False),
)
"""Lists of words that hold a claim at a distance, what they do to it, and whether that denies it."""

_DISTANT = frozenset(name for name, _, _ in _DISTANCES)


def is_soft(reading: Reading, hit: ConceptHit) -> bool:
    """Tell whether words deny or ask, so that they decide how a claim is worded rather than whether it is made."""
    for name in _SOFT if not _SOFT_LISTS.isdisjoint(reading.words) else ():
        for other in reading.words.get(name, ()):
            if other.first <= hit.last and hit.first <= other.last:
                return True
    return False


def stance(
    reading: Reading, hits: Sequence[ConceptHit], found: Sequence[Negator], *, told: str = "", theme: bool = False
) -> Stance:
    """Return how the claim is worded that `hits` make; `told` is what introduces the unit, such as "Myth".

    Where no claim is made but a theme spoken on, all that the unit says on it counts, not its first words alone.
    """
    own = [hit for hit in hits if hit.first >= 0]
    if reading.unit.kind is UnitKind.QUESTION or reading.ends == "?":
        return Stance(Polarity.ASKED, denied=False, notes=("asked, not said",))
    for name, note, denied in () if _DISTANT.isdisjoint(reading.words) else _DISTANCES:
        word = _governing(reading, name, own) or (_called(reading, own) if name == "myth" else "")
        if word:
            polarity = Polarity.ASKED if name == "asking" else Polarity.ATTRIBUTED
            return Stance(polarity, denied, (f"{note} by “{word}”",))
    if told:
        return Stance(Polarity.ATTRIBUTED, denied=True, notes=(f"introduced as “{told}”",))
    how = _negated(reading, own, found)
    return _negated_again(reading, own, found) if theme and how is _ASSERTED else how


def _negated(reading: Reading, own: Sequence[ConceptHit], found: Sequence[Negator]) -> Stance:
    if not found:
        return _ASSERTED
    within = [one for one in found if any(hit.first <= one.hit.first <= hit.last for hit in own)]
    inside = [one for one in within if not one.tail or all(one.hit.first <= hit.first for hit in own)]
    over = [negator for negator in found if negator not in inside and _covers(reading, negator, own)]
    if not inside and not over:
        return _ASSERTED
    notes = tuple(f"negated by “{_words(reading, negator.hit)}”" for negator in over[:1])
    notes += tuple(f"“{_words(reading, negator.hit)}” belongs to the claim" for negator in inside[:1])
    return Stance(Polarity.NEGATED, any(negator.flat for negator in over) and not inside, notes)


def _negated_again(reading: Reading, own: Sequence[ConceptHit], found: Sequence[Negator]) -> Stance:
    """Return how a theme is worded that is denied where the unit comes back to it: "get a ride, you must not drive".

    The words that told of it first stand undenied, so that the opposite is not said.
    """
    verbal = reading.tokens_of("negator-verb")
    again = [hit for concept in {hit.concept for hit in own} for hit in reading.concepts.get(concept, ())]
    for negator in found:
        if negator.hit.first in verbal and _covers(reading, negator, again):
            return Stance(Polarity.NEGATED, denied=False, notes=(f"negated by “{_words(reading, negator.hit)}”",))
    return _ASSERTED


def _covers(reading: Reading, negator: Negator, own: Sequence[ConceptHit | Place]) -> bool:
    """Tell whether a negator denies what some of these words say."""
    after = [hit for hit in own if negator.hit.first < hit.first <= negator.last]
    if negator.tail:
        return len(after) == len(own)
    if after:
        return True
    if not negator.whole:
        return False
    first, last = reading.clause(negator.hit.first)
    # what stands behind an "until" is not denied along with the rest
    return any(first <= hit.first <= min(last, negator.last) for hit in own)


def _governing(reading: Reading, name: str, own: Sequence[ConceptHit]) -> str:
    """Return the words of a list that stand before the claim, or "" if there are none."""
    last = max((hit.last for hit in own), default=-1)
    for hit in reading.words.get(name, ()):
        if hit.last < last:
            return _words(reading, hit)
    return ""


def _called(reading: Reading, own: Sequence[ConceptHit]) -> str:
    """Return "myth" of "the idea that … is a myth"."""
    first = min((hit.first for hit in own), default=0)
    told = any(hit.last < first for hit in reading.words.get("notion", ()))
    return _words(reading, reading.words["myth"][0]) if told and "myth" in reading.words else ""


def _words(reading: Reading, hit: WordHit) -> str:
    return " ".join(token.surface for token in reading.tokens[hit.first : hit.last + 1])


def answered(reading: Reading) -> Stance | None:
    """Return how an answer takes up what was asked: "Yes.", "Not at all.", "Under supervision, no."."""
    last = len(reading.tokens) - 1
    for name, how in (
        ("answer-no", Stance(Polarity.NEGATED, denied=True, notes=("what was asked is answered with no",))),
        ("answer-yes", Stance(Polarity.ASSERTED, denied=False, notes=("what was asked is answered with yes",))),
    ):
        if any(hit.first == 0 or hit.last == last for hit in reading.words.get(name, ())):
            return how
    return None


def introduced(leads: Iterator[Reading]) -> str:
    """Return the word by which what introduces a unit calls it untrue, such as the heading "Myth".

    A heading that says more ("Common myths about ketamine", "Myth: it is addictive") stands above what is true.
    """
    for lead in leads:
        bare = lead.unit.kind is not UnitKind.HEADING or len(lead.tokens) <= _LABEL
        for hit in lead.words.get("myth", ())[:1]:
            if hit.first <= 1 and bare:
                return _words(lead, hit)
    return ""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = frozenset({"not", "no", "never", "nor", "cannot", "nobody", "hardly", "seldom", "rarely"})
_TURNING = 2
"""How many words before a denial a negator turns it round, whatever else it governs."""
_TELLING = _set("name names named mention mentions mentioned list lists listed disclose discloses admits")


def told(reading: Reading, first: int) -> bool:
    """Tell "a page that names no risks" from "it has no risks"."""
    return first > 0 and reading.tokens[first - 1].word in _TELLING


def turned(reading: Reading, first: int) -> bool:
    """Tell whether a negator turns round a denial that begins at a token: "no treatment is free of side effects"."""
    for negator in negators(reading):
        between = {token.word for token in reading.tokens[max(0, negator.first) : max(0, first)]}
        if negator.first < first <= negator.last and PARTING.isdisjoint(between):
            return True  # "it is not an opioid and causes no dependence" turns nothing round
    before = reading.tokens[max(0, first - _TURNING) : max(0, first)]
    return told(reading, first) or any(token.word in _NEGATIONS or token.word.endswith("n't") for token in before)
