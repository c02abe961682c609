"""The stages of the audit, in order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.audit.audited import Audited
from kb.audit.balance import measure
from kb.audit.context import Reader
from kb.audit.findings import placed
from kb.audit.learned import Judging, learned_for
from kb.audit.mentions import Recognising
from kb.audit.profiles import level
from kb.audit.profiles import profile as chosen
from kb.audit.report import DocumentReport
from kb.audit.rules.registry import RULES
from kb.audit.subject import SubjectFinder, settled
from kb.text import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Document
    from kb.audit.rules.base import AuditRule, Found
    from kb.finding import Level
    from kb.model import KnowledgeBase
    from kb.text.keeping import Keep


class Auditor:
    """Audits documents against one knowledge base; build it once, use it for any number of documents."""

    def __init__(
        self,
        kb: KnowledgeBase,
        *,
        profile: str,
        rules: Iterable[AuditRule] = RULES,
        keep: Keep | None = None,
        learned: bool = True,
    ) -> None:
        """Make ready, with what was kept for this very knowledge base; raise `UnknownProfile`.

        Without `learned` only the rules of the entries recognise anything.
        """
        self._kb = kb
        self._learned = learned_for(kb) if learned else None
        self._profile = chosen(profile)
        self._rules = tuple(rules)
        recogniser = Recogniser(kb, topics=True, keep=keep)
        self._reader = Reader(recogniser, keep)
        self._finder = SubjectFinder(kb)
        self._recognising = Recognising(kb, recogniser, keep=keep)

    def audit(self, document: Document) -> DocumentReport:
        """Return everything that was recognised and found in a document."""
        readings = self._reader.read(document)
        judging = Judging(readings, self._learned)
        subjects = self._finder.subjects(readings, judging)
        mentions, disclosures, denials = self._recognising.recognise(readings, subjects, judging)
        spoken = {one.unit for found in (mentions, disclosures, denials) for one in found}
        subjects = settled(readings, subjects, spoken)
        audited = Audited(self._kb, document, subjects, mentions, disclosures, readings, denials, judging)
        found = list(self._found(audited, weighing=False))
        balance = measure(audited, [(rule.id, one) for rule, _, one in found])
        found += self._found(replace(audited, balance=balance), weighing=True)
        return DocumentReport(document, subjects, mentions, disclosures, placed(document, found), balance)

    def _found(self, audited: Audited, *, weighing: bool) -> Iterator[tuple[AuditRule, Level, Found]]:
        """Yield what the rules find that are on in the profile: those that weigh the whole, or all others."""
        own = _OwnWords(audited)
        for rule in self._rules:
            at = level(rule, self._profile)
            if at is not None and rule.weighs is weighing:
                for one in rule.check(audited):
                    if weighing or not own.holds(one.start):
                        yield rule, at, one


class _OwnWords:
    """The stretches of a document that are the knowledge base's own words."""

    def __init__(self, audited: Audited) -> None:
        units = [audited.document.units[index] for index in sorted(audited.verbatim)]
        self._starts = [unit.start for unit in units]
        self._ends = [unit.end for unit in units]

    def holds(self, offset: int) -> bool:
        """Return whether a place lies in one of them."""
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]
