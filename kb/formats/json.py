"""A report for other programs: one JSON object, schema `kb-lint/1`, described in docs/cli.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.finding import Level

if TYPE_CHECKING:
    from kb.finding import Finding, Report

SCHEMA = "kb-lint/1"


def render(report: Report, *, base: str = "", tool: str) -> str:
    """Return the report as JSON with a newline at its end.

    `base` is put before each path; fingerprints do not depend on it. `tool` is the version that reports.
    """
    content = {
        "schema": SCHEMA,
        "tool": {"name": "kb", "version": tool},
        "summary": {level.value: report.count(level) for level in Level} | {"skipped": len(report.skipped)},
        "checked": dict(report.checked),
        "findings": [_finding(finding, base) for finding in report.findings],
        "skipped": [{"what": skipped.what, "reason": skipped.reason} for skipped in report.skipped],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding, base: str) -> dict[str, Any]:
    location = finding.location
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "path": f"{base}{location.path}",
        "line": location.line,
        "column": location.column,
        "field": location.field,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "fingerprint": finding.fingerprint,
    }
