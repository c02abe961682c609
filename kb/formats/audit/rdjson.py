"""The audit for reviewdog: columns count the bytes of UTF-8 from 1, and ends are excluded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.audit.placing import Placing
from kb.finding import Level
from kb.formats.audit import indented, mending, spots, wording

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
    return indented.dumps(content) + "\n"


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
        self._last = (0, 0, 1)
        """Line, offset and column of the last position."""

    def range(self, start: int, end: int) -> dict[str, Any]:
        """Return a range as reviewdog counts."""
        return {"start": self._position(start), "end": self._position(end)}

    def _position(self, offset: int) -> dict[str, int]:
        line, column = self._placing.place(offset)
        at_line, start, bytes_ = self._last
        if line != at_line or offset < start:
            start, bytes_ = offset - column + 1, 1
        # From the last one on: a page may be a single line, and thousands of findings on it.
        bytes_ += len(self._text[start:offset].encode("utf-8", "surrogatepass"))
        self._last = (line, offset, bytes_)
        return {"line": line, "column": bytes_}
