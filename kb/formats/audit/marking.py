"""Text with marks that may nest and overlap, cut into pieces that can be written one after the other.

Pure: it knows neither findings nor HTML. The marks can be anything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A mark on `text[start:end]`."""

    start: int
    end: int
    mark: T


@dataclass(frozen=True, slots=True)
class Segment(Generic[T]):
    """A piece of text on which the same marks lie from its start to its end."""

    start: int
    end: int
    marks: tuple[T, ...] = ()
    """In the order in which they were given."""
    opens: tuple[T, ...] = ()
    """Those of `marks` that begin here: a number or a tick is shown once, in front of this piece."""
    closes: tuple[T, ...] = ()
    """Those of `marks` that end here."""


def segments(start: int, end: int, spans: Iterable[Span[T]]) -> Iterator[Segment[T]]:
    """Yield `text[start:end]` piece by piece, without a gap; joined, the pieces are the text.

    A span that reaches outside is cut to fit, and then it opens at `start` or closes at `end`. One that has nothing
    in here is left out, and so is an empty one.
    """
    inside = [(max(span.start, start), min(span.end, end), span.mark) for span in spans]
    inside = [span for span in inside if span[0] < span[1]]
    opening: defaultdict[int, list[int]] = defaultdict(list)
    closing: defaultdict[int, list[int]] = defaultdict(list)
    for index, (first, last, _) in enumerate(inside):
        opening[first].append(index)
        closing[last].append(index)
    cuts = sorted({start, end, *opening, *closing})
    open_now: set[int] = set()
    for first, last in pairwise(cuts):
        open_now.difference_update(closing[first])
        open_now.update(opening[first])
        yield Segment(
            first,
            last,
            tuple(inside[index][2] for index in sorted(open_now)),
            tuple(inside[index][2] for index in opening[first]),
            tuple(inside[index][2] for index in closing[last]),
        )
