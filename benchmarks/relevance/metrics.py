"""How good a ranking is, as numbers from 0 to 1.

nDCG is that of Järvelin and Kekäläinen (Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002,
422-446) as trec_eval's `ndcg_cut` computes it: the gain is the grade itself, a hit at rank r counts
grade / log2(r + 1), and the sum is divided by that of the best possible ranking. Average precision is that of
Manning, Raghavan and Schütze (Introduction to Information Retrieval, 2008, section 8.4), cut at a rank.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], cut: int = 10) -> float:
    """Return normalised discounted cumulated gain of the first `cut` hits; 1.0 where there is nothing to find."""
    best = _gain(sorted(grades.values(), reverse=True)[:cut])
    return _gain(grades.get(found, 0) for found in ranking[:cut]) / best if best else 1.0


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def recall(ranking: Sequence[str], relevant: Collection[str], cut: int = 5) -> float:
    """Return the share of the relevant that stands among the first `cut` hits.

    Where more than `cut` are relevant, `cut` of them are all that can be found. 1.0 where there is nothing to find.
    """
    possible = min(cut, len(relevant))
    return len(set(relevant).intersection(ranking[:cut])) / possible if possible else 1.0


def average_precision(ranking: Sequence[str], relevant: Collection[str], cut: int = 5) -> float:
    """Return the mean, over the relevant (`cut` at most), of the precision at the rank of each; 0 for those beyond."""
    found = 0
    total = 0.0
    for rank, document in enumerate(ranking[:cut], start=1):
        if document in relevant:
            found += 1
            total += found / rank
    possible = min(cut, len(relevant))
    return total / possible if possible else 1.0
