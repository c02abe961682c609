"""From findings that somebody accepts to the comments that say so, and to the copy with these comments in it.

The other direction of `kb.audit.suppress`: a comment is written in front of the paragraph, list or table that holds the
finding, and names as little as it can.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit.base import Document, Unit
    from kb.finding import Finding

COMMENTED = frozenset({"text/plain", "text/markdown", "text/html"})
"""Media types that take comments."""

_BREAK = re.compile(r"\r\n|\r|\n")
_DASHES = re.compile(r"-{2,}")
_ENDING = re.compile(r"[<>]|-\Z")
_NOWHERE = frozenset({UnitKind.META, UnitKind.ALT_TEXT})
"""Kinds of units whose words stand where no comment can."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: where it goes, what it says, which findings it accepts."""

    at: int
    """Code point of the copy in front of which it is inserted."""
    text: str
    accepts: tuple[Finding, ...]
    also: tuple[Finding, ...] = ()
    """Findings that nobody accepted and that no choice of names keeps out."""


@dataclass(frozen=True, slots=True)
class Comments:
    """What comments can say, and which accepted findings none can reach."""

    written: tuple[Comment, ...] = ()
    beyond: tuple[Finding, ...] = ()


def comments(document: Document, findings: Sequence[Finding]) -> Comments:
    """Return comments for those of a document's findings that are accepted from outside the copy."""
    blocks = _blocks(document.units)
    by_block: defaultdict[int, list[Finding]] = defaultdict(list)
    beyond: list[Finding] = []
    for finding in findings:
        block = _block(document, blocks, finding)
        if block is not None:
            by_block[block].append(finding)
        elif _accepted(finding):
            beyond.append(finding)
    if document.media not in COMMENTED:
        return Comments((), tuple(finding for finding in findings if _accepted(finding)))
    written = [
        comment
        for block, held in sorted(by_block.items())
        for comment in _written(_place(document, blocks[block]), held)
    ]
    return Comments(tuple(written), tuple(beyond))


def commented(document: Document, written: Iterable[Comment]) -> str:
    """Return the copy with comments in it: each in a line of its own, in HTML right in front of the words."""
    text = document.text
    found = _BREAK.search(text)
    after = "" if document.media == "text/html" else (found[0] if found else "\n")
    pieces, reached = [], 0
    for comment in sorted(written, key=lambda one: one.at):
        pieces += [text[reached : comment.at], comment.text, after]
        reached = comment.at
    return "".join([*pieces, text[reached:]])


def _accepted(finding: Finding) -> bool:
    return finding.suppressed is not None and finding.suppressed.kind == "external"


def _blocks(units: Sequence[Unit]) -> dict[int, tuple[Unit, ...]]:
    blocks: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        blocks[unit.block].append(unit)
    return {block: tuple(held) for block, held in blocks.items()}


def _block(document: Document, blocks: dict[int, tuple[Unit, ...]], finding: Finding) -> int | None:
    """Return the block in which a finding begins, if a comment can stand in front of it."""
    region = finding.region
    if region is None or region.start == region.end:
        return None
    for block, units in blocks.items():
        if min(unit.start for unit in units) <= region.start < max(unit.end for unit in units):
            hidden = units[0].part is Part.META or units[0].kind in _NOWHERE
            return None if hidden and document.media != "text/plain" else block
    return None


def _place(document: Document, units: tuple[Unit, ...]) -> int:
    start = min(unit.start for unit in units)
    if document.media == "text/html":
        return start
    return max(document.text.rfind(mark, 0, start) for mark in "\r\n") + 1


def _written(at: int, held: Sequence[Finding]) -> Iterator[Comment]:
    """Yield a comment for each reason, with the names that accept fewest others in the block."""
    reasons: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in held:
        if finding.suppressed and _accepted(finding):
            reasons[_reason(finding.suppressed.reason)].append(finding)
    others = [finding for finding in held if not finding.suppressed]
    reach = Counter(name for finding in others for name in _names(finding))
    for reason, accepted in reasons.items():
        # Of names that reach as few others, one that reaches more of these.
        ours = Counter(name for finding in accepted for name in _names(finding))
        chosen = {min(_names(finding), key=lambda name: (reach[name], -ours[name], name)) for finding in accepted}
        also = tuple(finding for finding in others if chosen & set(_names(finding)))
        yield Comment(at, f"<!-- caveat-ignore {', '.join(sorted(chosen))} -- {reason} -->", tuple(accepted), also)


def _names(finding: Finding) -> list[str]:
    return [name for name in (finding.rule, finding.claim, finding.caveat) if name]


def _reason(reason: str) -> str:
    """Return a reason in one line that cannot end the comment."""
    return _ENDING.sub(" ", _DASHES.sub("\N{EN DASH}", " ".join(reason.split()))).strip()
