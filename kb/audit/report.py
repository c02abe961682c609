"""The result of an audit: one object from which every format is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.base import Disclosure, Document, Mention, Subject
    from kb.finding import Finding, Skipped


@dataclass(frozen=True, slots=True)
class Balance:
    """Benefits against risks in one document, and the ten disclosure keys."""

    benefit: int = 0
    """Units that claim a benefit."""
    risk: int = 0
    """Units that disclose a risk or a limit."""
    rating: str | None = None
    """`good`, `partial`, `poor`; `None` where the document is not about the treatment."""
    disclosed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """`benefit` and `risk` → where on the page (heading, body, footnote …) → how many units."""


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What was found in one document."""

    document: Document
    subjects: tuple[Subject, ...]
    """One for each unit."""
    mentions: tuple[Mention, ...]
    disclosures: tuple[Disclosure, ...]
    findings: tuple[Finding, ...]
    balance: Balance


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was found in all documents of one run."""

    kb_name: str
    digest: str
    claims: int
    themes: tuple[str, ...]
    """Themes that at least one claim has."""
    profile: str
    version: str
    documents: tuple[DocumentReport, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    """Files that could not be audited at all."""

    @property
    def findings(self) -> Iterator[Finding]:
        """Every finding of every document, those that are suppressed too."""
        return (finding for found in self.documents for finding in found.findings)

    def count(self, level: Level) -> int:
        """Return how many findings that are not suppressed have exactly this level."""
        return sum(finding.level is level and not finding.suppressed for finding in self.findings)

    def exit_code(self, fail_level: Level | None) -> int:
        """Return 2 if a file could not be audited, 1 if a finding is at or above `fail_level`, else 0."""
        if self.skipped:
            return 2
        if fail_level is None:
            return 0
        return int(any(self.count(level) for level in Level if level.rank <= fail_level.rank))
