"""Findings gathered by the words that they are about, in the order of the text, with the numbers that formats share."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Unit
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


def parted(found: DocumentReport, items: Iterable[Numbered]) -> tuple[tuple[Numbered, ...], tuple[Numbered, ...]]:
    """Part findings into those about the document as a whole, and those about words in it."""
    whole: list[Numbered] = []
    placed: list[Numbered] = []
    for item in items:
        (whole if about_all(found, item.finding) else placed).append(item)
    return tuple(whole), tuple(placed)


def about_all(found: DocumentReport, finding: Finding) -> bool:
    """Whether a finding is about the document as a whole: no region, an empty one, or one of several paragraphs."""
    region = finding.region
    if region is None or region.start == region.end:
        return True
    units = found.document.units
    first = max(bisect_right(units, region.start, key=_start) - 1, 0)
    blocks = {
        unit.block
        for unit in islice(units, first, bisect_left(units, region.end, key=_start))
        if region.start < unit.end
    }
    return len(blocks) > 1


def active(findings: tuple[Numbered, ...]) -> tuple[Numbered, ...]:
    """Return those that nobody has accepted."""
    return tuple(item for item in findings if not item.finding.suppressed)


def unit_at(found: DocumentReport, start: int, end: int) -> Unit | None:
    """Return the unit that holds the stretch whole, the last to begin if there are several."""
    units = found.document.units
    last = bisect_right(units, start, key=_start) - 1
    return units[last] if last >= 0 and end <= units[last].end else None


def _start(unit: Unit) -> int:
    return unit.start
