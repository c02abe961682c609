"""The audit as Markdown, for a comment on a pull request or a memo.

The copy's own words stand in code spans, where they can neither format, link nor call anybody; everything else of
unknown origin is escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.formats.audit import spots, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.report import AuditReport, DocumentReport
    from kb.formats.audit.spots import Numbered, Spot

_COMMENT, _RESERVED = 65_536, 400
"""Characters of the longest comment that GitHub takes, and of those what is kept for the word on what is left out."""

_LONGEST = 160
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~$!^{}]")
_ADDRESS = re.compile(r"\b(https?|ftp|www|mailto|xmpp)([:.])", re.IGNORECASE)
_BEGINS = re.compile(r"^(\d*)([-+=.)])")
_CALL = re.compile(r"@(?=\w)")
_TICKS = re.compile(r"`+")
_SPACES = re.compile(r"\s+")


def render(report: AuditReport) -> str:
    """Return the report with a heading for each document and an item for each finding that is not accepted.

    It is no longer than a comment may be: what no longer goes in is counted at the end.
    """
    lines: list[str] = []
    size = left_out = pieces_out = 0
    for piece in _pieces(report):
        length = sum(len(line) + 1 for line in piece.lines)
        if pieces_out or size + length > _COMMENT - _RESERVED:
            left_out += piece.findings
            pieces_out += 1
        else:
            lines += piece.lines
            size += length
    if pieces_out:
        more = f"{wording.plural(left_out, 'more finding')}" if left_out else "The rest"
        lines += [
            "",
            f"**{more} left out here**: a comment on GitHub holds {_COMMENT:,} characters. See the whole report.",
        ]
    return "\n".join(lines) + "\n"


class _Piece(NamedTuple):
    """Lines that stand or fall together, with how many findings they tell."""

    lines: tuple[str, ...]
    findings: int = 0


def _pieces(report: AuditReport) -> Iterator[_Piece]:
    base = f"knowledge base “{escaped(report.kb_name)}” ({code(report.digest[:12])})"
    yield _Piece((f"# Audit: {escaped(wording.summary(report))}", ""))
    yield _Piece((f"Profile {escaped(report.profile)}, {base}, kb {escaped(report.version)}.",))
    for index, one in enumerate(report.skipped):
        opening = () if index else ("", "**Not checked:**", "")
        yield _Piece((*opening, f"- {code(one.what)}: {escaped(one.reason)}"))
    for found, items in spots.numbered(report):
        yield from _document(report, found, items)


def escaped(text: str) -> str:
    """Return text in one line that means itself in Markdown, on GitHub too: no link, no call, no formula."""
    flat = _BEGINS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", _SPACES.sub(" ", text.strip())))
    return _CALL.sub("@<!-- -->", _ADDRESS.sub(r"\1\\\2", flat))


def code(text: str) -> str:
    """Return text in one line as a code span, whatever backticks it holds."""
    flat = _SPACES.sub(" ", text.replace("\u2060", "")).strip()
    if len(flat) > _LONGEST:
        flat = f"{flat[:_LONGEST]}…"
    ticks = "`" * (max(map(len, _TICKS.findall(flat)), default=0) + 1)
    pad = " " if "`" in flat or not flat else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def _document(report: AuditReport, found: DocumentReport, items: tuple[Numbered, ...]) -> Iterator[_Piece]:
    document, todo = found.document, spots.active(items)
    told = ", ".join(wording.levels(found.findings)).capitalize() + "." if todo else "No findings."
    said = wording.balance(found.balance)
    yield _Piece(("", f"## {code(document.path)}", "", told, *([f"Balance {escaped(said)}."] if said else [])))
    whole, placed = spots.parted(found, todo)
    for index, item in enumerate(whole):
        yield _Piece((*([] if index else [""]), *_item(report, item)), 1)
    for spot in spots.spots(placed):
        yield _Piece(("", *_spot(report, found, spot)), len(spot.findings))
    yield from (_Piece((line,)) for line in _rest(found))


def _spot(report: AuditReport, found: DocumentReport, spot: Spot) -> Iterator[str]:
    location = spot.findings[0].finding.location
    name = wording.place(found.document, spot.start)
    where = f"{escaped(name)}, line {location.line}" if name else f"Line {location.line}"
    yield f"**{where}, column {location.column}:** {code(found.document.plain[spot.start : spot.end])}"
    yield ""
    for item in spot.findings:
        yield from _item(report, item)


def _item(report: AuditReport, item: Numbered) -> Iterator[str]:
    finding = item.finding
    yield f"- **{finding.level.value}** {code(finding.rule)} (no. {item.number}): {escaped(finding.message)}"
    for paragraph in finding.suggestion.splitlines():
        yield f"  > {escaped(paragraph)}"
    cited = [escaped(report.references.get(key, key)) for key in finding.references]
    if cited:
        yield ""
        yield f"  Evidence: {'; '.join(cited)}"


def _rest(found: DocumentReport) -> Iterator[str]:
    document, balance = found.document, found.balance
    if balance.rating is not None and (balance.disclosed or balance.missing):
        yield ""
        yield "**Disclosures:**"
        yield ""
        for key in balance.disclosed:
            yield f"- [x] {escaped(wording.key_name(key))}"
        for key in balance.missing:
            yield f"- [ ] {escaped(wording.key_name(key))}"
    notes = [f"Not checked: {escaped(one.what)}: {escaped(one.reason)}" for one in document.skipped]
    accepted = sum(bool(finding.suppressed) for finding in found.findings)
    if accepted:
        notes.append(f"{wording.plural(accepted, 'finding')} accepted")
    if said := wording.left_out(document):
        notes.append(f"Left out: {escaped(said)}")
    if document.places:
        notes.append(f"Lines and columns are those of {escaped(document.offsets)}")
    if notes:
        yield ""
        yield from (f"- {note}" for note in notes)
