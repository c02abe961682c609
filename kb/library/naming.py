"""What a report has to say of the entries that it names, so that it can be read without the knowledge base."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.audit.report import NamedCaveat, NamedClaim
from kb.citations import cite

if TYPE_CHECKING:
    from kb.audit import AuditReport
    from kb.model import KnowledgeBase


def named(kb: KnowledgeBase, report: AuditReport) -> AuditReport:
    """Return the report with the claims, caveats and references that it names."""
    claims = _claims(kb, report)
    return replace(
        report,
        named_claims=claims,
        named_caveats=_caveats(kb, report, claims),
        references=_references(kb, report),
    )


def _claims(kb: KnowledgeBase, report: AuditReport) -> dict[str, NamedClaim]:
    """Return the claims that were recognised or that a finding names, by id."""
    ids = {mention.claim for found in report.documents for mention in found.mentions}
    ids |= {finding.claim for finding in report.findings}
    return {
        claim.id: NamedClaim(
            claim.claim,
            claim.verdict.value,
            claim.certainty.level.value if claim.certainty else None,
            tuple(owed.caveat for owed in claim.caveats),
            claim.aliases,
        )
        for claim in (kb.claims[name] for name in sorted(filter(None, ids)) if name in kb.claims)
    }


def _caveats(kb: KnowledgeBase, report: AuditReport, claims: dict[str, NamedClaim]) -> dict[str, NamedCaveat]:
    """Return the caveats that were recognised, that a finding names or that a named claim owes, by id."""
    ids = {disclosure.caveat for found in report.documents for disclosure in found.disclosures}
    ids |= {finding.caveat for finding in report.findings}
    ids |= {caveat for claim in claims.values() for caveat in claim.caveats}
    return {
        caveat.id: NamedCaveat(
            caveat.caveat,
            caveat.short,
            caveat.suggested_disclosure,
            caveat.key.value if caveat.key else None,
            caveat.aliases,
        )
        for caveat in (kb.caveats[name] for name in sorted(filter(None, ids)) if name in kb.caveats)
    }


def _references(kb: KnowledgeBase, report: AuditReport) -> dict[str, str]:
    """Return the references that findings name, each cited in a line."""
    keys = {key for finding in report.findings for key in finding.references}
    return {key: cite(key, kb.references[key]).text for key in sorted(keys) if key in kb.references}
