"""From findings that somebody accepts to the comments that say so, and to the copy with these comments in it.

The other direction of `kb.audit.suppress`: a comment is written in front of the paragraph, list or table that holds the
finding, and names as little as it can.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Part, UnitKind
from kb.audit.blocks import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit.base import Document
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
    accepted = tuple(finding for finding in findings if _accepted(finding))
    if not accepted or document.media not in COMMENTED:
        return Comments((), accepted)
    blocks = _Blocks(document)
    by_block: defaultdict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        at = blocks.place(finding)
        if at is not None:
            by_block[at].append(finding)
    written = tuple(comment for at, held in sorted(by_block.items()) for comment in _written(at, held))
    reached = {id(finding) for comment in written for finding in comment.accepts}
    return Comments(written, tuple(finding for finding in accepted if id(finding) not in reached))


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


class _Blocks:
    """The paragraphs, lists and tables of a document by place."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._blocks = blocks_of(document.units)
        self._starts = [block.start for block in self._blocks]

    def place(self, finding: Finding) -> int | None:
        """Return where a comment on the block goes in which a finding begins; `None` where none can stand."""
        region = finding.region
        if region is None or region.start == region.end:
            return None
        index = bisect_right(self._starts, region.start) - 1
        if index < 0 or region.start >= self._blocks[index][1]:
            return None
        start, _, unit = self._blocks[index]
        if self._document.media == "text/plain":
            return self._line(start)
        if unit.part is Part.META or unit.kind in _NOWHERE:
            return None
        return start if self._document.media == "text/html" else self._line(start)

    def _line(self, offset: int) -> int:
        return max(self._document.text.rfind(mark, 0, offset) for mark in "\r\n") + 1


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
