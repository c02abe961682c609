"""The result of an audit: one object from which every format is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.base import Disclosure, Document, Mention, Subject
    from kb.audit.rules.base import AuditRule
    from kb.finding import Finding, Skipped

SCHEMA = "kb-audit/1"
"""The name of the contract that the JSON report keeps."""


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
class NamedClaim:
    """A claim of the knowledge base that the report names: what a reader needs who has the report alone."""

    claim: str
    verdict: str
    certainty: str | None = None
    caveats: tuple[str, ...] = ()
    """Those that it owes, by id."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedCaveat:
    """A caveat of the knowledge base that the report names, or that a claim named in it owes."""

    caveat: str
    short: str
    disclosure: str
    """Text that a copywriter may paste."""
    key: str | None = None
    aliases: tuple[str, ...] = ()


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
    named_claims: Mapping[str, NamedClaim] = field(default_factory=dict)
    named_caveats: Mapping[str, NamedCaveat] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    """Reference that a finding names → its citation in a line."""
    rules: tuple[AuditRule, ...] = ()
    """The rules that there are, with their help; a profile may switch some of them off."""
    baseline: bool = False
    """Whether findings were compared with a baseline; those suppressed as `external` were in it."""

    @property
    def findings(self) -> Iterator[Finding]:
        """Every finding of every document, those that are suppressed too."""
        return (finding for found in self.documents for finding in found.findings)

    def count(self, level: Level) -> int:
        """Return how many findings that are not suppressed have exactly this level."""
        return sum(finding.level is level and not finding.suppressed for finding in self.findings)

    def exit_code(self, fail_level: Level | None) -> int:
        """Return 2 if a file or words of it could not be audited, 1 if a finding is at or above `fail_level`, else 0.

        Images, links and the like are no part of the job and change nothing.
        """
        if self.skipped or any(skipped.lost for found in self.documents for skipped in found.document.skipped):
            return 2
        if fail_level is None:
            return 0
        return int(any(self.count(level) for level in Level if level.rank <= fail_level.rank))
