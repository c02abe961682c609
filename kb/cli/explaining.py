"""Why a finding is there, and what a sentence says to the audit: for people who want to see every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import words
from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit import AuditReport, Disclosure, Document, DocumentReport, Mention, Why
    from kb.finding import Finding
    from kb.model import Claim, KnowledgeBase


def explain(kb: KnowledgeBase, report: AuditReport, number: int) -> str:
    """Return all that stands behind the Nth finding of a report; raise `KbError` where there are fewer."""
    numbered = [(found, finding) for found in report.documents for finding in found.findings]
    if number > len(numbered):
        message = f"there is no finding {number}; this audit has {len(numbered)}"
        raise KbError(message)
    found, finding = numbered[number - 1]
    return "".join(f"{line}\n" for line in _explained(kb, found, finding))


def _explained(kb: KnowledgeBase, found: DocumentReport, finding: Finding) -> Iterator[str]:
    yield f"{finding.location}: {finding.level}: {finding.message} [{finding.rule}]"
    if finding.region and finding.region.text:
        yield f"  the words: “{_squeezed(finding.region.text)}”"
    for mention in _mentions(found, finding):
        yield from _mention(kb, found.document, mention)
    if finding.claim:
        yield from _claim(kb.claim(finding.claim))
    if finding.caveat:
        caveat = kb.caveat(finding.caveat)
        yield f"  the caveat {caveat.id}: {caveat.caveat}"
        yield f"  to paste: {caveat.suggested_disclosure}"
    if finding.suppressed:
        yield f"  accepted: {finding.suppressed.reason}"


def _mentions(found: DocumentReport, finding: Finding) -> Iterator[Mention]:
    """Yield the mentions of the finding's claim that share a character with it."""
    region = finding.region
    for mention in found.mentions:
        if region and mention.claim == finding.claim and mention.start < region.end and region.start < mention.end:
            yield mention


def _claim(claim: Claim) -> Iterator[str]:
    yield f"  the claim {claim.id}: {claim.claim}"
    yield f"  the evidence: {words.judgement(claim)} {claim.rationale}"
    for evidence in claim.evidence:
        yield f"    {evidence.reference} ({evidence.direction}, {evidence.directness}): {evidence.finding}"


def steps(kb: KnowledgeBase, report: AuditReport) -> str:
    """Return what each unit of the report's documents says to the audit."""
    return "".join(f"{line}\n" for found in report.documents for line in _steps(kb, found))


def _steps(kb: KnowledgeBase, found: DocumentReport) -> Iterator[str]:
    document = found.document
    for unit, subject in zip(document.units, found.subjects, strict=True):
        yield f"“{_squeezed(document.excerpt(unit.start, unit.end))}”"
        yield f"  {unit.kind} about {subject}"
        for mention in found.mentions:
            if mention.unit == unit.index:
                yield from _mention(kb, document, mention)
        for disclosure in found.disclosures:
            if disclosure.unit == unit.index:
                yield from _disclosure(kb, document, disclosure)
        for finding in found.findings:
            if finding.region and unit.start <= finding.region.start < unit.end:
                yield f"  {finding.level}: {finding.message} [{finding.rule}]"


def _mention(kb: KnowledgeBase, document: Document, mention: Mention) -> Iterator[str]:
    themes = ", ".join(words.theme_label(kb, theme) for theme in mention.themes)
    what = f"claim {mention.claim}" if mention.claim else f"speaks on {themes}, no claim of ours"
    yield f"  {what} ({mention.match}, {mention.polarity}, {mention.strength})"
    yield from _why(document, mention.why)


def _disclosure(kb: KnowledgeBase, document: Document, disclosure: Disclosure) -> Iterator[str]:
    key = f", for {disclosure.key}" if disclosure.key else ""
    themes = ", ".join(words.theme_label(kb, theme) for theme in disclosure.themes)
    yield f"  discloses {disclosure.caveat or themes}{key}"
    yield from _why(document, disclosure.why)


def _why(document: Document, why: Why) -> Iterator[str]:
    for word in why.words:
        yield f"    “{_squeezed(document.excerpt(word.start, word.end))}” says {word.concept}"
    for note in why.notes:
        yield f"    {note}"


def _squeezed(text: str) -> str:
    return " ".join(text.split())
