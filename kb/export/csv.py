"""One row a claim, for spreadsheets: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from kb import words
from kb.model import Direction, RelationType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.crossings import Crossings
    from kb.export.addresses import Addresses
    from kb.model import Claim

_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")
"""Cells that begin like this are read as formulas or as the start of a new cell (OWASP, CSV injection). The four in
the middle are the full-width forms of the first four, which some spreadsheets treat alike."""


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: behind an apostrophe where it looks like one."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell


def rows(crossings: Crossings, claims: Sequence[Claim], addresses: Addresses) -> Iterator[str]:
    """Yield the header and one line for each claim, each with its line break."""
    yield _line(COLUMNS)
    for claim in claims:
        yield _line(neutral(value(crossings, claim, addresses)) for value in COLUMNS.values())


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _joined(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(values))


def _scope(name: str) -> Callable[[Crossings, Claim, Addresses], str]:
    return lambda _crossings, claim, _addresses: (getattr(claim.scope, name) or "") if claim.scope else ""


def _disclosures(crossings: Crossings, claim: Claim) -> str:
    known = crossings.kb.caveats
    return " | ".join(known[owed.caveat].suggested_disclosure for owed in claim.caveats if owed.caveat in known)


def _citing(claim: Claim, direction: Direction) -> str:
    return _joined(line.reference for line in claim.evidence if line.direction is direction)


def _contradicted(crossings: Crossings, claim: Claim) -> str:
    relations = crossings.relations(claim)
    return _joined(relation.claim for relation in relations if relation.type is RelationType.CONTRADICTS)


COLUMNS: Mapping[str, Callable[[Crossings, Claim, Addresses], str]] = {
    "id": lambda _, claim, __: claim.id,
    "claim": lambda _, claim, __: claim.claim,
    "type": lambda _, claim, __: claim.type.value,
    "themes": lambda _, claim, __: _joined(claim.themes),
    "status": lambda _, claim, __: claim.status.value,
    "verdict": lambda _, claim, __: claim.verdict.value,
    "certainty": lambda _, claim, __: claim.certainty.level.value if claim.certainty else "",
    "certainty_reasons": lambda _, claim, __: _joined(claim.certainty.reasons) if claim.certainty else "",
    "judgement": lambda _, claim, __: words.judgement(claim),
    "rationale": lambda _, claim, __: claim.rationale,
    "scope_drug": _scope("drug"),
    "scope_route": _scope("route"),
    "scope_population": _scope("population"),
    "scope_horizon": _scope("horizon"),
    "caveats": lambda _, claim, __: _joined(owed.caveat for owed in claim.caveats),
    "disclosures": lambda crossings, claim, _: _disclosures(crossings, claim),
    "no_caveat": lambda _, claim, __: claim.no_caveat.reason if claim.no_caveat else "",
    "supporting": lambda _, claim, __: _citing(claim, Direction.SUPPORTS),
    "disputing": lambda _, claim, __: _citing(claim, Direction.DISPUTES),
    "neutral": lambda _, claim, __: _citing(claim, Direction.NEUTRAL),
    "sources": lambda _, claim, __: _joined(sorted(place.source for place in claim.occurrences)),
    "occurrences": lambda _, claim, __: str(len(claim.occurrences)),
    "contradicts": lambda crossings, claim, _: _contradicted(crossings, claim),
    "review": lambda _, claim, __: words.STATUSES[claim.status].label,
    "author": lambda _, claim, __: claim.review.author,
    "approved_by": lambda _, claim, __: claim.review.approved_by or "",
    "approved_on": lambda _, claim, __: claim.review.approved_on.isoformat() if claim.review.approved_on else "",
    "due": lambda _, claim, __: claim.review.due.isoformat() if claim.review.due else "",
    "url": lambda _, claim, addresses: addresses.claim(claim.id) or "",
    "asked": lambda _, claim, __: " | ".join(claim.asked),
}
"""Column → its cell; ids in a cell are joined by `; `, sentences by ` | `. Columns may be added, none goes."""
