"""The audit for a terminal: grouped by document, `path:line:column: level: message [rule] #number`, a summary last.

The number is the one that `kb audit --explain` takes. Below the findings about the same words come these words once,
with carets under them, and what to do.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.finding import Level
from kb.formats.audit import excerpt, spots, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Document
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Skipped
    from kb.formats.audit.spots import Numbered, Spot

_COLOURS = {Level.ERROR: "31", Level.WARNING: "33", Level.NOTE: "36"}
_BOLD, _FAINT = "1", "2"
_WIDTH = 100
_LEAST_WIDTH = 40
_HANG = 4


def render(report: AuditReport, *, colour: bool = False, width: int | None = None) -> str:
    """Return the report as lines of text, the last one a summary.

    `colour` adds ANSI codes; the caller knows whether it writes to a terminal, and how many columns that has: `width`.
    Without a width each finding keeps its message in one line however long, so that programs can read it.
    """
    page = _Page(max(width or _WIDTH, _LEAST_WIDTH), colour=colour, folded=width is not None)
    blocks = ["".join(page.document(found, items)) for found, items in spots.numbered(report)]
    if report.skipped:
        blocks.append("".join(page.skipped(report.skipped)))
    return "\n".join([*filter(None, blocks), f"{page.paint(_BOLD, wording.summary(report))}\n"])


@dataclass(frozen=True)
class _Page:
    """How wide, whether in colour, and whether messages are folded to the width too."""

    width: int
    colour: bool
    folded: bool

    def paint(self, code: str, text: str) -> str:
        """Return text in a colour, or as it is."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def document(self, found: DocumentReport, items: tuple[Numbered, ...]) -> Iterator[str]:
        """Yield the lines on one document."""
        document = found.document
        counted = ", ".join(wording.levels(found.findings)) or "no findings"
        yield f"{self.paint(_BOLD, excerpt.safe(document.path))}: {counted}\n"
        if document.places:
            yield from self._note("offsets", f"lines and columns are those of {document.offsets}")
        whole, placed = spots.parted(found, spots.active(items))
        said: dict[str, int] = {}
        for item in whole:
            yield "\n"
            yield self._headline(item)
            yield from self._advice(item, named=False)
            said.setdefault(item.finding.suggestion, item.number)
        for spot in spots.spots(placed):
            yield "\n"
            yield from self._spot(found, spot, said)
        yield from self._foot(found)

    def skipped(self, skipped: tuple[Skipped, ...]) -> Iterator[str]:
        """Yield what could not be audited."""
        for one in skipped:
            yield from self._note("not checked", f"{one.what}: {one.reason}", indent=0)

    def _foot(self, found: DocumentReport) -> Iterator[str]:
        document, measured = found.document, found.balance
        lines: list[str] = []
        if said := wording.balance(measured):
            lines += self._note("balance", said)
            if measured.missing:
                lines += self._note("not disclosed", ", ".join(map(wording.key_name, measured.missing)))
        accepted = sum(bool(finding.suppressed) for finding in found.findings)
        if accepted:
            lines += self._note("accepted", wording.plural(accepted, "finding"))
        for one in document.skipped:
            lines += self._note("not checked", f"{one.what}: {one.reason}")
        if left_out := wording.left_out(document):
            lines += self._note("left out", left_out)
        if lines:
            yield "\n"
            yield from lines

    def _spot(self, found: DocumentReport, spot: Spot, said: dict[str, int]) -> Iterator[str]:
        for item in spot.findings:
            yield self._headline(item)
        yield from self._excerpt(found, spot)
        again: list[str] = []
        for item in spot.findings:
            first = said.setdefault(item.finding.suggestion, item.number)
            if first == item.number:
                yield from self._advice(item, named=len(spot.findings) > 1)
            elif item.finding.suggestion:
                again.append(f"#{item.number} as #{first}")
        if again:
            yield from self._note("likewise", ", ".join(again))

    def _headline(self, item: Numbered) -> str:
        finding = item.finding
        level = self.paint(_COLOURS[finding.level], finding.level.value)
        where, message = excerpt.safe(str(finding.location)), excerpt.safe(finding.message)
        tail = f"[{finding.rule}] #{item.number}"
        # Folded before it is painted: codes take no columns.
        lines = [f"{where}: {finding.level.value}: {message} {tail}"]
        if self.folded:
            lines = _folded(lines[0], self.width, " " * _HANG)
        if self.colour:
            lines[0] = lines[0].replace(f": {finding.level.value}: ", f": {level}: ", 1)
            lines[-1] = lines[-1].replace(tail, self.paint(_FAINT, tail))
        return "".join(f"{line}\n" for line in lines)

    def _excerpt(self, found: DocumentReport, spot: Spot) -> Iterator[str]:
        document, first = found.document, spot.findings[0].finding
        unit = spots.unit_at(found, spot.start, spot.end)
        label = _label(document, spot, first.location.line)
        gutter = len(label) + 2
        around = (unit.start, unit.end) if unit else None
        room = self.width - gutter - 3
        for number, line in enumerate(excerpt.lines(document, spot.start, spot.end, room, around)):
            head = label if number == 0 else ""
            yield f"{self.paint(_FAINT, f'  {head:>{len(label)}} |')} {line.text}\n"
            if line.carets:
                marked = line.carets.lstrip(" ")
                indent = " " * (len(line.carets) - len(marked))
                yield f"{self.paint(_FAINT, ' ' * gutter + ' |')} {indent}{self.paint(_COLOURS[spot.level], marked)}\n"

    def _advice(self, item: Numbered, *, named: bool) -> Iterator[str]:
        label = f"do #{item.number}" if named else "do"
        for paragraph in item.finding.suggestion.splitlines():
            yield from self._note(label, paragraph)
            label = ""

    def _note(self, label: str, text: str, indent: int = 2) -> Iterator[str]:
        """Yield a labelled text, wrapped with a hanging indent."""
        first = f"{' ' * indent}{label}: " if label else " " * (indent + _HANG)
        yield from (f"{line}\n" for line in _folded(first + excerpt.safe(text), self.width, " " * (indent + _HANG)))


def _folded(text: str, width: int, hang: str) -> list[str]:
    """Return text in lines of a width, all but the first indented; long words stay whole."""
    lines = textwrap.wrap(
        text, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return [line.rstrip() for line in lines]


def _label(document: Document, spot: Spot, line: int) -> str:
    """Return what stands in the gutter: the line, or a place of the document's own with it."""
    name = excerpt.safe(wording.place(document, spot.start))
    return f"{name}, line {line}" if name else str(line)
