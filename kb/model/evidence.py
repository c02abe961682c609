"""Evidence beside a claim or caveat, and how sure it makes us (GRADE)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kb.model.base import Model, ReferenceKey, Text


class Direction(StrEnum):
    """Which way a piece of evidence points for the claim as worded."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    NEUTRAL = "neutral"


class Directness(StrEnum):
    """Whether the evidence is about the very drug, route, people and outcome of the claim."""

    DIRECT = "direct"
    INDIRECT = "indirect"


class Design(StrEnum):
    """What kind of work a reference reports."""

    RCT = "rct"
    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic-review"
    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    HTA = "health-technology-assessment"
    OPEN_LABEL = "open-label"
    COHORT = "cohort"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    HUMAN_IMAGING = "human-imaging"
    PHARMACOKINETIC = "pharmacokinetic"
    PRECLINICAL = "preclinical"
    REVIEW = "review"
    OPINION = "opinion"
    LABEL = "label"
    REGULATION = "regulation"
    AGENCY = "agency-communication"
    SURVEY = "survey"
    CONTENT_ANALYSIS = "content-analysis"
    NEWS = "news"
    HISTORY = "history"


class CertaintyLevel(StrEnum):
    """GRADE: how sure we are that the true effect is close to what the evidence says."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"


class CertaintyReason(StrEnum):
    """GRADE: why the certainty was lowered (the first five) or raised (the last three)."""

    RISK_OF_BIAS = "risk-of-bias"
    INCONSISTENCY = "inconsistency"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    PUBLICATION_BIAS = "publication-bias"
    LARGE_EFFECT = "large-effect"
    DOSE_RESPONSE = "dose-response"
    OPPOSING_CONFOUNDING = "opposing-confounding"


class Certainty(Model):
    """A GRADE level with its reasons; for matters of record (law, labels, history) `high` means "on record"."""

    level: CertaintyLevel
    reasons: tuple[CertaintyReason, ...] = ()


class Evidence(Model):
    """One line of evidence: what a reference found that bears on the claim, in our own words."""

    reference: ReferenceKey
    direction: Direction
    directness: Directness
    design: Design
    finding: Text = Field(description="What it found, with numbers, in our own words.")
    recheck: Text | None = Field(
        default=None,
        description="Why somebody must look whether it still fits the entry as it is worded now.",
    )
