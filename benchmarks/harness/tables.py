"""Figures by round, and what follows from them: medians, ratios of programs, and how far the ratios scatter.

Every figure is a cost: seconds, milliseconds, memory. A ratio is a peer's cost over ours in the same round, so it is
above 1 where we are cheaper, and the load of the machine, which both suffered, falls out of it.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNSURE = frozenset({"p95", "worst"})
"""Figures of the slowest few: too uncertain to tell a regression by."""


class Ratio(NamedTuple):
    """A peer's cost over ours: the median of the rounds, and their half range as a share of it."""

    median: float
    noise: float


class Place(NamedTuple):
    """Where a ratio stands."""

    work: str
    case: str
    row: str
    program: str
    peer: str
    figure: str


@dataclass
class Table:
    """What one work measured in one case: row → program → figure → a value for every round."""

    work: str
    case: str
    peers: tuple[str, ...]
    compared: dict[str, str]
    """Figure → unit."""
    told: dict[str, str] = field(default_factory=dict)
    """Figures that are no cost and have no ratio."""
    note: str = ""
    apart: str = ""
    """When and by which command it was measured, if in another run than the tables beside it."""
    cells: dict[str, dict[str, dict[str, list[float]]]] = field(default_factory=dict)

    def add(self, row: str, program: str, **figures: float) -> None:
        """Note the figures of one round."""
        cell = self.cells.setdefault(row, {}).setdefault(program, {})
        for figure, value in figures.items():
            cell.setdefault(figure, []).append(value)

    @property
    def programs(self) -> tuple[str, ...]:
        """All that were measured, ours before the peers."""
        names = dict.fromkeys(name for programs in self.cells.values() for name in programs)
        return (*(name for name in names if name not in self.peers), *(name for name in self.peers if name in names))

    @property
    def ours(self) -> tuple[str, ...]:
        """The programs that are no peers."""
        return tuple(name for name in self.programs if name not in self.peers)

    def median(self, row: str, program: str, figure: str) -> float | None:
        """Return the median of the rounds; `None` where there is none."""
        values = self._values(row, program, figure)
        return statistics.median(values) if values else None

    def ratio(self, row: str, program: str, peer: str, figure: str) -> Ratio | None:
        """Return how many times our cost the peer's is; `None` where either was not measured, or cost nothing."""
        return ratio(self._values(row, program, figure), self._values(row, peer, figure))

    def ratios(self) -> Iterator[tuple[Place, Ratio]]:
        """Yield every ratio of one of our programs with one of the peers."""
        for row in self.cells:
            for program in self.ours:
                for peer in self.peers:
                    for figure in self.compared:
                        found = self.ratio(row, program, peer, figure)
                        if found:
                            yield Place(self.work, self.case, row, program, peer, figure), found

    def _values(self, row: str, program: str, figure: str) -> list[float]:
        return self.cells.get(row, {}).get(program, {}).get(figure, [])

    def encoded(self) -> dict[str, Any]:
        """Return the table for JSON."""
        return asdict(self)


def decoded(written: dict[str, Any]) -> Table:
    """Return a table from JSON."""
    return Table(**(written | {"peers": tuple(written["peers"])}))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio | None:
    """Return the ratio of costs that were taken in the same rounds; `None` where a round lacks one of them.

    A single round says nothing of noise, which is then without limit.
    """
    if not ours or len(ours) != len(theirs) or not all((*ours, *theirs)):
        return None
    by_round = [their / our for our, their in zip(ours, theirs, strict=True)]
    middle = statistics.median(by_round)
    if len(by_round) == 1:
        return Ratio(middle, math.inf)
    return Ratio(middle, (max(by_round) - min(by_round)) / 2 / middle)


def percentile(values: Sequence[float], share: float) -> float:
    """Return what this share of the values is not above."""
    return sorted(values)[max(int(len(values) * share + 0.5) - 1, 0)]
