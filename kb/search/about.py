"""What a text is about: the themes that it speaks on by the topics' rules, and for which claims people ask like that.

The audit reads copy by the same topics; how people ask is for search alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.text.recognise import Recogniser
from kb.text.small_words import FUNCTION_WORDS
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.model import KnowledgeBase
    from kb.search.documents import Table


class Topics:
    """Finds the themes that a text speaks on, whether or not it makes a claim of ours."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._recogniser = Recogniser(replace(kb, claims={}, caveats={}), topics=True) if kb.topics else None

    def of(self, text: str) -> frozenset[str]:
        """Return the themes of a text."""
        if self._recogniser is None:
            return frozenset()
        return frozenset(found.id for found in self._recogniser.recognise(text) if found.kind == "topic")


class OnThemes:
    """Which rows are on which themes."""

    def __init__(self, kb: KnowledgeBase, table: Table) -> None:
        self._claims = kb.claims
        self._ids = table.ids

    def share(self, row: int, themes: frozenset[str]) -> float:
        """Return the share of a row's themes that are among these."""
        own = frozenset(self._claims[self._ids[row]].themes)
        return len(own & themes) / len(own) if own else 0.0

    def shares(self, rows: Mapping[int, float], themes: frozenset[str]) -> dict[int, float]:
        """Return row → share, of those rows that are on any of these themes."""
        return {row: share for row in rows if (share := self.share(row, themes))}


class AsAsked:
    """How like a text is to one of the ways in which people ask for a claim."""

    def __init__(self, kb: KnowledgeBase, table: Table) -> None:
        self._claims = kb.claims
        self._ids = table.ids

    def likeness(self, rows: Iterable[int], stems: frozenset[str]) -> dict[int, float]:
        """Return row → the share that its likest way of asking and a text have in common, of the longer of the two."""
        found = {}
        for row in rows:
            ways = _ways(self._claims[self._ids[row]].asked)
            like = max((len(stems & way) / max(len(stems), len(way)) for way in ways), default=0.0)
            if like:
                found[row] = like
        return found


@lru_cache(maxsize=16_384)
def _ways(asked: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Return the stems of each way of asking, less its function words."""
    read = (frozenset(token.stem for token in tokens(way) if token.word not in FUNCTION_WORDS) for way in asked)
    return tuple(way for way in read if way)
