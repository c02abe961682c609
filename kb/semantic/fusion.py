"""How the ranking by words and the ranking by meaning become one: both scaled from 0 to 1, then a weighted mean.

    score = WEIGHT · likeness + (1 - WEIGHT) · words

Both are scaled over the same candidates (min-max): what ranks best by words, what ranks best by meaning. The scale of
neither matters, and equal scores stay in the order of rows, so the same question has the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from kb.semantic.base import Matrix

    Numbers = NDArray[np.float64]

WEIGHT = 0.75
"""What meaning counts for in a pasted text."""

TYPED_WEIGHT = 0.1
"""What it counts for where a few words were typed: these are mostly meant as they stand."""

CANDIDATES = 100
"""How many of the best by words, and of the best by meaning, are ranked anew; those beyond follow in their order."""

ADDED = 10
"""How many claims without the words are added to what a pasted text finds, at most."""

FEW = 5
"""Where a few words were typed, others are added only if fewer claims are found, and as many at most."""

OUTLIER = 2.5
"""How far above the mean likeness of all claims (in standard deviations) such a claim must be.

A fixed likeness would not do: a text that names the drug is rather like all claims about the drug.
"""

_REST = 0.01
_DECIMALS = 6
"""Likeness is rounded, since its last digits depend on how the processor adds up."""


def fuse(
    words: Mapping[int, float],
    likeness: Matrix,
    *,
    weight: float,
    turned: Callable[[int], bool],
    most: int,
) -> dict[int, float]:
    """Return row → score, from 0 to 1, of all rows of `words` and of at most `most` others that stand out.

    `likeness` has a number for every row. Where `turned` says that a row turns another way than the text, likeness
    never lifts it: it counts for no more than its words do, and it is not added.
    """
    alike = likeness.astype(np.float64).round(_DECIMALS)
    by_words = sorted(words, key=lambda row: (-words[row], row))
    by_meaning = sorted(words, key=lambda row: (-alike[row], row))
    added = _outliers(words, alike, turned)[:most]
    chosen = list(dict.fromkeys([*by_words[:CANDIDATES], *by_meaning[:CANDIDATES], *added]))
    word_shares = scaled([words.get(row, 0.0) for row in chosen])
    meaning_shares = scaled(alike[chosen])
    fused = {}
    for row, by_word, meaning in zip(chosen, word_shares, meaning_shares, strict=True):
        lifting = min(meaning, by_word) if meaning > by_word and turned(row) else meaning
        fused[row] = _REST + (1 - _REST) * float(weight * lifting + (1 - weight) * by_word)
    best = words[by_words[0]] if by_words else 0.0
    for row in by_words:
        if row not in fused:
            fused[row] = _REST * words[row] / (words[row] + best) if best > 0 else 0.0
    return fused


def scaled(numbers: Sequence[float] | Numbers) -> Numbers:
    """Return numbers with the lowest at 0 and the highest at 1; all at 1 where they are equal."""
    values = np.asarray(numbers, dtype=np.float64)
    if not values.size or values.min() == values.max():
        return np.ones_like(values)
    shares: Numbers = (values - values.min()) / (values.max() - values.min())
    return shares


def _outliers(words: Mapping[int, float], alike: Numbers, turned: Callable[[int], bool]) -> list[int]:
    """Return the rows without the words that stand out by their meaning, best first."""
    if not alike.size:
        return []
    least = alike.mean() + OUTLIER * alike.std()
    rows = [int(row) for row in np.flatnonzero((alike >= least) & (alike > 0)) if int(row) not in words]
    return [row for row in sorted(rows, key=lambda row: (-alike[row], row)) if not turned(row)]
