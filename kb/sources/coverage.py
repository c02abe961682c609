"""How much of a source's prose is accounted for, and every stretch that is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.sources.passages import Mark, MarkKind, Orphan, marks, orphans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.finding import Skipped
    from kb.model import KnowledgeBase, Source

UNSEEN_GAP = 2
"""Where the words are not at hand, a gap of up to this many characters is taken for the space between sentences."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that nothing accounts for. Line and words are known only where a copy is attached."""

    start: int
    end: int
    line: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is accounted for in one source. Prose is every character that is not white space."""

    source: str
    chars: int
    """Length of the text in code points, white space included."""
    prose: int | None
    """Characters of prose; `None` where the words are not at hand."""
    covered: int | None
    """Characters of prose under at least one mark."""
    by_kind: Mapping[MarkKind, int]
    """Characters of prose under each kind of mark; kinds may overlap. Empty where the words are not at hand."""
    gaps: tuple[Gap, ...]
    orphans: tuple[Orphan, ...] = ()
    skipped: Skipped | None = None
    """Why prose could not be counted; the gaps then come from the selectors alone."""

    @property
    def complete(self) -> bool:
        """Whether all prose was counted, is accounted for, and no selector is an orphan."""
        return self.skipped is None and not self.gaps and not self.orphans

    @property
    def percent(self) -> float | None:
        """Covered prose in per cent to one decimal, rounded down, so that 100.0 means all of it."""
        if self.prose is None or self.covered is None:
            return None
        return self.covered * 1000 // self.prose / 10 if self.prose else 100.0


def measure(kb: KnowledgeBase, source: Source, text: str | Skipped) -> Coverage:
    """Measure the coverage of a source by its text or, where that was skipped, by the selectors alone.

    An orphan covers nothing: what it points at is not what was meant.
    """
    found = marks(kb, source)
    if not isinstance(text, str):
        gaps = tuple(gap for gap in _uncovered(found, source.text.chars) if gap.end - gap.start > UNSEEN_GAP)
        return Coverage(source.id, source.text.chars, None, None, {}, gaps, skipped=text)
    lost = orphans(found, source.id, text)
    astray = {orphan.mark for orphan in lost}
    sound = [mark for mark in found if mark not in astray]
    prose = _prose_before(text)
    by_kind = {kind: _prose_under([mark for mark in sound if mark.kind is kind], prose) for kind in MarkKind}
    gaps = tuple(_with_words(_uncovered(sound, len(text)), text))
    return Coverage(source.id, len(text), prose[-1], _prose_under(sound, prose), by_kind, gaps, lost)


def _prose_before(text: str) -> list[int]:
    """Return for each position how many characters of prose stand before it; the last entry is the total."""
    counts = [0]
    for character in text:
        counts.append(counts[-1] + (not character.isspace()))
    return counts


def _prose_under(found: Iterable[Mark], prose: list[int]) -> int:
    return sum(prose[end] - prose[start] for start, end in _merged(found))


def _merged(found: Iterable[Mark]) -> Iterator[tuple[int, int]]:
    """Join overlapping and touching marks (in the order of the text) into stretches."""
    start = end = 0
    for mark in found:
        if mark.start > end:
            if end > start:
                yield start, end
            start = mark.start
        end = max(end, mark.end)
    if end > start:
        yield start, end


def _uncovered(found: Iterable[Mark], length: int) -> Iterator[Gap]:
    position = 0
    for start, end in _merged(found):
        if start > position:
            yield Gap(position, min(start, length))
        position = end
    if position < length:
        yield Gap(position, length)


def _with_words(gaps: Iterable[Gap], text: str) -> Iterator[Gap]:
    """Trim white space off each gap, drop those that were nothing else, and add line and words."""
    for gap in gaps:
        words = text[gap.start : gap.end].strip()
        if words:
            start = text.index(words, gap.start)
            yield Gap(start, start + len(words), text.count("\n", 0, start) + 1, words)
