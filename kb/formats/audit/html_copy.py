"""The copy as HTML: paragraph by paragraph, marked in place, with the findings on each beside it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Match, Part, UnitKind
from kb.formats.audit import wording
from kb.formats.audit.elements import Html, element, joined
from kb.formats.audit.marking import Segment, Span, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kb.audit.base import Document, Unit
    from kb.audit.report import AuditReport, DocumentReport
    from kb.formats.audit.spots import Numbered, Spot

_RUNNING = {UnitKind.SENTENCE, UnitKind.QUESTION, UnitKind.TESTIMONIAL, UnitKind.CALL_TO_ACTION}
_BREAKS = "\r\n"
_SHOWN = 2
"""So many caveats are named in the margin, or one more; the findings name all."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A spot with the number that stands in the copy, and the ids by which copy and findings lead to each other."""

    spot: Spot
    number: int
    document: int

    @property
    def anchor(self) -> str:
        """The id of the number in the copy."""
        return f"m{self.document}-{self.number}"

    @property
    def target(self) -> str:
        """The id of the findings."""
        return f"s{self.document}-{self.number}"

    @property
    def tone(self) -> str:
        """The gravest level of what nobody has accepted, else `accepted`."""
        return tone(self.spot.findings)


@dataclass(frozen=True, slots=True)
class Mark:
    """Findings, a claim or a disclosure, lying on words of the copy."""

    classes: str
    title: str = ""
    sign: Sign | None = None
    """Of findings; `None` for claims and disclosures."""
    tick: bool = False
    cell: bool = False
    """Whether it is but the beginning of a further cell in a table row."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of the copy as it is shown."""

    start: int
    end: int
    unit: Unit | None


def rows(
    report: AuditReport,
    found: DocumentReport,
    signs: list[Sign],
    margin: Callable[[Sequence[Sign]], Html] | None = None,
) -> Iterator[Html]:
    """Yield the copy row by row, marked; beside each row its findings, or what `margin` makes of them."""
    pieces = _flowing(found.document) if found.document.media == "text/html" else _lined(found.document)
    spans = [*_cells(found.document), *_findings(signs), *_claims(report, found), *_disclosures(found)]
    of_piece: list[list[Span[Mark]]] = [[] for _ in pieces]
    starts = [piece.start for piece in pieces]
    for span in spans:
        of_piece[max(bisect_right(starts, span.start) - 1, 0)].append(span)
    for piece, marks in zip(pieces, of_piece, strict=True):
        end = max([piece.end, *(span.end for span in marks)])
        signs_here = [span.mark.sign for span in marks if span.mark.sign]
        beside = (margin(signs_here) if margin else _margin(report, signs_here)) if signs_here else None
        yield _row(found.document, Piece(piece.start, end, piece.unit), marks, beside)


def tone(findings: Sequence[Numbered]) -> str:
    """Return the gravest level of those findings that nobody has accepted, else `accepted`."""
    levels = [item.finding.level for item in findings if not item.finding.suppressed]
    return min(levels, key=lambda level: level.rank).value if levels else "accepted"


def badge(sign: Sign, href: str, **attributes: str) -> Html:
    """Return the number of a spot as a link."""
    label = f"{sign.number}, {sign.tone}"
    return element("a", str(sign.number), class_=f"n {sign.tone}", href=f"#{href}", aria_label=label, **attributes)


def _row(document: Document, piece: Piece, marks: list[Span[Mark]], margin: Html | None) -> Html:
    source = document.plain if document.media == "text/html" else document.text
    shown = [_segment(source, segment) for segment in segments(piece.start, piece.end, marks)]
    unit = piece.unit
    classes = f"words {unit.kind.value}" if unit else "words"
    copy = element("div", _label(unit), element("p", *shown), class_=classes)
    return element("div", copy, margin, class_="row")


def _margin(report: AuditReport, signs: Sequence[Sign]) -> Html:
    notes = [
        element("li", badge(sign, sign.target), element("span", in_short(report, sign.spot.findings)), class_=sign.tone)
        for sign in signs
    ]
    return element("ul", *notes, aria_label="Findings on this paragraph")


def _label(unit: Unit | None) -> Html | None:
    """Say what a paragraph is where it is not the body text of the page."""
    if unit is None or (unit.part is Part.BODY and unit.kind in {*_RUNNING, UnitKind.HEADING, UnitKind.LIST_ITEM}):
        return None
    said = unit.kind.value if unit.kind not in _RUNNING else unit.part.value
    return element("span", said.replace("-", " "), class_="kind")


def _segment(source: str, segment: Segment[Mark]) -> Html | str:
    words = source[segment.start : segment.end].replace("\u2060", "")
    if words.endswith("\r") and source.startswith("\n", segment.end):
        words = words[:-1]  # one line end, though a mark begins in its middle
    if not segment.marks:
        return words
    # Two disclosures that begin at one place share a tick.
    front = dict.fromkeys(filter(None, map(_front, segment.opens)))
    findings = [item for mark in segment.marks if mark.sign for item in mark.sign.spot.findings]
    classes = [mark.classes for mark in segment.marks if not mark.sign and not mark.cell]
    if findings:
        classes.append(f"finding {tone(findings)}")
    if not classes:
        return joined([*front, words])
    titles = "; ".join(dict.fromkeys(mark.title for mark in segment.marks if mark.title))
    marked = element(
        "mark" if findings else "span",
        words,
        class_=" ".join(dict.fromkeys(classes)),
        title=titles or None,
        # So that a program finds the words of a finding again.
        data_n=" ".join(str(item.number) for item in findings) or None,
    )
    return joined([*front, marked])


def _front(mark: Mark) -> Html | None:
    """Return what stands in front of marked words: the number of a spot, the tick of a disclosure."""
    if mark.sign:
        return badge(mark.sign, mark.sign.target, id=mark.sign.anchor)
    if mark.tick:
        return element("span", "✓", class_="tick", role="img", aria_label="Disclosure")
    return element("span", "|", class_="cell", aria_hidden="true") if mark.cell else None


def in_short(report: AuditReport, findings: Sequence[Numbered]) -> Html:
    """Return what findings are about in a few words, for the margin: each rule, and the caveats that are wanting."""
    by_rule: dict[str, list[str]] = {}
    for item in findings:
        caveat = report.named_caveats.get(item.finding.caveat or "")
        shorts = by_rule.setdefault(item.finding.rule, [])
        if caveat and caveat.short not in shorts:
            shorts.append(caveat.short)
    said = []
    for rule, shorts in by_rule.items():
        shown = shorts if len(shorts) <= _SHOWN + 1 else shorts[:_SHOWN]
        some = "; ".join(shown)
        more = f" and {len(shorts) - len(shown)} more" if len(shorts) > len(shown) else ""
        said.append(joined([element("b", wording.rule_name(rule)), f": {some}{more}" if shorts else None]))
    return joined(said, ". ")


def _cells(document: Document) -> Iterator[Span[Mark]]:
    """Yield the further cells of table rows whose markup is not shown."""
    if document.media == "text/html":
        for unit in document.units:
            for cell in unit.cells[1:]:
                yield Span(cell.start, cell.end, Mark("", cell=True))


def _findings(signs: list[Sign]) -> Iterator[Span[Mark]]:
    for sign in signs:
        yield Span(sign.spot.start, sign.spot.end, Mark("finding", sign=sign))


def _claims(report: AuditReport, found: DocumentReport) -> Iterator[Span[Mark]]:
    for mention in found.mentions:
        claim = report.named_claims.get(mention.claim or "")
        if claim:
            possible = " possible" if mention.match is Match.POSSIBLE else ""
            said = f"Claim, {wording.verdict(claim.verdict).lower()}: {claim.claim}"
            yield Span(mention.start, mention.end, Mark(f"claim v-{claim.verdict}{possible}", said))


def _disclosures(found: DocumentReport) -> Iterator[Span[Mark]]:
    for disclosure in found.disclosures:
        said = f"Discloses: {wording.key_name(disclosure.key)}" if disclosure.key else "A caveat"
        yield Span(disclosure.start, disclosure.end, Mark("disclosed", said, tick=True))


def _lined(document: Document) -> list[Piece]:
    """Return a text cut where its paragraphs, lists and tables begin; nothing of it is left out."""
    text = document.text
    cuts: dict[int, Unit | None] = {0: None}
    block = None
    line = 0
    for unit in document.units:
        if unit.block != block:
            # From the last line on: a text without one kind of break would be gone through for each paragraph.
            line = line if line <= unit.start else 0
            line = max(line, *(text.rfind(mark, line, unit.start) + 1 for mark in _BREAKS))
            cuts[line if line not in cuts or line == 0 else unit.start] = unit
            block = unit.block
    starts = sorted(cuts)
    pieces = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        last = len(text[start:end].rstrip()) + start
        if last > start:
            pieces.append(Piece(start, last, cuts[start]))
    return pieces or [Piece(0, len(text), None)]


def _flowing(document: Document) -> list[Piece]:
    """Return the units of a page of HTML, running text of one paragraph together."""
    pieces: list[Piece] = []
    for unit in document.units:
        last = pieces[-1] if pieces else None
        if last and last.unit and _joins(last.unit, unit) and last.end <= unit.start:
            pieces[-1] = Piece(last.start, unit.end, last.unit)
        else:
            pieces.append(Piece(unit.start, unit.end, unit))
    return sorted(pieces, key=lambda piece: piece.start) or [Piece(0, len(document.plain), None)]


def _joins(before: Unit, unit: Unit) -> bool:
    return before.block == unit.block and before.part is unit.part and {before.kind, unit.kind} <= _RUNNING
