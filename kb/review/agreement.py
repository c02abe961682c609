"""How far two readers agree beyond chance: percent and Cohen's kappa, plain and linearly weighted.

Cohen J. A coefficient of agreement for nominal scales. Educ Psychol Meas 1960;20:37-46. Cohen J. Weighted kappa.
Psychol Bull 1968;70:213-20. Of ordered categories the linear weight is 1 - |i - j| / (k - 1).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _Weight = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree on one question."""

    n: int
    """How many entries both of them answered."""
    same: int
    kappa: float | None
    """`None` where it is not defined: nothing to compare, or chance alone would make them agree on everything."""
    weighted: float | None = None
    """Linearly weighted, where the answers have an order."""

    @property
    def percent(self) -> float | None:
        """How many in a hundred they answered alike."""
        return self.same / self.n * 100 if self.n else None


def agreement(pairs: Sequence[tuple[str, str]], order: Sequence[str] = ()) -> Agreement:
    """Return how far pairs of answers agree; `order` lists all answers from one end to the other where they have one.

    Raise `ValueError` for an answer that the order does not have.
    """
    same = sum(one == other for one, other in pairs)
    plain = _kappa(pairs, lambda one, other: float(one == other))
    if not order:
        return Agreement(len(pairs), same, plain)
    place = {answer: number for number, answer in enumerate(order)}
    unknown = {answer for pair in pairs for answer in pair} - set(place)
    if unknown:
        raise ValueError(f"not in the order: {', '.join(sorted(unknown))}")
    steps = max(len(order) - 1, 1)
    weighted = _kappa(pairs, lambda one, other: 1 - abs(place[one] - place[other]) / steps)
    return Agreement(len(pairs), same, plain, weighted)


def _kappa(pairs: Sequence[tuple[str, str]], weight: _Weight) -> float | None:
    if not pairs:
        return None
    n = len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(weight(*pair) for pair in pairs) / n
    expected = sum(weight(a, b) * firsts[a] * seconds[b] for a in firsts for b in seconds) / n**2
    return None if abs(1 - expected) < _ROUNDING else (observed - expected) / (1 - expected)


_ROUNDING = 1e-12
