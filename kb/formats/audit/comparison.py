"""What changed between two audits: as values that JSON can hold, and as text. Nothing here compares anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.formats.audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.compare import ClaimChange, Comparison, DocumentChange, Seen
    from kb.finding import Finding

_CLAIMS = {
    "withdrawn": "was withdrawn",
    "removed": "is no longer in the knowledge base",
    "verdict": "has another verdict",
    "certainty": "has another certainty",
    "caveats-added": "owes more",
    "caveats-removed": "owes less",
}


def content(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as the field `comparison` of a JSON report."""
    return {
        "earlier": {
            "kb": {"digest": comparison.before.digest},
            "profile": comparison.before.profile,
            "tool": {"version": comparison.before.version},
        },
        "summary": {"new": comparison.new, "gone": comparison.gone, "unchanged": comparison.unchanged},
        "documents": [_document(document) for document in comparison.documents],
        "dropped": list(comparison.dropped),
        "claims": [_claim(change) for change in comparison.claims],
    }


def _document(document: DocumentChange) -> dict[str, Any]:
    return {
        "path": document.path,
        "earlier_path": document.was,
        "edited": document.edited,
        "new": [finding.fingerprint for finding in document.new],
        "gone": [_gone(seen) for seen in document.gone],
        "regraded": [
            {"fingerprint": one.finding.fingerprint, "was": one.was, "is": one.finding.level}
            for one in document.regraded
        ],
    }


def _gone(seen: Seen) -> dict[str, Any]:
    return {
        "rule": seen.rule,
        "level": seen.level,
        "line": seen.line,
        "text": seen.shown,
        "claim": seen.claim or None,
        "caveat": seen.caveat or None,
    }


def _claim(change: ClaimChange) -> dict[str, Any]:
    return {
        "claim": change.claim,
        "what": change.what,
        "before": list(change.before),
        "after": list(change.after),
        "still": change.still,
    }


def text(comparison: Comparison) -> str:
    """Return a comparison for the terminal: new findings, those that are gone, and claims that changed."""
    lines = [f"{plural(comparison.new, 'new finding')}, {comparison.gone} gone, {comparison.unchanged} as before"]
    if comparison.base_changed:
        lines.append("The entries of the knowledge base are others than before.")
    if comparison.profile_changed:
        lines.append(f"The profile was {comparison.before.profile} and is {comparison.after.profile}.")
    for document in comparison.documents:
        lines += _told(document)
    lines += [f"{path}: not in this audit" for path in comparison.dropped]
    for change in comparison.claims:
        whole = f"{change.claim} {_CLAIMS[change.what]}"
        values = " → ".join(filter(None, (", ".join(change.before), ", ".join(change.after))))
        lines.append(f"{whole}: {values}" if values else whole)
    return "\n".join(lines) + "\n"


def _told(document: DocumentChange) -> Iterator[str]:
    if document.was is None:
        yield f"{document.path}: not in the earlier audit"
    elif document.was != document.path:
        yield f"{document.path}: was {document.was}"
    for finding in document.new:
        yield f"{document.path}:{finding.location.line}: new {_named(finding)}: {finding.message}"
    for regraded in document.regraded:
        finding = regraded.finding
        yield f"{document.path}:{finding.location.line}: {_named(finding)} was {regraded.was}"
    for seen in document.gone:
        yield f"{document.was}:{seen.line}: gone {seen.level} {seen.rule}" + (f": “{seen.shown}”" if seen.words else "")


def _named(finding: Finding) -> str:
    return f"{finding.level} {finding.rule}"
