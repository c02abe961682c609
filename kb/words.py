"""Verdicts, certainty and statuses in plain words, for people who have never heard of GRADE.

Certainty follows GRADE's definitions, and sentences about an effect follow its advice on wording (GRADE guidelines 26:
plain statement, "probably", "may", "very uncertain"). Nothing here reads entries from disk or touches Flask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.model import (
    CertaintyLevel,
    CertaintyReason,
    ClaimType,
    Design,
    Direction,
    Directness,
    DisclosureKey,
    Near,
    Read,
    RelationType,
    Status,
    Strength,
    Verdict,
    WithdrawalReason,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.model import Claim, KnowledgeBase


@dataclass(frozen=True, slots=True)
class Wording:
    """A value in words: `label` for badges and lists, `meaning` as a sentence."""

    label: str
    meaning: str


VERDICTS: Mapping[Verdict, Wording] = {
    Verdict.SUPPORTED: Wording("Supported", "The evidence speaks for the claim as it is worded here."),
    Verdict.REFUTED: Wording("Refuted", "The evidence speaks against the claim as it is worded here."),
    Verdict.CONTESTED: Wording("Contested", "There is evidence for the claim and evidence against it."),
    Verdict.UNPROVEN: Wording("Unproven", "There is too little evidence, or none of the right kind, to say."),
    Verdict.NOT_CHECKABLE: Wording(
        "Not checkable",
        "A promise, an opinion, a story, a clinic's own practice, or background that no reference here covers. "
        "It may owe caveats all the same.",
    ),
}

CERTAINTY: Mapping[CertaintyLevel, Wording] = {
    CertaintyLevel.HIGH: Wording(
        "High certainty",
        "We are very confident that the true effect lies close to what the evidence shows.",
    ),
    CertaintyLevel.MODERATE: Wording(
        "Moderate certainty",
        "The true effect is likely to be close to what the evidence shows, but it may be substantially different.",
    ),
    CertaintyLevel.LOW: Wording(
        "Low certainty",
        "Our confidence is limited: the true effect may be substantially different from what the evidence shows.",
    ),
    CertaintyLevel.VERY_LOW: Wording(
        "Very low certainty",
        "We have very little confidence: the true effect is likely to be substantially different.",
    ),
}
NOT_GRADED = Wording("Not graded", "Certainty is graded only for claims that references here can settle.")
ON_RECORD = Wording("On record", "A matter of law, labelling or history, read in the record; GRADE does not grade it.")

_JUDGEMENTS: Mapping[Verdict, Mapping[CertaintyLevel | None, str]] = {
    Verdict.SUPPORTED: {
        CertaintyLevel.HIGH: "The evidence shows that this is so.",
        CertaintyLevel.MODERATE: "This is probably so.",
        CertaintyLevel.LOW: "This may be so; the evidence is limited.",
        CertaintyLevel.VERY_LOW: "This may be so, but the evidence is very uncertain.",
        None: "The evidence speaks for this; how surely has not been graded.",
    },
    Verdict.REFUTED: {
        CertaintyLevel.HIGH: "The evidence shows that this is not so.",
        CertaintyLevel.MODERATE: "This is probably not so.",
        CertaintyLevel.LOW: "This may not be so; the evidence is limited.",
        CertaintyLevel.VERY_LOW: "This may not be so, but the evidence is very uncertain.",
        None: "The evidence speaks against this; how surely has not been graded.",
    },
    Verdict.CONTESTED: {
        CertaintyLevel.HIGH: "The evidence points both ways.",
        CertaintyLevel.MODERATE: "The evidence points both ways.",
        CertaintyLevel.LOW: "The evidence points both ways, and it is limited.",
        CertaintyLevel.VERY_LOW: "The evidence points both ways, and it is very uncertain.",
        None: "The evidence points both ways.",
    },
    Verdict.UNPROVEN: {
        CertaintyLevel.HIGH: "The evidence does not show this.",
        CertaintyLevel.MODERATE: "The evidence does not show this.",
        CertaintyLevel.LOW: "The evidence is limited and does not show this.",
        CertaintyLevel.VERY_LOW: "The evidence is very uncertain and does not show this.",
        None: "There is no evidence that shows this.",
    },
    Verdict.NOT_CHECKABLE: dict.fromkeys(
        (*CertaintyLevel, None), "No reference here could settle this, so it is not judged."
    ),
}
_OF_RECORD = frozenset({ClaimType.REGULATORY, ClaimType.HISTORY})
_RECORD_JUDGEMENTS: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: "This is on record.",
    Verdict.REFUTED: "The record says otherwise.",
}

REASONS: Mapping[CertaintyReason, Wording] = {
    CertaintyReason.RISK_OF_BIAS: Wording("risk of bias", "The studies could mislead, for instance without blinding."),
    CertaintyReason.INCONSISTENCY: Wording("inconsistency", "Studies disagree more than chance would explain."),
    CertaintyReason.INDIRECTNESS: Wording(
        "indirectness", "They studied another drug form, route, group of people or outcome than the claim's."
    ),
    CertaintyReason.IMPRECISION: Wording("imprecision", "Too few people or events to pin the effect down."),
    CertaintyReason.PUBLICATION_BIAS: Wording("publication bias", "Disappointing results seem to be missing."),
    CertaintyReason.LARGE_EFFECT: Wording("large effect", "The effect is too large to be an artefact."),
    CertaintyReason.DOSE_RESPONSE: Wording("dose response", "More of the drug goes with more of the effect."),
    CertaintyReason.OPPOSING_CONFOUNDING: Wording(
        "opposing confounding", "What could have distorted the result would have made it smaller."
    ),
}
RAISING = frozenset({CertaintyReason.LARGE_EFFECT, CertaintyReason.DOSE_RESPONSE, CertaintyReason.OPPOSING_CONFOUNDING})

STATUSES: Mapping[Status, Wording] = {
    Status.DRAFT: Wording("Draft, not yet reviewed by a clinician", "Still being written; do not rely on it."),
    Status.IN_REVIEW: Wording("Not yet reviewed by a clinician", "Complete, and waiting for a clinician's approval."),
    Status.PUBLISHED: Wording("Reviewed and published", "A second person has approved it as it stands."),
    Status.DISPUTED: Wording("Disputed", "Somebody objects with reasons; it is being looked at again."),
    Status.WITHDRAWN: Wording("Withdrawn", "It no longer stands. It is kept so that old links still lead somewhere."),
}

WITHDRAWALS: Mapping[WithdrawalReason, Wording] = {
    WithdrawalReason.RETRACTED_EVIDENCE: Wording(
        "Evidence retracted", "A work that it rested on was retracted or corrected, and too little is left without it."
    ),
    WithdrawalReason.SUPERSEDED: Wording(
        "Superseded", "Later evidence or a later entry says it better; that entry takes its place."
    ),
    WithdrawalReason.DUPLICATE: Wording("Duplicate", "Another entry says the same; that entry takes its place."),
    WithdrawalReason.OUT_OF_SCOPE: Wording("Out of scope", "It is not about what this knowledge base covers."),
    WithdrawalReason.ERROR: Wording(
        "Error", "The entry was wrong from the start: misread, miscounted or misattributed."
    ),
}

TYPES: Mapping[ClaimType, Wording] = {
    ClaimType.EFFICACY: Wording("Efficacy", "It works, or how well."),
    ClaimType.ONSET: Wording("Onset and duration", "How soon it works, or for how long."),
    ClaimType.MECHANISM: Wording("Mechanism", "How it works in the body."),
    ClaimType.SAFETY: Wording("Safety", "Harms, risks, and who should not have it."),
    ClaimType.PROCESS: Wording("Process of care", "How treatment is given."),
    ClaimType.ACCESS: Wording("Access", "Where it can be had, and what it costs."),
    ClaimType.REGULATORY: Wording("Regulation", "Approval, scheduling, law."),
    ClaimType.HISTORY: Wording("History", "What happened before."),
    ClaimType.COMPARISON: Wording("Comparison", "Better or worse than something else."),
    ClaimType.OUTLOOK: Wording("Outlook", "Promises and hopes."),
    ClaimType.BACKGROUND: Wording("Background", "About the illness, or about usual treatment."),
}

NEAR: Mapping[Near, Wording] = {
    Near.SENTENCE: Wording("In the same sentence", "The claim must not be read without it."),
    Near.SECTION: Wording("In the same section", "Under the same heading as the claim."),
    Near.DOCUMENT: Wording("In the same document", "Anywhere on the same page or leaflet."),
}

STRENGTHS: Mapping[Strength, Wording] = {
    Strength.HEDGED: Wording("Hedged", "Worded with care: may, can, some people."),
    Strength.PLAIN: Wording("Plain", "Stated as a fact."),
    Strength.EMPHATIC: Wording("Emphatic", "Stated with force: proven, always, remarkable."),
}

DIRECTIONS: Mapping[Direction, Wording] = {
    Direction.SUPPORTS: Wording("Supports", "Points towards the claim."),
    Direction.DISPUTES: Wording("Disputes", "Points against the claim."),
    Direction.NEUTRAL: Wording("Neutral", "Bears on the claim without pointing either way."),
}

DIRECTNESS: Mapping[Directness, Wording] = {
    Directness.DIRECT: Wording("direct", "About this drug, route, people and outcome."),
    Directness.INDIRECT: Wording("indirect", "About another drug form, route, group of people or outcome."),
}

DESIGNS: Mapping[Design, str] = {
    Design.RCT: "randomised controlled trial",
    Design.META_ANALYSIS: "meta-analysis",
    Design.SYSTEMATIC_REVIEW: "systematic review",
    Design.GUIDELINE: "guideline",
    Design.CONSENSUS: "consensus statement",
    Design.HTA: "health technology assessment",
    Design.OPEN_LABEL: "open-label study, no control group",
    Design.COHORT: "cohort study",
    Design.CASE_SERIES: "case series",
    Design.CASE_REPORT: "case report",
    Design.HUMAN_IMAGING: "imaging study in people",
    Design.PHARMACOKINETIC: "pharmacokinetic study",
    Design.PRECLINICAL: "laboratory or animal study",
    Design.REVIEW: "narrative review",
    Design.OPINION: "expert opinion",
    Design.LABEL: "drug label",
    Design.REGULATION: "law or regulation",
    Design.AGENCY: "agency communication",
    Design.SURVEY: "survey",
    Design.CONTENT_ANALYSIS: "content analysis",
    Design.NEWS: "news report",
    Design.HISTORY: "historical account",
}

READ: Mapping[Read, Wording] = {
    Read.PRIMARY: Wording("Read in the original", "The work, its abstract, the label or the law itself was read."),
    Read.SECONDARY: Wording(
        "Not read in the original", "Its numbers were taken from a published report of the work, not from the work."
    ),
}

RELATIONS: Mapping[RelationType, Wording] = {
    RelationType.CONTRADICTS: Wording("Contradicts", "Both cannot be true as worded."),
    RelationType.SIMILAR: Wording("Similar", "Close to this claim, but not the same."),
    RelationType.BROADER: Wording("Broader", "Says more than this claim does."),
    RelationType.NARROWER: Wording("Narrower", "Says less than this claim does."),
    RelationType.RELATED: Wording("See also", "Belongs beside this claim."),
}

KEYS: Mapping[DisclosureKey, Wording] = {
    DisclosureKey.TRANSIENT_EFFECT: Wording("The effect fades", "Relief usually does not last without more treatment."),
    DisclosureKey.SIDE_EFFECTS: Wording("Side effects", "What people commonly feel during or after treatment."),
    DisclosureKey.BP_MONITORING: Wording("Blood pressure", "It rises, and must be watched."),
    DisclosureKey.BLADDER_LONG_TERM: Wording("Bladder and long-term harm", "What frequent or long use can do."),
    DisclosureKey.ABUSE_DEPENDENCE: Wording("Misuse and dependence", "It is a controlled drug that people misuse."),
    DisclosureKey.OFF_LABEL: Wording("Off-label, not approved", "Regulators have not approved it for this use."),
    DisclosureKey.NOT_FOR_EVERYONE: Wording("Not for everyone", "Who must not have it, or needs special care."),
    DisclosureKey.EVIDENCE_LIMITED: Wording("Limits of the evidence", "How little is known, or how uncertain it is."),
    DisclosureKey.MEDICAL_SUPERVISION: Wording("Medical supervision", "It needs trained staff and monitoring."),
    DisclosureKey.MAINTENANCE_NEEDED: Wording("Maintenance", "Repeat sessions are usually needed."),
}

NOT_REVIEWED_NOTICE = "No entry here has been reviewed by a clinician yet."
SOME_REVIEWED_NOTICE = "Only entries marked as published have been reviewed; all others have not."


def certainty_wording(claim: Claim) -> Wording:
    """Return how sure the verdict is: a GRADE level, "on record" for matters of record, or "not graded"."""
    if claim.certainty is None:
        return NOT_GRADED
    if _is_on_record(claim):
        return ON_RECORD
    return CERTAINTY[claim.certainty.level]


def judgement(claim: Claim) -> str:
    """Return verdict and certainty as one sentence, worded as GRADE advises."""
    if _is_on_record(claim) and claim.verdict in _RECORD_JUDGEMENTS:
        return _RECORD_JUDGEMENTS[claim.verdict]
    return _JUDGEMENTS[claim.verdict][claim.certainty.level if claim.certainty else None]


def _is_on_record(claim: Claim) -> bool:
    level = claim.certainty.level if claim.certainty else None
    return claim.type in _OF_RECORD and level is CertaintyLevel.HIGH


def sentence_case(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it was."""
    return text[:1].upper() + text[1:]


def theme_label(kb: KnowledgeBase, theme: str) -> str:
    """Return what a theme is about ("Eases depression or its symptoms"), or its key where it is not listed."""
    return sentence_case(kb.theme_descriptions.get(theme, theme))


def group_label(group: str) -> str:
    """Return the name of a group of themes ("Onset and duration")."""
    return sentence_case(group.replace("-", " "))


def review_notice(published: int) -> str:
    """Return what every page says about review, given how many entries are published."""
    return SOME_REVIEWED_NOTICE if published else NOT_REVIEWED_NOTICE
