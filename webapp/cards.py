"""Entries with everything resolved that a page or a JSON answer says about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from kb import words
from kb.citations import cite
from kb.model import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.citations import Citation
    from kb.model import Caveat, Evidence, KnowledgeBase, Near, Reference, Relation, Source
    from kb.words import Wording


@dataclass(frozen=True, slots=True)
class Owed:
    """A caveat that a claim owes. `caveat` is `None` where no such caveat is on file: then its id is shown."""

    id: str
    near: Near
    caveat: Caveat | None

    @property
    def short(self) -> str:
        """Two to six words for lists."""
        return self.caveat.short if self.caveat else self.id


@dataclass(frozen=True, slots=True)
class Line:
    """A line of evidence with its reference; `reference` is `None` where the key is not on file."""

    evidence: Evidence
    reference: Reference | None
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Related:
    """Another claim and how it relates; `claim` is `None` where no such claim is on file."""

    relation: Relation
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to use in place of a withdrawn entry."""

    text: str
    url: str


def replacement(kb: KnowledgeBase, entry: Claim | Caveat) -> Replacement | None:
    """Return what a withdrawn entry names in its place; `None` where it names nothing that is on file."""
    wanted = entry.withdrawal.replacement if entry.withdrawal else None
    if wanted is None:
        return None
    if isinstance(entry, Claim):
        claim = kb.claims.get(wanted)
        return Replacement(claim.claim, url_for("claims.claim", claim_id=claim.id)) if claim else None
    caveat = kb.caveats.get(wanted)
    return Replacement(caveat.caveat, url_for("caveats.caveat", caveat_id=caveat.id)) if caveat else None


@dataclass(frozen=True, slots=True)
class Card:
    """A claim in brief, as lists and search results show it."""

    claim: Claim
    verdict: Wording
    certainty: Wording
    judgement: str
    status: Wording
    owed: tuple[Owed, ...]
    sources: tuple[Source, ...]


def card(kb: KnowledgeBase, claim: Claim) -> Card:
    """Return a claim in brief."""
    source_ids = sorted({place.source for place in claim.occurrences})
    return Card(
        claim=claim,
        verdict=words.VERDICTS[claim.verdict],
        certainty=words.certainty_wording(claim),
        judgement=words.judgement(claim),
        status=words.STATUSES[claim.status],
        owed=owed(kb, claim),
        sources=tuple(kb.sources[source_id] for source_id in source_ids if source_id in kb.sources),
    )


def owed(kb: KnowledgeBase, claim: Claim) -> tuple[Owed, ...]:
    """Return the caveats that a claim owes, those that must stand nearest first."""
    order = list(words.NEAR)
    found = [Owed(item.caveat, item.near, kb.caveats.get(item.caveat)) for item in claim.caveats]
    return tuple(sorted(found, key=lambda item: order.index(item.near)))


def lines(kb: KnowledgeBase, evidence: Iterable[Evidence]) -> tuple[Line, ...]:
    """Return lines of evidence with their citations, in the order of the file."""
    found = []
    for item in evidence:
        reference = kb.references.get(item.reference)
        found.append(Line(item, reference, cite(item.reference, reference) if reference else None))
    return tuple(found)


def related(kb: KnowledgeBase, relations: Iterable[Relation]) -> tuple[Related, ...]:
    """Return relations with the claims at their other ends."""
    return tuple(Related(relation, kb.claims.get(relation.claim)) for relation in relations)
