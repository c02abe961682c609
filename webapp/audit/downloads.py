"""The audit as files to take away: reports in every format, a baseline, comments, the copy with comments in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.audit import baseline, commenting
from kb.formats.audit import render
from webapp.audit.intake import Refused

if TYPE_CHECKING:
    from kb.audit.report import AuditReport, DocumentReport


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the report."""

    label: str
    ending: str
    media: str
    use: str


REPORTS = {
    "html": Format("HTML", "html", "text/html; charset=utf-8", "One file to read, send or print"),
    "markdown": Format("Markdown", "md", "text/markdown; charset=utf-8", "For a comment or a memo"),
    "json": Format("JSON", "json", "application/json", "For programs, and to compare with later"),
    "sarif": Format("SARIF", "sarif", "application/sarif+json", "For code scanning"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to take away."""

    name: str
    media: str
    content: bytes


def file(report: AuditReport, wanted: str) -> File:
    """Return the file that a button asks for: a format, `baseline`, `comments-N` or `copy-N`; raise `Refused`."""
    if wanted in REPORTS:
        kind = REPORTS[wanted]
        return File(f"audit-{_stem(report)}.{kind.ending}", kind.media, _bytes(render(wanted, report)))
    if wanted == "baseline":
        accepted = [finding for finding in report.findings if finding.suppressed]
        return File("caveat-baseline.json", "application/json", _bytes(baseline.encode(accepted)))
    kind_of, _, number = wanted.partition("-")
    if kind_of == "copy" and number.isdecimal() and 1 <= int(number) <= len(report.documents):
        return _with_comments(report.documents[int(number) - 1])
    message = f"There is no file {wanted!r:.40} to take away."
    raise Refused(message)


def _with_comments(found: DocumentReport) -> File:
    """Return the copy with the comments that accept its findings."""
    document = found.document
    if document.media not in commenting.COMMENTED:
        message = f"{document.path} takes no comments; take the baseline instead."
        raise Refused(message)
    text = commenting.commented(document, commenting.comments(document, found.findings).written)
    return File(PurePosixPath(document.path).name, f"{document.media}; charset=utf-8", _bytes(text))


def _stem(report: AuditReport) -> str:
    return PurePosixPath(report.documents[0].document.path).stem if len(report.documents) == 1 else "copy"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
