"""From what the rules found to findings at lines and columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.audit.placing import Placing
from kb.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.base import Document
    from kb.audit.rules.base import AuditRule, Found
    from kb.finding import Level


def placed(document: Document, found: Iterable[tuple[AuditRule, Level, Found]]) -> tuple[Finding, ...]:
    """Return what rules found in a document, in the order of the text, repeats told apart by their ordinal."""
    placing = Placing(document.text)
    findings = {
        Finding(
            rule.id,
            one.level or level,
            one.message,
            placing.location(document.path, one.start),
            one.suggestion,
            kind=rule.kind.value,
            region=placing.region(one.start, one.end),
            claim=one.claim,
            caveat=one.caveat,
            references=one.references,
        )
        for rule, level, one in found
    }
    seen: Counter[str] = Counter()
    numbered = []
    for finding in sorted(findings, key=lambda finding: (*finding.sort_key, finding.claim or "", finding.caveat or "")):
        alike = finding.fingerprint
        seen[alike] += 1
        numbered.append(replace(finding, ordinal=seen[alike]))
    return tuple(numbered)
