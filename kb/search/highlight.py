"""Which characters of a text matched, and the pieces of it worth showing. Shared by every engine."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from kb.search.base import Fragment
from kb.search.plan import Prefix, Words
from kb.text.tokens import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.search.base import Document
    from kb.search.plan import Plan
    from kb.search.widen import ReadText, Vocabulary

MAX_CHARS = 240
"""The longest piece of a passage that is shown, in code points; claims and nearly all caveats fit whole."""

MAX_FRAGMENTS = {"claim": 1, "caveats": 3, "evidence": 2, "concepts": 3, "asked": 1}
"""How many passages of each field are shown: those in which most different things matched."""

Span = tuple[int, int]
Rows = dict[str, list[tuple[str, ...]]]


class Highlighter:
    """Marks in any text what a plan looks for: words and phrases as they were typed, and the concepts beside them."""

    def __init__(self, plan: Plan, vocabulary: Vocabulary) -> None:
        words = [thing for thing in plan.things if isinstance(thing, Words)]
        beginnings = [thing for thing in plan.things if isinstance(thing, Prefix)]
        self._concepts = {widening.concept for _, widening in plan.reading.widenings}
        self._vocabulary = vocabulary
        said = vocabulary.beginnings(self._concepts)
        self._in_claim = _sought((each.stems for each in words), (each.start for each in beginnings), said)
        self._in_texts = _sought(
            (each.stems for each in words if not each.in_claim),
            (each.start for each in beginnings if not each.in_claim),
            said,
        )
        self._in_labels = _sought((each.stems for each in words if each.open and len(each.stems) == 1), (), said)

    def highlights(self, document: Document) -> dict[str, tuple[Fragment, ...]]:
        """Return field → pieces with marks, in the document's order; fields without a match are absent."""
        if not (self._in_claim.rows or self._in_claim.beginnings):
            return {}
        found = {field: self._fragments(field, document.texts[field]) for field in MAX_FRAGMENTS}
        return {field: fragments for field, fragments in found.items() if fragments}

    def _fragments(self, field: str, passages: Iterable[str]) -> tuple[Fragment, ...]:
        sought = {"claim": self._in_claim, "concepts": self._in_labels, "asked": self._in_labels}.get(
            field, self._in_texts
        )
        marked = [
            (number, passage, *self._marks(passage, sought))
            for number, passage in enumerate(passages)
            if _may_match(passage, sought.hints)
        ]
        marked = [item for item in marked if item[2]]
        best = sorted(marked, key=lambda item: (-item[3], item[0]))[: MAX_FRAGMENTS[field]]
        return tuple(fragment(passage, spans) for _, passage, spans, _ in sorted(best))

    def _marks(self, text: str, sought: _Sought) -> tuple[tuple[Span, ...], int]:
        """Return the spans that match, merged where they overlap, and how many different things they show."""
        read = self._vocabulary.read(text)
        marks: list[tuple[int, int, object]] = [*_found_rows(read, sought.rows)]
        if self._concepts:
            marks += [(hit.start, hit.end, hit.concept) for hit in read.hits if hit.concept in self._concepts]
        if sought.beginnings:
            begun = sought.beginnings
            marks += [(token.start, token.end, token.stem) for token in read.tokens if token.word.startswith(begun)]
        if not marks:
            return (), 0
        return merged((start, end) for start, end, _ in marks), len({what for *_, what in marks})


class _Sought(NamedTuple):
    """What is marked in a field: rows of stems by their first one, and beginnings of words."""

    rows: Rows
    beginnings: tuple[str, ...]
    hints: tuple[str, ...] | None
    """With one of these some word begins in any text that matches; `None` where nothing of the kind can be said."""


def _sought(rows: Iterable[tuple[str, ...]], beginnings: Iterable[str], said: tuple[str, ...] | None) -> _Sought:
    by_first, starts = _by_first(rows), tuple(set(beginnings))
    hints = (*map(hint, by_first), *(start if start.isalpha() and start.isascii() else None for start in starts))
    known = tuple(each for each in hints if each)
    return _Sought(by_first, starts, None if said is None or len(known) < len(hints) else (*known, *said))


def _may_match(text: str, hints: tuple[str, ...] | None) -> bool:
    """Tell whether a text is worth reading, which takes a hundred times as long; most are not."""
    if hints is None or not text.isascii():
        return True
    lowered = text.lower()
    return any(beginning in lowered and _begins_a_word(beginning, lowered) for beginning in hints)


def _begins_a_word(beginning: str, lowered: str) -> bool:
    """Tell whether a word of plain letters begins so, where the letters stand at all."""
    at = lowered.find(beginning)
    while at > 0 and "a" <= lowered[at - 1] <= "z":
        at = lowered.find(beginning, at + 1)
    return at >= 0


def _by_first(rows: Iterable[tuple[str, ...]]) -> Rows:
    """Return the rows of stems that begin with each stem."""
    found: Rows = {}
    for row in dict.fromkeys(rows):
        found.setdefault(row[0], []).append(row)
    return found


def _found_rows(read: ReadText, rows: Rows) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    found = read.tokens
    for first in rows.keys() & read.places.keys():
        for row in rows[first]:
            for index in read.places[first]:
                last = index + len(row) - 1
                if len(row) == 1 or tuple(token.stem for token in found[index : last + 1]) == row:
                    yield found[index].start, found[last].end, row


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, overlapping and touching ones as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def fragment(text: str, spans: Sequence[Span]) -> Fragment:
    """Return the text with its marks, cut between words to the piece that shows most of them if it is long."""
    if len(text) <= MAX_CHARS:
        return Fragment(text, tuple(spans))
    first, count = _densest(spans)
    start, end = spans[first][0], spans[first + count - 1][1]
    room = max(MAX_CHARS - (end - start), 0)
    left = min(start, room // 3)
    begin = _after_blank(text, start - left, start)
    stop = _before_blank(text, end, min(len(text), begin + max(MAX_CHARS, end - begin)))
    inside = tuple((a - begin, b - begin) for a, b in spans if begin <= a and b <= stop)
    return Fragment(text[begin:stop], inside, before=begin > 0, after=stop < len(text))


def _densest(spans: Sequence[Span]) -> tuple[int, int]:
    """Return the first span and the number of spans of the window that shows most of them (at least one)."""
    ends = [end for _, end in spans]
    counts = [max(1, bisect_right(ends, start + MAX_CHARS) - index) for index, (start, _) in enumerate(spans)]
    most = max(counts)
    return counts.index(most), most


def _after_blank(text: str, low: int, high: int) -> int:
    """Return the first beginning of a word from `low` to `high`."""
    if low == 0 or text[low - 1].isspace():
        return low
    while low < high and not text[low].isspace():
        low += 1
    while low < high and text[low].isspace():
        low += 1
    return low


def _before_blank(text: str, low: int, high: int) -> int:
    """Return the last end of a word from `low` to `high`; `high` if there is no blank between them."""
    if high == len(text) or text[high].isspace():
        return high
    stop = high
    while stop >= low and not text[stop].isspace():
        stop -= 1
    while stop > low and text[stop - 1].isspace():
        stop -= 1
    return stop if stop >= low else high
