"""Comments in the copy that accept a finding: who writes one must say why, and may say until when.

`<!-- caveat-ignore RULE[, RULE …] -- reason [until 2027-01-31] -->` accepts findings in the paragraph, list or table in
which it stands or which comes next. `caveat-off` does so from there to `caveat-on` with the same names, or to the end.
A name is a rule, a claim or a caveat.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from kb.audit.blocks import blocks_of
from kb.audit.rules.base import AuditRule, Found, Kind
from kb.finding import Level, Suppression

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from kb.audit.audited import Audited
    from kb.audit.base import Document
    from kb.finding import Finding

_OPENS = re.compile(r"<!--[ \t]*caveat-(\w+)")
_LONGEST = 2_000
"""Code points of the longest comment that is read as one of ours."""

_UNTIL = re.compile(r"\[until[ ]([0-9-]{1,20})\]\s*\Z")
_NAMES = re.compile(r"[\s,]+")
_SAME_LINE = re.compile(r"[^\S\r\n]*")
_IGNORE, _OFF, _ON = "ignore", "off", "on"


@dataclass(frozen=True, slots=True)
class Directive:
    """One comment of ours. `problem` says what is wrong with it; then it accepts nothing."""

    start: int
    end: int
    word: str
    names: frozenset[str] = frozenset()
    reason: str = ""
    until: dt.date | None = None
    problem: str = ""


@dataclass(slots=True)
class _Span:
    """A stretch of the copy in which findings of some names are accepted."""

    directive: Directive
    start: int
    end: int
    used: bool = field(default=False)


def directives(text: str, known: Collection[str]) -> tuple[Directive, ...]:
    """Return every comment of ours in `text`; `known` has the names of rules, claims and caveats."""
    found: list[Directive] = []
    position = 0
    while match := _OPENS.search(text, position):
        end = text.find("-->", match.end(), match.start() + _LONGEST)
        if end < 0:
            found.append(Directive(match.start(), match.end(), match[1], problem="it is not closed with -->"))
            position = match.end()
            continue
        position = end + len("-->")
        found.append(_read(match[1], text[match.end() : end], match.start(), position, known))
    return tuple(found)


def _read(word: str, content: str, start: int, end: int, known: Collection[str]) -> Directive:
    listed, _, reason = content.partition(" -- ")
    names = frozenset(name for name in _NAMES.split(listed) if name)
    directive = Directive(start, end, word, names, " ".join(reason.split()))
    if word not in {_IGNORE, _OFF, _ON}:
        return replace(directive, problem=f"there is no caveat-{word}; write caveat-ignore, caveat-off or caveat-on")
    if not names:
        return replace(directive, problem="it names no rule, claim or caveat")
    unknown = sorted(names - set(known))
    if unknown:
        return replace(directive, problem=f"there is no rule, claim or caveat {unknown[0]!r}")
    return directive if word == _ON else _with_reason(directive)


def _with_reason(directive: Directive) -> Directive:
    until = _UNTIL.search(directive.reason)
    reason = _UNTIL.sub("", directive.reason).strip()
    if not reason:
        return replace(directive, problem="it gives no reason; write -- and why the finding is accepted")
    if until is None:
        return replace(directive, reason=reason)
    try:
        return replace(directive, reason=reason, until=dt.date.fromisoformat(until[1]))
    except ValueError:
        return replace(directive, problem=f"{until[1]} is no date; write [until 2027-01-31]")


def apply(
    document: Document, findings: Sequence[Finding], known: Collection[str], today: dt.date
) -> tuple[list[Finding], list[tuple[AuditRule, Found]]]:
    """Return the findings, those accepted by a comment marked, and what is wrong with the comments themselves."""
    comments = directives(document.text, known)
    if not comments:
        return list(findings), []
    spans = [span for span in _spans(document, comments) if not _expired(span.directive, today)]
    marked = _marked(findings, spans)
    problems: list[tuple[AuditRule, Found]] = []
    for directive in comments:
        if directive.problem:
            problems.append((MALFORMED, _found(directive, f"This comment accepts nothing: {directive.problem}.")))
        elif _expired(directive, today):
            message = f"This comment ran out on {directive.until}; its findings count again."
            problems.append((EXPIRED, _found(directive, message)))
    for span in spans:
        if not span.used:
            names = ", ".join(sorted(span.directive.names))
            message = f"This comment accepts {names}, and nothing of the kind is found there."
            problems.append((UNUSED, _found(span.directive, message, "Delete it.")))
    return marked, problems


def _expired(directive: Directive, today: dt.date) -> bool:
    return directive.until is not None and directive.until < today


def _found(directive: Directive, message: str, suggestion: str = "") -> Found:
    return Found(directive.start, directive.end, message, suggestion)


def _marked(findings: Sequence[Finding], spans: Sequence[_Span]) -> list[Finding]:
    """Return findings, each accepted by the last comment that covers it, if any does; all that do count as used.

    Comments and findings are met in the order of the text, so that a page full of both takes no longer than either.
    """
    marked = list(findings)
    waiting = sorted(enumerate(spans), key=lambda pair: pair[1].start, reverse=True)
    covering: defaultdict[str | None, _Covering] = defaultdict(_Covering)
    placed = [(finding.region.start, at) for at, finding in enumerate(findings) if finding.region]
    for start, at in sorted(placed):
        while waiting and waiting[-1][1].start <= start:
            number, span = waiting.pop()
            for name in span.directive.names:
                covering[name].add(number, span)
        finding = findings[at]
        about = {finding.rule, finding.claim, finding.caveat}
        last = max(covering[name].last(start) for name in about)
        if last >= 0:
            directive = spans[last].directive
            marked[at] = replace(finding, suppressed=Suppression("inSource", directive.reason, directive.until))
    return marked


class _Covering:
    """The comments on one name that cover a place; places are asked for in the order of the text."""

    def __init__(self) -> None:
        self._latest: list[tuple[int, int]] = []
        """The last comment first, each with where it ends: a heap."""
        self._unused: list[_Span] = []

    def add(self, number: int, span: _Span) -> None:
        """Add a comment that begins to cover."""
        heappush(self._latest, (-number, span.end))
        self._unused.append(span)

    def last(self, place: int) -> int:
        """Return the number of the last comment that covers a place, -1 if none does; all that do count as used."""
        for span in self._unused:
            span.used = span.used or place < span.end
        self._unused.clear()
        while self._latest and self._latest[0][1] <= place:
            heappop(self._latest)
        return -self._latest[0][0] if self._latest else -1


def _spans(document: Document, comments: Sequence[Directive]) -> Iterator[_Span]:
    """Return what each comment covers."""
    blocks = _Blocks(document)
    open_: dict[str, list[_Span]] = {}
    for directive in comments:
        if directive.problem:
            continue
        if directive.word == _ON:
            for name in directive.names:
                for span in open_.pop(name, ()):
                    span.end = min(span.end, directive.start)
            continue
        if directive.word == _OFF:
            # one span a name, so that `caveat-on` can end some of the names and not the others
            for name in sorted(directive.names):
                span = _Span(replace(directive, names=frozenset({name})), directive.start, len(document.text) + 1)
                open_.setdefault(name, []).append(span)
                yield span
            continue
        start, end = blocks.around(directive.start, directive.end)
        yield _Span(directive, start, end)


class _Blocks:
    """The blocks of a document by place."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._extents = sorted(
            ((start, end) for start, end, _ in blocks_of(document.units)), key=lambda extent: extent[1]
        )
        self._ends = [end for _, end in self._extents]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the block that holds this place, or the one that comes next; nothing at the end of the copy.

        What follows the last sentence of a paragraph on the same line still stands in it.
        """
        index = bisect_left(self._ends, start)
        if index and _SAME_LINE.fullmatch(self._text, self._ends[index - 1], start):
            return self._extents[index - 1]
        if index == len(self._extents):
            return end, end
        return self._extents[index]


def _by_hand(help_of: Callable[[Audited], Iterator[Found]], rule_id: str, level: Level, summary: str) -> AuditRule:
    return AuditRule(rule_id, summary, Kind.FAIL, level, help_of)


def _malformed(_: Audited) -> Iterator[Found]:
    """Report comments of ours that cannot be read.

    A comment that accepts a finding names what it accepts and says why:
    `<!-- caveat-ignore overstated -- quoted from the label [until 2027-01-31] -->`. Without a name that is known,
    without a reason, or with a date that is none it accepts nothing, and says so here.
    """
    yield from ()


def _expired_rule(_: Audited) -> Iterator[Found]:
    """Report comments that accepted a finding until a day that has passed.

    Look at the copy again; then delete the comment, or give it a new day and a reason that still holds.
    """
    yield from ()


def _unused(_: Audited) -> Iterator[Found]:
    """Report comments that accept nothing.

    The copy was mended, or the knowledge base changed. Delete the comment, so that it cannot hide the next finding.
    """
    yield from ()


MALFORMED = _by_hand(
    _malformed, "suppression-malformed", Level.ERROR, "A comment that accepts findings cannot be read."
)
EXPIRED = _by_hand(_expired_rule, "suppression-expired", Level.WARNING, "A comment that accepts findings has run out.")
UNUSED = _by_hand(_unused, "suppression-unused", Level.WARNING, "A comment accepts nothing.")
