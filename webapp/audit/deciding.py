"""What somebody decided about findings: which are accepted, and why. It travels with the form, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.finding import Suppression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from kb.audit.report import AuditReport
    from kb.finding import Finding

MAX_REASON = 300
FIELD = "decision"


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding that somebody accepts."""

    path: str
    fingerprint: str
    reason: str

    @property
    def place(self) -> tuple[str, str]:
        """Which finding it is about."""
        return self.path, self.fingerprint

    @property
    def field(self) -> str:
        """The value of the form's field that carries it."""
        return json.dumps({"path": self.path, "fingerprint": self.fingerprint, "reason": self.reason})


def decisions(form: MultiDict[str, str]) -> dict[tuple[str, str], Decision]:
    """Return the decisions in a form, with the one that is made or taken back by this very request."""
    found = dict(_read(value) for value in form.getlist(FIELD) if _is_one(value))
    reason = " ".join(form.get("reason", "").split())[:MAX_REASON]
    if "accept" in form and reason:
        path, fingerprint = place(form["accept"])
        found[path, fingerprint] = Decision(path, fingerprint, reason)
    if "undo" in form:
        found.pop(place(form["undo"]), None)
    return found


def place(value: str) -> tuple[str, str]:
    """Return path and fingerprint from the value of a button: the fingerprint, a blank, the path."""
    fingerprint, _, path = value.partition(" ")
    return path, fingerprint


def applied(report: AuditReport, made: Mapping[tuple[str, str], Decision]) -> AuditReport:
    """Return a report with the findings marked that are accepted, unless a comment in the copy does so."""
    if not made:
        return report
    return replace(
        report,
        documents=tuple(
            replace(found, findings=tuple(_marked(found.document.path, finding, made) for finding in found.findings))
            for found in report.documents
        ),
    )


def _marked(path: str, finding: Finding, made: Mapping[tuple[str, str], Decision]) -> Finding:
    decision = made.get((path, finding.fingerprint))
    if decision is None or finding.suppressed:
        return finding
    return replace(finding, suppressed=Suppression("external", decision.reason))


def _is_one(value: str) -> bool:
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return False
    names = ("path", "fingerprint", "reason")
    return isinstance(content, dict) and all(isinstance(content.get(name), str) for name in names)


def _read(value: str) -> tuple[tuple[str, str], Decision]:
    content = json.loads(value)
    decision = Decision(content["path"], content["fingerprint"], content["reason"][:MAX_REASON])
    return decision.place, decision
