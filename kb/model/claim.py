"""A claim: one assertion that the sources make, with its verdict, evidence, caveats and places."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from kb.model.base import Examples, Model, Occurrence, Rule, Slug, Status, Text
from kb.model.evidence import Certainty, Evidence
from kb.model.review import Dispute, Review, Withdrawal


class ClaimType(StrEnum):
    """What kind of thing is asserted."""

    EFFICACY = "efficacy"
    ONSET = "onset"
    MECHANISM = "mechanism"
    SAFETY = "safety"
    PROCESS = "process"
    ACCESS = "access"
    REGULATORY = "regulatory"
    HISTORY = "history"
    COMPARISON = "comparison"
    OUTLOOK = "outlook"
    BACKGROUND = "background"


class Verdict(StrEnum):
    """What the evidence says of the claim as worded; there is no "partial"."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONTESTED = "contested"
    UNPROVEN = "unproven"
    NOT_CHECKABLE = "not-checkable"


class Near(StrEnum):
    """How close to the claim a caveat must stand."""

    SENTENCE = "sentence"
    SECTION = "section"
    DOCUMENT = "document"


class RelationType(StrEnum):
    """How another claim relates: the broader one, the narrower one, a similar or a contradicting one, or a related one.

    `related` is SKOS's: neither is the other's, and who looks for one should be shown the other.
    """

    BROADER = "broader"
    NARROWER = "narrower"
    SIMILAR = "similar"
    CONTRADICTS = "contradicts"
    RELATED = "related"


class Scope(Model):
    """What the verdict is about; a claim that goes beyond it is not covered by the evidence."""

    drug: Text | None = None
    route: Text | None = None
    population: Text | None = None
    horizon: Text | None = None


class OwedCaveat(Model):
    """A caveat without which this claim misleads, and how near it must stand."""

    caveat: Slug
    near: Near


class NoCaveat(Model):
    """Why a claim owes no caveat."""

    reason: Text


class Relation(Model):
    """A tie to another claim, with a note on what the tension or likeness is."""

    claim: Slug
    type: RelationType
    note: Text | None = None


def _told_apart(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a phrase that stands there twice."""
    for index, phrase in enumerate(phrases):
        if phrase in phrases[:index]:
            message = f"“{phrase}” is there already; delete it"
            raise ValueError(message)
    return phrases


Asked = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)], ...],
    Field(
        max_length=20,
        description="How people ask who look for this claim; only search reads it, never the audit.",
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_told_apart),
]


class Claim(Model):
    """One assertion, in our own words. The order of the fields is the canonical order in the file."""

    id: Slug
    claim: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=200)] = Field(
        description="The assertion in one plain sentence of our own words.",
    )
    type: ClaimType
    themes: tuple[Slug, ...] = Field(min_length=1)
    status: Status
    verdict: Verdict
    certainty: Certainty | None = None
    rationale: Text = Field(description="Why this verdict and this certainty, in one to three plain sentences.")
    scope: Scope | None = None
    evidence: tuple[Evidence, ...] = ()
    caveats: tuple[OwedCaveat, ...] = ()
    no_caveat: NoCaveat | None = None
    occurrences: tuple[Occurrence, ...] = ()
    recognise: tuple[Rule, ...] = ()
    examples: Examples = Examples()
    asked: Asked = ()
    related: tuple[Relation, ...] = ()
    aliases: tuple[Slug, ...] = ()
    dispute: Dispute | None = None
    withdrawal: Withdrawal | None = None
    review: Review
