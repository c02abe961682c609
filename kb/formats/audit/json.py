"""The audit for other programs: one JSON object, schema `kb-audit/1`, described in docs/audit-report.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.audit.report import SCHEMA
from kb.finding import Level
from kb.formats.audit import comparison, indented

if TYPE_CHECKING:
    from kb.audit import AuditReport, Disclosure, Document, DocumentReport, Mention
    from kb.audit.base import Why
    from kb.audit.compare import Comparison
    from kb.audit.report import NamedCaveat, NamedClaim
    from kb.finding import Finding, Skipped


def render(report: AuditReport, *, compared: Comparison | None = None) -> str:
    """Return the report as JSON with a newline at its end."""
    return indented.dumps(content(report, compared)) + "\n"


def content(report: AuditReport, compared: Comparison | None = None) -> dict[str, Any]:
    """Return the report, and how it compares with an earlier one, as values that JSON can hold."""
    whole = _content(report)
    return whole | {"comparison": comparison.content(compared)} if compared else whole


def _content(report: AuditReport) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kb": {
            "name": report.kb_name,
            "digest": report.digest,
            "claims": report.claims,
            "themes": list(report.themes),
        },
        "profile": report.profile,
        "tool": {"name": "kb", "version": report.version},
        "documents": [_document(found) for found in report.documents],
        "summary": {level.value: report.count(level) for level in Level}
        | {
            "suppressed": sum(bool(finding.suppressed) for finding in report.findings),
            "documents": len(report.documents),
            "skipped": len(report.skipped),
        },
        "skipped": [_skipped(skipped) for skipped in report.skipped],
        "entries": {
            "claims": {name: _claim(claim) for name, claim in report.named_claims.items()},
            "caveats": {name: _caveat(caveat) for name, caveat in report.named_caveats.items()},
        },
        "references": dict(report.references),
    }


def _skipped(skipped: Skipped) -> dict[str, str]:
    return {"what": skipped.what, "reason": skipped.reason}


def _claim(claim: NamedClaim) -> dict[str, Any]:
    return {
        "claim": claim.claim,
        "verdict": claim.verdict,
        "certainty": claim.certainty,
        "caveats": list(claim.caveats),
    }


def _caveat(caveat: NamedCaveat) -> dict[str, Any]:
    return {
        "caveat": caveat.caveat,
        "short": caveat.short,
        "disclosure": caveat.disclosure,
        "key": caveat.key,
    }


def _document(found: DocumentReport) -> dict[str, Any]:
    document, balance = found.document, found.balance
    return {
        "path": document.path,
        "sha256": document.sha256,
        "chars": len(document.text),
        "media": document.media,
        "encoding": document.encoding,
        "offsets": document.offsets,
        "places": [{"start": start, "name": name} for start, name in document.places],
        "units": [
            {"start": unit.start, "end": unit.end, "kind": unit.kind, "part": unit.part, "subject": subject}
            for unit, subject in zip(document.units, found.subjects, strict=True)
        ],
        "mentions": [_mention(mention, document) for mention in found.mentions],
        "disclosures": [_disclosure(disclosure, document) for disclosure in found.disclosures],
        "findings": [_finding(finding) for finding in found.findings],
        "balance": {
            "benefit": balance.benefit,
            "risk": balance.risk,
            "rating": balance.rating,
            "disclosed": list(balance.disclosed),
            "missing": list(balance.missing),
            "places": {side: dict(counts) for side, counts in balance.places.items()},
        },
        "skipped": [_skipped(skipped) for skipped in document.skipped],
        "left_out": dict(document.left_out),
    }


def _mention(mention: Mention, document: Document) -> dict[str, Any]:
    return {
        "claim": mention.claim,
        "themes": list(mention.themes),
        "start": mention.start,
        "end": mention.end,
        "text": document.excerpt(mention.start, mention.end),
        "match": mention.match,
        "polarity": mention.polarity,
        "strength": mention.strength,
        "subject": mention.subject,
        "why": _why(mention.why, document),
    }


def _disclosure(disclosure: Disclosure, document: Document) -> dict[str, Any]:
    return {
        "caveat": disclosure.caveat,
        "key": disclosure.key,
        "themes": list(disclosure.themes),
        "start": disclosure.start,
        "end": disclosure.end,
        "text": document.excerpt(disclosure.start, disclosure.end),
        "why": _why(disclosure.why, document),
    }


def _why(why: Why, document: Document) -> dict[str, Any]:
    return {
        "rule": why.rule,
        "words": [
            {
                "concept": word.concept,
                "start": word.start,
                "end": word.end,
                "text": document.excerpt(word.start, word.end),
            }
            for word in why.words
        ],
        "notes": list(why.notes),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    location, region = finding.location, finding.region
    return {
        "rule": finding.rule,
        "level": finding.level,
        "kind": finding.kind,
        "start": region.start if region else None,
        "end": region.end if region else None,
        "line": location.line,
        "column": location.column,
        "end_line": region.end_line if region else None,
        "end_column": region.end_column if region else None,
        "text": region.text if region else None,
        "message": finding.message,
        "claim": finding.claim,
        "caveat": finding.caveat,
        "suggestion": finding.suggestion,
        "references": list(finding.references),
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed
        and {
            "kind": finding.suppressed.kind,
            "reason": finding.suppressed.reason,
            "expires": finding.suppressed.expires and finding.suppressed.expires.isoformat(),
        },
    }
