"""The audit as SARIF 2.1.0, columns and offsets in code points.

Results are the findings, the claims whose caveats all stand in the copy (`pass`), and what of a document could not be
checked (`notApplicable`). Claims and caveats are a taxonomy; an entry that was renamed has its former ids there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.formats.audit import indented, spots
from kb.formats.audit import sarif_rules as rules
from kb.formats.audit.sarif_places import Places, uri
from kb.formats.audit.sarif_results import Results

if TYPE_CHECKING:
    from kb.audit.base import Document
    from kb.audit.report import AuditReport

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: AuditReport) -> str:
    """Return a SARIF log with one run, as JSON with a newline at its end."""
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return indented.dumps(content) + "\n"


def _run(report: AuditReport) -> dict[str, Any]:
    descriptors = rules.descriptors(report)
    results = Results(report, {rule["id"]: index for index, rule in enumerate(descriptors)})
    run: dict[str, Any] = {
        "tool": {
            "driver": {"name": "Caveat", "version": report.version, "rules": descriptors},
        },
        "automationDetails": {"id": f"kb-audit/{report.profile}/"},
        "invocations": [_invocation(report)],
        "artifacts": [_artifact(found.document) for found in report.documents],
        "taxonomies": [rules.taxonomy(report)],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\r", "\n"],
        "results": [],
        "properties": {"profile": report.profile, "digest": report.digest},
    }
    for index, (found, items) in enumerate(spots.numbered(report)):
        run["results"] += results.of(found, items, Places(found, index))
    return run


def _invocation(report: AuditReport) -> dict[str, Any]:
    """Say whether everything could be audited, and what could not."""
    notifications = [
        {
            "level": "error",
            "message": {"text": f"{skipped.what} could not be audited: {skipped.reason}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(skipped.what)}}}],
        }
        for skipped in report.skipped
    ]
    return {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}


def _artifact(document: Document) -> dict[str, Any]:
    artifact: dict[str, Any] = {
        "location": {"uri": uri(document.path)},
        "mimeType": document.media,
        "roles": ["analysisTarget"],
        "hashes": {"sha-256": document.sha256},
    }
    if document.places:
        artifact["description"] = {"text": f"Offsets count in {document.offsets}."}
    else:
        artifact["encoding"] = document.encoding
    return artifact
