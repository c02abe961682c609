"""A second reader's own judgement of a claim, made without seeing the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kb.model import Certainty, CertaintyLevel, Verdict
from kb.model.base import Model, Slug, Text
from kb.review.agreement import Agreement, agreement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ORDER = tuple(level.value for level in reversed(CertaintyLevel))
"""The levels of certainty from very low to high."""


class Judged(Model):
    """What the entry itself said when the reader graded it: their agreement is with that, whatever it says later."""

    author: Text
    verdict: Verdict
    certainty: CertaintyLevel | None = None


class Grading(Model):
    """How one reader judges one claim. The order of the fields is the canonical order in the file."""

    claim: Slug
    reader: Text
    date: dt.date
    verdict: Verdict
    certainty: Certainty | None = None
    rationale: Text | None = Field(default=None, description="Why, in the reader's own words.")
    entry: Judged

    @property
    def level(self) -> CertaintyLevel | None:
        """The level of certainty, where there is one."""
        return self.certainty.level if self.certainty else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two judgements of one claim: the entry's, or a reader's, and another reader's."""

    claim: str
    first: tuple[Verdict, CertaintyLevel | None]
    second: tuple[Verdict, CertaintyLevel | None]

    @property
    def differs(self) -> bool:
        """Whether verdict or certainty differ."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Compared:
    """How far two readers agree, on both questions, and where they do not."""

    first: str
    second: str
    verdict: Agreement
    certainty: Agreement
    ungraded: int
    """Claims to which one of the two gave no certainty: what cannot be checked has none."""
    differences: tuple[Pair, ...]


def with_entries(gradings: Iterable[Grading]) -> tuple[Compared, ...]:
    """Compare each reader with the entries that they graded, by the readers' names."""
    by_reader: dict[str, list[Pair]] = {}
    for one in gradings:
        pair = Pair(one.claim, (one.entry.verdict, one.entry.certainty), (one.verdict, one.level))
        by_reader.setdefault(one.reader, []).append(pair)
    return tuple(compared("the entries", reader, pairs) for reader, pairs in sorted(by_reader.items()))


def between(gradings: Iterable[Grading], first: str, second: str) -> Compared:
    """Compare two readers on the claims that both of them graded."""
    by_reader: dict[str, dict[str, Grading]] = {}
    for one in gradings:
        by_reader.setdefault(one.reader, {})[one.claim] = one
    mine, theirs = by_reader.get(first, {}), by_reader.get(second, {})
    both = sorted(mine.keys() & theirs.keys())
    pairs = [
        Pair(claim, (mine[claim].verdict, mine[claim].level), (theirs[claim].verdict, theirs[claim].level))
        for claim in both
    ]
    return compared(first, second, pairs)


def compared(first: str, second: str, pairs: Sequence[Pair]) -> Compared:
    """Return how far two readers agree on pairs of judgements."""
    verdicts = agreement([(pair.first[0].value, pair.second[0].value) for pair in pairs])
    levels = [
        (pair.first[1].value, pair.second[1].value) for pair in pairs if pair.first[1] is not None and pair.second[1]
    ]
    certainty = agreement(levels, ORDER)
    differing = sorted((pair for pair in pairs if pair.differs), key=lambda pair: pair.claim)
    return Compared(first, second, verdicts, certainty, len(pairs) - len(levels), tuple(differing))
