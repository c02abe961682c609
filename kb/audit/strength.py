"""How strongly a claim is worded: hedged, plain or emphatic, by the words that govern it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Strength
from kb.audit.context import once
from kb.text.subjects import CONDITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit

_HEDGES = ("hedge-modal", "hedge-word", "hedge-verb", "hedge-quantity")
_EMPHATIC = ("hype-", "absolute-", "cure")
_MONTH = "May"
_RELATIVE = frozenset({"who", "whom", "where", "when", "if", "whether", "what"})
_PEOPLE = frozenset({"people", "those", "patients", "anyone", "individuals", "adults", "others", "symptoms", "ones"})
_NO_PEOPLE = frozenset(
    {"", "and", "or", "but", "kinds", "types", "forms", "one", "two", "three", "four", "five", "six"}
)
"""What stands behind "some" where it does not say that something holds for some people only."""

_NEAR = 3


class Wording(NamedTuple):
    """A strength with the reason for it."""

    strength: Strength
    notes: tuple[str, ...]


PLAIN = Wording(Strength.PLAIN, ())


@once
def hedges(reading: Reading) -> tuple[WordHit, ...]:
    """Return the hedges of a unit that weaken what it says: no month of May, no "people who may need it"."""
    void = reading.tokens_of("hedge-void")
    return tuple(
        hit
        for name in _HEDGES
        for hit in reading.words.get(name, ())
        if hit.first not in void and not _beside(reading, hit)
    )


def _beside(reading: Reading, hit: WordHit) -> bool:
    """Tell a hedge that says nothing about the main assertion."""
    tokens = reading.tokens
    token = tokens[hit.first]
    following = tokens[hit.first + 1].word if hit.first + 1 < len(tokens) else ""
    if token.surface == _MONTH and (hit.first or following[:1].isdigit()):
        return True
    if token.word == "could" and following == "not":
        return True  # "we could not help" says that one failed, and leaves nothing open
    if token.word == "some" and (following[:1].isdigit() or following in _NO_PEOPLE):
        return True
    if token.word == "could" and following == "not":
        return True  # "what years of therapy could not": it was not able to
    before = range(max(0, hit.first - _NEAR), hit.first)
    return any(tokens[index].word in _RELATIVE or _describing(reading, index) for index in before)


def _describing(reading: Reading, index: int) -> bool:
    """Tell "people that may need it" from "a drug that may help", which is not sure that it does."""
    if reading.tokens[index].word not in {"that", "which"} or not index or index in reading.told:
        return False
    hits = reading.concepts.get(CONDITION, ())
    at = bisect_left(hits, index, key=lambda hit: hit.first)
    return reading.tokens[index - 1].word in _PEOPLE or (at > 0 and hits[at - 1].last == index - 1)


def wording(
    reading: Reading, hits: Sequence[ConceptHit], found: Sequence[WordHit], lead: Sequence[str] = ()
) -> Wording:
    """Return how strongly the claim is worded that `hits` make; `lead` are the hedges of the unit's lead-in."""
    emphatic = _emphatic(reading)
    clauses = set(_clauses(reading, hits)) if found or emphatic else set()
    for hedge in found:
        if any(first <= hedge.first <= last for first, last in clauses):
            return Wording(Strength.HEDGED, (f"hedged by “{_words(reading, hedge)}”",))
    if lead:
        return Wording(Strength.HEDGED, (f"hedged by its lead-in: “{lead[0]}”",))
    for hit in emphatic:
        if any(first <= hit.first <= last for first, last in clauses):
            return Wording(Strength.EMPHATIC, (f"made strong by “{_words(reading, hit)}”",))
    return PLAIN


@once
def _emphatic(reading: Reading) -> tuple[WordHit, ...]:
    """Return the words of a unit that make it strong, by list; none that is a negator as well."""
    names = sorted(name for name in reading.words if name.startswith(_EMPHATIC))
    denying = {hit for name in ("negator-verb", "negator-noun") for hit in reading.words.get(name, ())}
    return tuple(hit for name in names for hit in reading.words[name] if hit not in denying)


def _clauses(reading: Reading, hits: Sequence[ConceptHit]) -> Iterator[tuple[int, int]]:
    """Yield the clauses of these words, and for "If …," the clause behind it, which asserts what it is all about."""
    subordinate = reading.at("subordinating")
    for hit in hits:
        if hit.first >= 0:
            first, last = reading.clause(hit.first)
            yield first, last
            if first in subordinate and last + 1 < len(reading.tokens):
                yield reading.clause(last + 1)


def hedging(reading: Reading) -> tuple[str, ...]:
    """Return the hedges of a lead-in, as written, for the list items below it."""
    return tuple(_words(reading, hit) for hit in hedges(reading))


def _words(reading: Reading, hit: WordHit) -> str:
    return " ".join(token.surface for token in reading.tokens[hit.first : hit.last + 1])
