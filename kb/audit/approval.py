"""Approval that copy claims for the treatment: for an illness, or borrowed from the other drug that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Subject
from kb.audit.wording import before, denied
from kb.text.subjects import APPROVED_USE, SUBJECTS, TREATMENT, UNAPPROVED_USE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit

_ESKETAMINE = next(concept for concept, subject in SUBJECTS.items() if subject == Subject.ESKETAMINE)

_NEAR = 12
"""Words between an approval and the illness that it is for, at most."""

_DENIAL = 6
"""Words before an approval in which a denial or a wish takes it back."""

_EPITHET = 2
"""Words from "approved" to the treatment that is called so, at most."""

_APPOSITION = 3
"""Words from one name of a drug to the other where they are taken for one: "X nasal spray (Y)"."""

_PLURALS = frozenset({"drugs", "medications", "medicines", "antidepressants", "products", "options", "treatments"})
_GENERIC = frozenset({"drug", "medicine", "medication", "product", "use", "dose"})
_ARTICLES = frozenset({"a", "an", "another"})
_LINKS = frozenset(
    {
        "and",
        "or",
        "like",
        "unlike",
        "versus",
        "vs",
        "from",
        "than",
        "not",
        "derivative",
        "related",
        "form",
        "of",
        "is",
        "a",
    }
)


class Approval(NamedTuple):
    """A claim of approval, at code points `start` to `end`."""

    start: int
    end: int
    lent: bool
    """Whether the two drugs are taken for one."""
    illness: bool
    """Whether an illness is named that it is for."""


def approvals(reading: Reading, subject: Subject) -> Iterator[Approval]:
    """Yield the approvals that a unit claims for the treatment itself."""
    ours, other = reading.concepts.get(TREATMENT, ()), reading.concepts.get(_ESKETAMINE, ())
    same = _taken_for_one(reading, ours, other)
    for hit in reading.words.get("approval", ()):
        if denied(reading, hit, _DENIAL) or before(reading, "approval-wished", hit, _DENIAL):
            continue
        adjacent = any(0 < name.first - hit.last <= 1 for name in ours)
        if not adjacent and _of_another(reading, hit):
            continue
        if not (same or adjacent or _whose(reading, hit, ours, other, subject) is Subject.KETAMINE):
            continue
        illness = _illness(reading, hit)
        if illness or same or (_sold(reading, hit, adjacent=adjacent) and not reading.concepts.get(APPROVED_USE)):
            end = max(hit.end, illness.end) if illness else hit.end
            yield Approval(hit.start, end, same or (adjacent and bool(other)), illness is not None)


def _taken_for_one(reading: Reading, ours: Iterable[ConceptHit], other: Sequence[ConceptHit]) -> bool:
    """Tell "ketamine nasal spray (Spravato)" from "ketamine and Spravato"."""
    for name in ours:
        for second in other:
            first, last = sorted((name, second), key=lambda hit: hit.first)
            between = {token.word for token in reading.tokens[last.first - 1 : last.first]}
            between |= {token.word for token in reading.tokens[first.last + 1 : last.first]}
            if 0 < last.first - first.last <= _APPOSITION and not between & _LINKS:
                return True
    return False


def _whose(
    reading: Reading, hit: WordHit, ours: Iterable[ConceptHit], other: Iterable[ConceptHit], subject: Subject
) -> Subject:
    """Return which drug an approval goes with: the name nearest before it in its clause, else nearest after."""
    first, last = reading.clause(hit.first)
    names = [(name, Subject.KETAMINE) for name in ours] + [(name, Subject.ESKETAMINE) for name in other]
    within = [(name, drug) for name, drug in names if first <= name.first <= last]
    earlier = [pair for pair in within if pair[0].last < hit.first]
    if earlier:
        return max(earlier, key=lambda pair: pair[0].first)[1]
    return min(within, key=lambda pair: pair[0].first)[1] if within else subject


def _illness(reading: Reading, hit: WordHit) -> ConceptHit | None:
    """Return the illness nearest after an approval, or right before it."""
    last = reading.clause(hit.first)[1]
    for illness in reading.concepts.get(UNAPPROVED_USE, ()):
        if hit.last < illness.first <= min(last, hit.last + _NEAR):
            return illness
    return None


def _sold(reading: Reading, hit: WordHit, *, adjacent: bool) -> bool:
    """Tell "our approved treatment", which does not say for what, from "it was approved in 1970"."""
    return adjacent or any(0 < other.first - hit.last <= _EPITHET for other in reading.words.get("treatment", ()))


def _of_another(reading: Reading, hit: WordHit) -> bool:
    """Tell "than drugs approved for it", "newer approved drugs" and "has also approved a nasal spray"."""
    before_it = reading.tokens[hit.first - 1].word if hit.first else ""
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 1 + _EPITHET + 1]]
    plural = not _PLURALS.isdisjoint(after[:_EPITHET]) and before_it != "our"
    generic = before_it == "the" and not _GENERIC.isdisjoint(after[:1])
    return before_it in _PLURALS or plural or generic or not _ARTICLES.isdisjoint(after[:1])
