"""Approval that copy claims for the treatment: for an illness, or borrowed from the other drug that has it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Subject
from kb.audit.beside import around, before, denied
from kb.text.subjects import APPROVED_USE, ESKETAMINE, FORMS, OTHER_TREATMENT, TREATMENT, UNAPPROVED_USE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import Place

_OPENING = 6
"""Words from the start of a sentence in which another treatment is what the sentence is about, at most."""

_NEAR = 12
"""Words between an approval and the illness that it is for, at most."""

_DENIAL = 6
"""Words before an approval in which a denial or a wish takes it back."""

_EPITHET = 2
"""Words from "approved" to the treatment that is called so, at most."""

_APPOSITION = 3
"""Words from one name of a drug to the other where they are taken for one: "X nasal spray (Y)"."""

_PREDICATE = 3
"""Words from the name of the treatment to an approval that is said of it, at most: "infusions are already approved"."""

_ARE = frozenset({"is", "are", "being"})
_QUALIFYING = frozenset(
    {"for", "as", "in", "since", "to", "only", "on", "at", "when", "but", "anesthetic", "anaesthetic"}
)
_PLURALS = frozenset({"drugs", "medications", "medicines", "antidepressants", "products", "options", "treatments"})
_NONE = frozenset({"no", "none", "not", "neither", "nothing"})
_GENERIC = frozenset({"drug", "medicine", "medication", "product", "use", "dose"})
_ARTICLES = frozenset({"a", "an", "another"})
_KIN = frozenset({"related", "relative", "derivative", "cousin", "sister", "another", "different"})
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


class _Name(NamedTuple):
    """Where a drug is named, by token."""

    first: int
    drug: Subject


def approvals(reading: Reading, subject: Subject) -> Iterator[Approval]:
    """Yield the approvals that a unit claims for the treatment itself."""
    ours, other = reading.concepts.get(TREATMENT, ()), reading.concepts.get(ESKETAMINE, ())
    same = _taken_for_one(reading, ours, other)
    names = sorted(
        [_Name(name.first, Subject.KETAMINE) for name in ours]
        + [_Name(name.first, Subject.ESKETAMINE) for name in other]
    )
    firsts = {name.first for name in ours}
    last = -1
    for hit in reading.words.get("approval", ()):
        if hit.first <= last:  # "approved" in "FDA-approved"
            continue
        last = hit.last
        if denied(reading, hit, _DENIAL) or before(reading, "approval-wished", hit, _DENIAL) or _none(reading):
            continue
        adjacent = hit.last + 1 in firsts
        if not adjacent and (_of_another(reading, hit) or _another_named(reading, hit, firsts)):
            continue
        if not (same or adjacent or _whose(reading, hit, names, subject) is Subject.KETAMINE):
            continue
        illness = _illness(reading, hit)
        sold = _sold(reading, hit, adjacent=adjacent) or (not other and _outright(reading, hit, ours))
        if illness or same or (sold and not reading.concepts.get(APPROVED_USE)):
            end = max(hit.end, illness.end) if illness else hit.end
            yield Approval(hit.start, end, same or (adjacent and bool(other)), illness is not None)


def _taken_for_one(reading: Reading, ours: Iterable[Place], other: Sequence[Place]) -> bool:
    """Tell "ketamine nasal spray (Spravato)" from "ketamine and Spravato"."""
    names = sorted([(name, True) for name in ours] + [(name, False) for name in other], key=lambda pair: pair[0].first)
    for (first, one), (last, two) in pairwise(names):
        between = {token.word for token in reading.tokens[first.last + 1 : last.first]}
        if one is not two and 0 < last.first - first.last <= _APPOSITION and not between & _LINKS:
            return True
    return False


def _whose(reading: Reading, hit: WordHit, names: Sequence[_Name], subject: Subject) -> Subject:
    """Return which drug an approval goes with: the name nearest before it in its clause, else nearest after."""
    first, last = reading.clause(hit.first)
    at = bisect_left(names, (hit.first,))
    if at and names[at - 1].first >= first:
        return names[at - 1].drug
    return names[at].drug if at < len(names) and names[at].first <= last else subject


def _illness(reading: Reading, hit: WordHit) -> Place | None:
    """Return the illness nearest after an approval, or right before it."""
    last = min(reading.clause(hit.first)[1], hit.last + _NEAR)
    found = reading.concepts.get(UNAPPROVED_USE, ())
    at = bisect_right(found, hit.last, key=lambda illness: illness.first)
    if at == len(found) or found[at].first > last:
        return None
    between = {token.word for token in reading.tokens[hit.last + 1 : found[at].first]}
    return None if "not" in between else found[at]


def _sold(reading: Reading, hit: WordHit, *, adjacent: bool) -> bool:
    """Tell "our approved treatment", which does not say for what, from "it was approved in 1970"."""
    return adjacent or bool(around(reading.words.get("treatment", ()), hit.last + 1, hit.last + _EPITHET))


def _outright(reading: Reading, hit: WordHit, ours: Iterable[Place]) -> bool:
    """Tell "ketamine is approved, so …" from "it was approved in 1970" and from "it is approved as …"."""
    between = [
        [token.word for token in reading.tokens[name.last + 1 : hit.first]] for name in ours if name.last < hit.first
    ]
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 2]]
    return _QUALIFYING.isdisjoint(after) and any(
        len(words) <= _PREDICATE and not _ARE.isdisjoint(words) for words in between
    )


def _none(reading: Reading) -> bool:
    """Tell "not one such product, compounded or otherwise, has been approved", however much stands between."""
    first = reading.tokens[0].word
    return first in _NONE and (first != "not" or reading.tokens[1].word in {"one", "a", "any"})


def _another_named(reading: Reading, hit: WordHit, ours: Collection[int]) -> bool:
    """Tell "only the nasal spray has been approved" and "a pill that also acts on it was approved"."""
    start = reading.clause(hit.first)[0]
    if any(start <= name < hit.first for name in ours):
        return False
    if any(start <= name.first < hit.first for name in reading.concepts.get(FORMS, ())):
        return True
    heads = [name.first for name in reading.concepts.get(OTHER_TREATMENT, ()) if name.first < hit.first]
    return bool(heads) and not any(name < hit.first for name in ours) and heads[0] < _OPENING


def _of_another(reading: Reading, hit: WordHit) -> bool:
    """Tell "drugs approved for it", "newer approved drugs", "has approved a nasal spray" and "a related drug is …"."""
    before_it = reading.tokens[hit.first - 1].word if hit.first else ""
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 1 + _EPITHET + 1]]
    if not _KIN.isdisjoint(token.word for token in reading.tokens[reading.clause(hit.first)[0] : hit.first]):
        return True
    earlier = [token.word for token in reading.tokens[max(0, hit.first - _DENIAL) : hit.first]]
    if {"have", "been"} <= set(earlier) and not _PLURALS.isdisjoint(earlier):
        return True
    plural = not _PLURALS.isdisjoint(after[:_EPITHET]) and before_it != "our"
    generic = before_it == "the" and not _GENERIC.isdisjoint(after[:1])
    return before_it in _PLURALS or plural or generic or not _ARTICLES.isdisjoint(after[:1])
