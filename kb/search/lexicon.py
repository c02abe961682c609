"""The words of an index with how often they occur: what typing is completed with and typing errors are mended with."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING, Protocol

from kb.text.tokens import stem

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAST = "\U0010ffff"
"""Sorts after every character, so that `prefix + _LAST` ends the words that begin with `prefix`."""

MAX_BEGINNINGS = 60
"""How many words a prefix stands for, the most frequent ones first."""


class Known(Protocol):
    """What stands in the entries of an index."""

    @property
    def words(self) -> Mapping[str, int]:
        """Word in lower case → how many entries have it, labels and examples included."""
        ...

    def __contains__(self, stem: object) -> bool:
        """Tell whether a stem stands in what is shown of any entry."""
        ...


class Lexicon:
    """Words as they stand in the entries, folded (lower case), each with the number of entries that have it."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.counts)

    def beginning(self, prefix: str) -> list[str]:
        """Return the words that begin with a prefix, in alphabetical order."""
        return self._sorted[bisect_left(self._sorted, prefix) : bisect_left(self._sorted, prefix + _LAST)]

    def likeliest(self, prefix: str, limit: int) -> list[str]:
        """Return the most frequent words that begin with a prefix."""
        return nsmallest(limit, self.beginning(prefix), key=lambda word: (-self.counts[word], word))

    def stems(self, prefix: str) -> tuple[str, ...]:
        """Return what a prefix stands for: the stems of the most frequent words that begin with it, each once."""
        return tuple(dict.fromkeys(stem(word) for word in self.likeliest(prefix, MAX_BEGINNINGS)))
