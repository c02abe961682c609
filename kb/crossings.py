"""What refers to what, the other way round: from a theme, source or reference to the entries that name it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from kb.model import Relation, RelationType, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import Caveat, Claim, KnowledgeBase

SEEN_FROM_THE_OTHER_END = {
    RelationType.BROADER: RelationType.NARROWER,
    RelationType.NARROWER: RelationType.BROADER,
    RelationType.SIMILAR: RelationType.SIMILAR,
    RelationType.CONTRADICTS: RelationType.CONTRADICTS,
    RelationType.RELATED: RelationType.RELATED,
}

_ORDER = (
    RelationType.CONTRADICTS,
    RelationType.SIMILAR,
    RelationType.BROADER,
    RelationType.NARROWER,
    RelationType.RELATED,
)


class Crossings:
    """The reverse lookups of one knowledge base, each worked out when first asked for. Lists are in id order."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    @cached_property
    def claims_by_theme(self) -> Mapping[str, list[Claim]]:
        """Theme → the claims that carry it."""
        found = defaultdict(list)
        for claim in self.kb.claims.values():
            for theme in claim.themes:
                found[theme].append(claim)
        return found

    @cached_property
    def claims_by_source(self) -> Mapping[str, list[Claim]]:
        """Source → the claims that it makes, each once."""
        found = defaultdict(list)
        for claim in self.kb.claims.values():
            for source in dict.fromkeys(place.source for place in claim.occurrences):
                found[source].append(claim)
        return found

    @cached_property
    def caveats_by_source(self) -> Mapping[str, list[Caveat]]:
        """Source → the caveats that it concedes, each once."""
        found = defaultdict(list)
        for caveat in self.kb.caveats.values():
            for source in dict.fromkeys(place.source for place in caveat.occurrences):
                found[source].append(caveat)
        return found

    @cached_property
    def claims_by_reference(self) -> Mapping[str, list[Claim]]:
        """Reference → the claims whose evidence cites it, each once."""
        found = defaultdict(list)
        for claim in self.kb.claims.values():
            for reference in dict.fromkeys(line.reference for line in claim.evidence):
                found[reference].append(claim)
        return found

    @cached_property
    def caveats_by_reference(self) -> Mapping[str, list[Caveat]]:
        """Reference → the caveats whose evidence cites it, each once."""
        found = defaultdict(list)
        for caveat in self.kb.caveats.values():
            for reference in dict.fromkeys(line.reference for line in caveat.evidence):
                found[reference].append(caveat)
        return found

    @cached_property
    def by_status(self) -> Counter[Status]:
        """How many claims and caveats have each status."""
        claims = Counter(claim.status for claim in self.kb.claims.values())
        return claims + Counter(caveat.status for caveat in self.kb.caveats.values())

    @property
    def published(self) -> int:
        """How many claims and caveats are published."""
        return self.by_status[Status.PUBLISHED]

    def relations(self, claim: Claim) -> list[Relation]:
        """Return the claim's relations, and those that only the other claim states, contradictions first."""
        own = list(claim.related)
        known = {relation.claim for relation in own}
        for other, relation in self._incoming.get(claim.id, ()):
            if other.id not in known:
                seen = SEEN_FROM_THE_OTHER_END[relation.type]
                own.append(Relation(claim=other.id, type=seen, note=relation.note))
        return sorted(own, key=lambda relation: _ORDER.index(relation.type))

    @cached_property
    def _incoming(self) -> Mapping[str, list[tuple[Claim, Relation]]]:
        found = defaultdict(list)
        for claim in self.kb.claims.values():
            for relation in claim.related:
                found[relation.claim].append((claim, relation))
        return found
