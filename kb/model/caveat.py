"""A caveat: a condition without which a claim misleads; one caveat serves many claims."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.model.base import Examples, Model, Occurrence, Rule, Slug, Status, Text
from kb.model.evidence import Evidence
from kb.model.review import Dispute, Review, Withdrawal


class DisclosureKey(StrEnum):
    """The ten things that copy about ketamine must disclose somewhere."""

    TRANSIENT_EFFECT = "transient-effect"
    SIDE_EFFECTS = "side-effects"
    BP_MONITORING = "bp-monitoring"
    BLADDER_LONG_TERM = "bladder-long-term"
    ABUSE_DEPENDENCE = "abuse-dependence"
    OFF_LABEL = "off-label-not-approved"
    NOT_FOR_EVERYONE = "not-for-everyone/contraindications"
    EVIDENCE_LIMITED = "evidence-limited"
    MEDICAL_SUPERVISION = "medical-supervision"
    MAINTENANCE_NEEDED = "maintenance-needed"


class Caveat(Model):
    """What must be said beside a claim. The order of the fields is the canonical order in the file."""

    id: Slug
    caveat: Text = Field(description="The condition, in one or two plain sentences.")
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        description="Two to six words for lists and chips.",
    )
    suggested_disclosure: Text = Field(description="One sentence that a copywriter may paste.")
    key: DisclosureKey | None = None
    themes: tuple[Slug, ...] = Field(min_length=1)
    not_of: tuple[Slug, ...] = Field(
        default=(), description="Subjects of copy, as the audit names them, of which the caveat is not true."
    )
    status: Status
    restates_article: bool = Field(
        default=False,
        description="True where the caveat rests on no evidence of ours but on what an article itself concedes.",
    )
    evidence: tuple[Evidence, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    recognise: tuple[Rule, ...] = ()
    examples: Examples = Examples()
    denied: tuple[Rule, ...] = Field(
        default=(), description="When a unit about the treatment says the opposite of the caveat."
    )
    denial_examples: Examples = Field(default=Examples(), description="The tests of `denied`.")
    aliases: tuple[Slug, ...] = ()
    dispute: Dispute | None = None
    withdrawal: Withdrawal | None = None
    review: Review
