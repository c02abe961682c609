"""What a text is about: the themes that it speaks on by the topics' rules, which the audit reads copy by as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.text.recognise import Recogniser

if TYPE_CHECKING:
    from collections.abc import Mapping

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
