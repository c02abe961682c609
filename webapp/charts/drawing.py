"""Where things stand in the pictures: shares of a bar, paths of small cells, arcs between rows. Numbers, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from kb.model import Strength

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.charts.contradictions import Cluster
    from webapp.charts.matrix import Block, Row

COLUMN, ROW = 14, 8
"""Width of an article's column and height of a claim's row in the picture of all claims, in pixels."""

WIDTHS = {Strength.HEDGED: 4, Strength.PLAIN: 8, Strength.EMPHATIC: 12}
"""How wide a cell is drawn: strength shows by shape as well as by shade."""

ARC_WIDTH = 92
"""Width of the strip of arcs beside the claims of a cluster, in pixels."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Segment(Generic[Value]):
    """A part of a bar, in per cent of its width."""

    value: Value
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The cells of one block of claims: a path for each strength, and one for the empty columns behind them."""

    width: int
    height: int
    ground: str
    cells: Mapping[Strength, str]


@dataclass(frozen=True, slots=True)
class Arc:
    """A curve between two rows, and where its number stands: `x` in pixels, `y` in per cent of the height."""

    number: int
    path: str
    x: float
    y: float


def segments(counts: Mapping[Value, int]) -> list[Segment[Value]]:
    """Return the parts of a bar that is as wide as all counts together."""
    total = sum(counts.values())
    found = []
    before = 0
    for value, count in counts.items():
        found.append(Segment(value, count, _percent(before, total), _percent(count, total)))
        before += count
    return found


def picture(block: Block, sources: Sequence[str], most: int, left: int = 0) -> Picture:
    """Return the first `most` claims of a block as rows of cells, one column for each article, from `left` on."""
    rows = block.rows[:most]
    height = len(rows) * ROW
    ground = "".join(
        f"M{left + column * COLUMN} 0h{COLUMN - 2}v{height - 1}h-{COLUMN - 2}z" for column in _all(sources)
    )
    cells = {strength: _cells(rows, sources, strength, left) for strength in Strength}
    return Picture(len(sources) * COLUMN - 2, height, ground, {key: path for key, path in cells.items() if path})


def arcs(cluster: Cluster) -> list[Arc]:
    """Return a curve for each contradiction of a cluster, in a strip `ARC_WIDTH` wide and 10 high for each claim.

    The more rows a curve spans, the further it reaches to the left, so that no two numbers fall on one place.
    """
    place = {claim.id: number for number, claim in enumerate(cluster.claims)}
    ends = [sorted(place[claim.id] for claim in pair.claims) for pair in cluster.pairs]
    widest = max(low - high for high, low in ends)
    found = []
    for number, (high, low) in enumerate(ends, start=1):
        reach = 34 + (ARC_WIDTH - 46) * (low - high) / widest
        control = round(ARC_WIDTH - reach * 4 / 3, 1)
        top, bottom = high * 10 + 5, low * 10 + 5
        path = f"M{ARC_WIDTH} {top}C{control} {top} {control} {bottom} {ARC_WIDTH} {bottom}"
        found.append(Arc(number, path, round(ARC_WIDTH - reach, 1), _percent(high + low + 1, 2 * len(place))))
    return found


def _cells(rows: Sequence[Row], sources: Sequence[str], strength: Strength, left: int) -> str:
    width = WIDTHS[strength]
    return "".join(
        f"M{left + column * COLUMN} {number * ROW}h{width}v{ROW - 1}h-{width}z"
        for number, row in enumerate(rows)
        for column in _all(sources)
        if row.strengths.get(sources[column]) is strength
    )


def _all(sources: Sequence[str]) -> range:
    return range(len(sources))


def _percent(part: int, whole: int) -> float:
    return round(part * 100 / whole, 3)
