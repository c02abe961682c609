"""Words that several formats share: counts, the summary line, keys and rules as people say them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from kb.finding import Level
from kb.model import CertaintyLevel, DisclosureKey, Verdict
from kb.words import CERTAINTY, KEYS, NOT_GRADED, VERDICTS, sentence_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Document
    from kb.audit.report import AuditReport, Balance
    from kb.finding import Finding


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def summary(report: AuditReport) -> str:
    """Return such as "3 errors, 1 warning in 2 documents; 1 accepted; 1 file not checked"."""
    found = ", ".join(levels(report.findings)) or "no findings"
    parts = [f"{found} in {plural(len(report.documents), 'document')}"]
    if accepted := sum(bool(finding.suppressed) for finding in report.findings):
        parts.append(f"{accepted} accepted")
    if report.skipped:
        parts.append(f"{plural(len(report.skipped), 'file')} not checked")
    return "; ".join(parts)


def levels(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield such as "3 errors" for each level, gravest first, of those findings that are not accepted."""
    active = [finding.level for finding in findings if not finding.suppressed]
    for level in Level:
        if count := active.count(level):
            yield plural(count, level.value)


def rule_name(rule: str) -> str:
    """Return the id of a rule as a heading: "Missing caveat"."""
    return sentence_case(rule.replace("-", " "))


def key_name(key: str) -> str:
    """Return what a disclosure key is called."""
    return KEYS[DisclosureKey(key)].label if key in {*DisclosureKey} else key


def key_meaning(key: str) -> str:
    """Return what a disclosure key asks for."""
    return KEYS[DisclosureKey(key)].meaning if key in {*DisclosureKey} else ""


def verdict(value: str) -> str:
    """Return a verdict in words."""
    return VERDICTS[Verdict(value)].label if value in {*Verdict} else value


def certainty(level: str | None) -> str:
    """Return how sure a verdict is, in words."""
    return CERTAINTY[CertaintyLevel(level)].label if level else NOT_GRADED.label


def balance(measured: Balance) -> str:
    """Return benefits against risks in a sentence, "" where the document is not about the treatment."""
    if measured.rating is None:
        return ""
    benefit, risk = plural(measured.benefit, "benefit"), plural(measured.risk, "risk or limit", "risks or limits")
    stated = len(measured.disclosed)
    of = stated + len(measured.missing)
    return f"{measured.rating}: {benefit} against {risk}; {stated} of {of} disclosures made"


def left_out(document: Document) -> str:
    """Return what was left out and how often: "3 script, 1 navigation"."""
    return ", ".join(f"{count} {kind}" for kind, count in document.left_out.items() if count)


def place(document: Document, offset: int) -> str:
    """Return the place of its own that a document has at an offset, such as "page 3"; "" where it has none."""
    before = bisect_right(document.places, offset, key=lambda named: named[0])
    return document.places[before - 1][1] if before else ""


def sentence(text: str) -> str:
    """Return text with a capital in front and a full stop behind."""
    return f"{sentence_case(text.rstrip('.'))}."
