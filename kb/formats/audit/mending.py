"""What a program may put into the copy for a finding: the disclosure that a claim owes, after the claim's sentence."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind
from kb.formats.audit.spots import about_all, unit_at

if TYPE_CHECKING:
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to put in at an offset."""

    offset: int
    text: str


def insertion(report: AuditReport, found: DocumentReport, finding: Finding) -> Insertion | None:
    """Return what to put where, for a finding about a caveat that a claim owes; else `None`.

    Only after a sentence of running text: nothing is put into headings, tables and quotations, nor into formats whose
    text was extracted.
    """
    caveat = report.named_caveats.get(finding.caveat or "")
    region = finding.region
    if finding.claim is None or caveat is None or region is None or found.document.places or about_all(found, finding):
        return None
    unit = unit_at(found, region.start, region.end)
    if unit is None or unit.kind is not UnitKind.SENTENCE or unit.part is not Part.BODY:
        return None
    markup = found.document.media == "text/html"
    return Insertion(unit.end, f" {escape(caveat.disclosure, quote=False) if markup else caveat.disclosure}")
