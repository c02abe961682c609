"""Findings gathered by the words that they are about, in the order of the text, with the numbers that formats share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Disclosure, Mention, Unit
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding, Level


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding and its number in the report, counted from 1 over all documents, accepted findings too."""

    number: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Spot:
    """All findings about the same stretch of copy: the caveats that one claim owes stand together here."""

    start: int
    end: int
    findings: tuple[Numbered, ...]

    @property
    def level(self) -> Level:
        """The gravest of its findings' levels."""
        return min((item.finding.level for item in self.findings), key=lambda level: level.rank)


def numbered(report: AuditReport) -> Iterator[tuple[DocumentReport, tuple[Numbered, ...]]]:
    """Yield each document with its findings and their numbers."""
    number = 0
    for found in report.documents:
        yield found, tuple(Numbered(number + index, finding) for index, finding in enumerate(found.findings, 1))
        number += len(found.findings)


def spots(findings: tuple[Numbered, ...]) -> list[Spot]:
    """Gather findings that have a region: by place, and at one place the longer stretch first, the gravest first."""
    placed = [(item.finding.region, item) for item in findings if item.finding.region]
    placed.sort(key=lambda pair: (pair[0].start, -pair[0].end, pair[1].finding.level.rank, pair[1].number))
    return [
        Spot(start, end, tuple(item for _, item in group))
        for (start, end), group in groupby(placed, key=lambda pair: (pair[0].start, pair[0].end))
    ]


def about_all(found: DocumentReport, finding: Finding) -> bool:
    """Whether a finding is about the document as a whole: no region, an empty one, or one of several paragraphs."""
    region = finding.region
    if region is None or region.start == region.end:
        return True
    blocks = {unit.block for unit in found.document.units if unit.start < region.end and region.start < unit.end}
    return len(blocks) > 1


def active(findings: tuple[Numbered, ...]) -> tuple[Numbered, ...]:
    """Return those that nobody has accepted."""
    return tuple(item for item in findings if not item.finding.suppressed)


def unit_at(found: DocumentReport, start: int, end: int) -> Unit | None:
    """Return the first unit that holds the stretch whole."""
    return next((unit for unit in found.document.units if unit.start <= start and end <= unit.end), None)


def reasons(found: DocumentReport, finding: Finding) -> list[Mention | Disclosure]:
    """Return what was recognised in the words of a finding and made it: its claim, and its caveat if it is there."""
    region = finding.region
    if region is None:
        return []
    claims = [one for one in found.mentions if finding.claim and one.claim == finding.claim]
    caveats = [one for one in found.disclosures if finding.caveat and one.caveat == finding.caveat]
    return [*(one for one in claims if one.start < region.end and region.start < one.end), *caveats]
