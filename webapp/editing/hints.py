"""What the models do not say: labels, help, which fields name other entries, and which the review pages own.

A new field of a model needs nothing here: its label comes from its name and its help from its description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import words
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
)
from kb.words import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum
    from typing import Any

PICKS: Mapping[str, str] = {
    "Claim.themes": "theme",
    "Caveat.themes": "theme",
    "OwedCaveat.caveat": "caveat",
    "Occurrence.source": "source",
    "Evidence.reference": "reference",
    "Relation.claim": "claim",
    "Rule.all": "concept",
    "Rule.any": "concept",
    "Rule.unless": "concept",
    "Concept.includes": "concept",
}
"""Field → the kind of entry whose id it takes."""

KEPT = frozenset(
    {
        "Claim.status",
        "Claim.aliases",
        "Claim.dispute",
        "Claim.withdrawal",
        "Caveat.status",
        "Caveat.aliases",
        "Caveat.dispute",
        "Caveat.withdrawal",
        "Review.author",
        "Review.changed_by",
        "Review.approved_by",
        "Review.approved_on",
        "Review.first_approved",
        "Review.note",
    }
)
"""Fields that no form of this area changes: a rename, a save or a review does."""

MARKS = frozenset({"Evidence.recheck"})
"""Notes of the program that a person can only take away."""

LONG = frozenset(
    {
        "Claim.claim",
        "Claim.rationale",
        "NoCaveat.reason",
        "Evidence.finding",
        "Relation.note",
        "Caveat.caveat",
        "Caveat.suggested_disclosure",
        "Reference.title",
        "Reference.finding",
        "Reference.limits",
        "Reference.note",
        "Source.note",
        "Disposition.reason",
        "Concept.note",
        "Theme.description",
    }
)
"""Texts that are sentences, not words."""

_LABELS: Mapping[str, str] = {
    "Claim.recognise": "Recognised by",
    "Claim.asked": "How people ask for it",
    "Caveat.recognise": "Recognised by",
    "Topic.recognise": "Speaks on the theme",
    "Caveat.denied": "Denied by",
    "Caveat.denial_examples": "Examples of denials",
    "Topic.discloses": "Warns on the theme",
    "Topic.disclosure_examples": "Examples of warnings",
    "Claim.related": "Related claims",
    "Claim.no_caveat": "Why it owes no caveat",
    "Claim.occurrences": "Where articles say it",
    "Caveat.occurrences": "Where articles say it",
    "Caveat.not_of": "Not true of",
    "Caveat.key": "Disclosure key",
    "Topic.key": "Disclosure key",
    "Caveat.restates_article": "Restates an article",
    "Examples.match": "Must be recognised",
    "Examples.no_match": "Must not be recognised",
    "Rule.all": "All of",
    "Rule.any": "Any of",
    "Rule.unless": "Unless",
    "Rule.within": "Within words",
    "OwedCaveat.near": "How near",
    "Relation.type": "How it relates",
    "Reference.et_al": "More authors than listed",
    "Reference.issued": "Year",
    "Reference.container_title": "Journal or site",
    "Reference.doi": "DOI",
    "Reference.pmid": "PMID",
    "Reference.url": "Address",
    "Reference.to_confirm": "Fields to confirm",
    "Name.literal": "Name of a body",
    "Name.family": "Family name",
    "Name.given": "Given names",
    "SourceText.sha256": "SHA-256",
    "SourceText.chars": "Characters",
    "Concept.widen": "Widens searches",
    "Review.due": "Look at it again by",
    "Evidence.recheck": "To be looked at again",
    "Source.dispositions": "Stretches without a claim",
}

_HELP: Mapping[str, str] = {
    "Claim.type": "What kind of thing is asserted.",
    "Claim.themes": "One or more themes; they are a closed list.",
    "Claim.verdict": "It judges the sentence as worded. There is no “partly”: split a claim that is only partly true.",
    "Claim.certainty": "GRADE: how sure we are. Every level below high names a reason; not-checkable has none.",
    "Claim.scope": "What the verdict is about. Fill in what matters.",
    "Claim.evidence": "Only references on file. Each line is judged for the claim as it is worded.",
    "Claim.caveats": "What must stand beside the claim, and how near.",
    "Claim.no_caveat": "Only where it owes none.",
    "Claim.occurrences": "Mark the words in an attached article; selector, digest and section follow.",
    "Claim.recognise": "When a sentence of copy makes this claim: all of these concepts, any of those, none of these.",
    "Claim.examples": "Your own tests of the rules, in your own words.",
    "Claim.asked": "Questions and words of those who look for this claim, one a line. Only search reads them.",
    "Claim.related": "Each with a note. Contradictions and likenesses stand on both sides, what belongs beside on one.",
    "Caveat.key": "Which of the ten disclosures it serves.",
    "Caveat.themes": "One or more themes; they are a closed list.",
    "Caveat.evidence": "Only references on file.",
    "Caveat.occurrences": "Mark the words in an attached article; selector, digest and section follow.",
    "Caveat.recognise": "When one sentence of copy discloses this: all of these concepts, any of those, none of these.",
    "Caveat.examples": "Your own tests of the rules, in your own words.",
    "Topic.examples": "The tests of the rules above.",
    "Examples.match": "One sentence a line.",
    "Examples.no_match": "Near misses, one a line.",
    "Rule.all": "Every one of these concepts.",
    "Rule.any": "At least one of these.",
    "Rule.unless": "None of these.",
    "Rule.within": "The window of words that holds them all; empty for the whole sentence.",
    "Evidence.reference": "A key of the references.",
    "Evidence.direction": "Which way it points for the claim as worded.",
    "Evidence.directness": "Direct: this very drug, route, people and outcome.",
    "Evidence.design": "That of the reference.",
    "OwedCaveat.caveat": "The caveat without which the claim misleads.",
    "OwedCaveat.near": "How close to the claim it must stand.",
    "Occurrence.strength": "As that article words it.",
    "Relation.note": "What the tension or likeness is.",
    "Concept.terms": "One a line, matched by stem; * stands for up to three words.",
    "Concept.exact": "One a line, matched letter by letter, such as WHO or IV.",
    "Concept.includes": "Concepts whose words it has as well.",
    "Concept.label": "A few words for people.",
    "Reference.author": "In the order of the record.",
    "Reference.read": "Primary: the work itself was read.",
    "Reference.to_confirm": "Fields whose wording was not seen in the record, one a line.",
    "Source.text": "What the plain text file is known by.",
    "Source.outline": "The headings, under labels of your own.",
    "Source.dispositions": "Prose that carries neither claim nor caveat, and why.",
    "Review.due": "A day, or empty.",
}

_ONE: Mapping[str, str] = {
    "evidence": "line of evidence",
    "caveats": "caveat",
    "occurrences": "place",
    "recognise": "rule",
    "discloses": "rule",
    "denied": "rule",
    "related": "claim",
    "outline": "heading",
    "dispositions": "stretch",
    "author": "author",
    "positions": "position",
}
"""What one of several is called."""

_WORDINGS: Mapping[type[Enum], Mapping[Any, Wording] | Mapping[Any, str]] = {
    Verdict: words.VERDICTS,
    CertaintyLevel: words.CERTAINTY,
    CertaintyReason: words.REASONS,
    ClaimType: words.TYPES,
    Near: words.NEAR,
    Strength: words.STRENGTHS,
    Status: words.STATUSES,
    Direction: words.DIRECTIONS,
    Directness: words.DIRECTNESS,
    Design: words.DESIGNS,
    Read: words.READ,
    RelationType: words.RELATIONS,
    DisclosureKey: words.KEYS,
}


def label(key: str, name: str) -> str:
    """Return what a field is called on a form."""
    return _LABELS.get(key) or name.replace("_", " ").replace("-", " ").capitalize()


def help_of(key: str, description: str | None) -> str:
    """Return the sentence beside a field; the model's own where it has one."""
    return _HELP.get(key) or description or ""


def one_of(name: str) -> str:
    """Return what one of several groups is called."""
    return _ONE.get(name, name)


def choices(values: type[Enum]) -> tuple[tuple[str, str, str], ...]:
    """Return (value, label, meaning) of each value that may be chosen."""
    wording: Mapping[Any, Wording | str] = dict(_WORDINGS.get(values, {}))
    found = []
    for value in values:
        said = wording.get(value, str(value.value).replace("-", " ").capitalize())
        label, meaning = (said.label, said.meaning) if isinstance(said, Wording) else (said, "")
        found.append((str(value.value), words.sentence_case(label), meaning))
    return tuple(found)
