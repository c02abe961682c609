"""Disclosures: where copy gives a caveat of the knowledge base, or warns on a theme that serves a disclosure key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Disclosure, Subject, UnitKind, Why, Word
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Unit
    from kb.model import KnowledgeBase
    from kb.text import Recognition

_WARNINGS = frozenset({DisclosureKey.TRANSIENT_EFFECT, DisclosureKey.EVIDENCE_LIMITED})
"""Keys whose themes warn wherever they are said: that relief fades, that little is known."""

_NOT_OF_A_TREATMENT = frozenset({Subject.NONE, Subject.CONDITION})


def disclosed(
    kb: KnowledgeBase, unit: Unit, subject: Subject, recognised: Iterable[Recognition]
) -> Iterator[Disclosure]:
    """Yield what one unit discloses; `recognised` is everything that was recognised in it, claims too.

    A question warns of nothing, and neither does a word about another treatment or about use on the street. A caveat
    that serves no key may stand in a sentence about no treatment at all: "In a crisis, call 988."
    """
    if unit.kind is UnitKind.QUESTION:
        return
    known = list(recognised)
    served = {kb.caveats[one.id].key for one in known if one.kind == "caveat"}
    served |= {kb.topics[one.id].key for one in known if one.kind == "topic-disclosure"}
    for found in known:
        if found.kind == "caveat":
            caveat = kb.caveats[found.id]
            if subject.ours or (caveat.key is None and subject in _NOT_OF_A_TREATMENT):
                yield Disclosure(unit.index, found.id, caveat.key, caveat.themes, *_extent(unit, found), _why(found))
        elif found.kind == "topic-disclosure" and subject.ours:
            key = kb.topics[found.id].key
            yield Disclosure(unit.index, None, key, (found.id,), *_extent(unit, found), _why(found))
        elif found.kind == "topic" and subject.ours and found.rule is not None and unit.kind is not UnitKind.HEADING:
            key = kb.topics[found.id].key
            if key in _WARNINGS - served:
                yield Disclosure(unit.index, None, key, (found.id,), *_extent(unit, found), _why(found))


def _extent(unit: Unit, found: Recognition) -> tuple[int, int]:
    """Return the stretch of the words in the unit, the whole unit where only its lead-in has any."""
    own = [hit for hit in found.hits if hit.first >= 0]
    if not own:
        return unit.start, unit.end
    return min(hit.start for hit in own), max(hit.end for hit in own)


def _why(found: Recognition) -> Why:
    return Why(found.rule, tuple(Word(hit.concept, hit.start, hit.end) for hit in found.hits))
