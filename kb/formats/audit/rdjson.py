"""The audit for reviewdog: columns count the bytes of UTF-8 from 1, and ends are excluded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.audit.placing import Placing
from kb.finding import Level
from kb.formats.audit import mending, spots, wording

if TYPE_CHECKING:
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding

_SEVERITIES = {Level.ERROR: "ERROR", Level.WARNING: "WARNING", Level.NOTE: "INFO"}


def render(report: AuditReport) -> str:
    """Return the findings that are not accepted, as JSON with a newline at its end.

    What could not be checked is in it as an error about the file: reviewdog knows no other way to say so.
    """
    diagnostics = [_skipped(one.what, one.reason) for one in report.skipped]
    for found, items in spots.numbered(report):
        bytes_ = _Bytes(found.document.text)
        diagnostics += [_diagnostic(report, found, item.finding, bytes_) for item in spots.active(items)]
    content = {"source": {"name": "kb"}, "diagnostics": diagnostics}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _skipped(path: str, reason: str) -> dict[str, Any]:
    return {
        "message": f"not checked: {reason}",
        "location": {"path": path},
        "severity": _SEVERITIES[Level.ERROR],
        "code": {"value": "not-checked"},
    }


def _diagnostic(report: AuditReport, found: DocumentReport, finding: Finding, bytes_: _Bytes) -> dict[str, Any]:
    region, document = finding.region, found.document
    message = f"{finding.message}\n\n{finding.suggestion}".rstrip()
    location: dict[str, Any] = {"path": finding.location.path}
    if document.places:
        where = wording.place(document, region.start if region else 0)
        message = f"{where}: {message}" if where else message
    elif region:
        location["range"] = bytes_.range(region.start, region.end)
    diagnostic: dict[str, Any] = {
        "message": message,
        "location": location,
        "severity": _SEVERITIES[finding.level],
        "code": {"value": finding.rule},
    }
    if add := mending.insertion(report, found, finding):
        diagnostic["suggestions"] = [{"range": bytes_.range(add.offset, add.offset), "text": add.text}]
    return diagnostic


class _Bytes:
    """From code points to lines and to columns in bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._placing = Placing(text)

    def range(self, start: int, end: int) -> dict[str, Any]:
        """Return a range as reviewdog counts."""
        return {"start": self._position(start), "end": self._position(end)}

    def _position(self, offset: int) -> dict[str, int]:
        line, column = self._placing.place(offset)
        before = self._text[offset - column + 1 : offset]
        return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
