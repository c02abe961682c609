"""The stages of the audit, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.audited import Audited
from kb.audit.balance import measure
from kb.audit.mentions import Recognising
from kb.audit.placing import Placing
from kb.audit.report import DocumentReport
from kb.audit.rules.registry import RULES
from kb.audit.subject import SubjectFinder
from kb.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Document
    from kb.audit.rules.base import AuditRule, Found
    from kb.finding import Level
    from kb.model import KnowledgeBase


class Auditor:
    """Audits documents against one knowledge base; build it once, use it for any number of documents."""

    def __init__(self, kb: KnowledgeBase, *, profile: str, rules: Iterable[AuditRule] = RULES) -> None:
        self._kb = kb
        self._profile = profile
        self._rules = tuple(rules)
        self._finder = SubjectFinder(kb)
        self._recognising = Recognising(kb)

    def audit(self, document: Document) -> DocumentReport:
        """Return everything that was recognised and found in a document."""
        subjects = self._finder.subjects(document)
        mentions, disclosures = self._recognising.recognise(document, subjects)
        audited = Audited(self._kb, document, subjects, mentions, disclosures)
        found = [(rule, level, one) for rule, level in self._active() for one in rule.check(audited)]
        findings = _findings(document, found)
        balance = measure(audited, [(rule.id, one) for rule, _, one in found])
        return DocumentReport(document, subjects, mentions, disclosures, findings, balance)

    def _active(self) -> Iterator[tuple[AuditRule, Level]]:
        for rule in self._rules:
            level = (rule.profiles or {}).get(self._profile, rule.level)
            if level is not None:
                yield rule, level


def _findings(document: Document, found: Iterable[tuple[AuditRule, Level, Found]]) -> tuple[Finding, ...]:
    """Return what the rules found as findings at lines and columns, in the order of the text."""
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
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))
