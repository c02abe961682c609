"""Units as they were read: their words, the concepts in them and what general English makes of them, looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.lexicon import lexicon
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.audit.base import Document, Unit
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit, Recogniser, Token


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One unit with what was found in it; token numbers count within the unit, offsets within the document."""

    unit: Unit
    tokens: tuple[Token, ...]
    concepts: Mapping[str, Sequence[ConceptHit]]
    """Concept → its hits, in order."""
    words: Mapping[str, tuple[WordHit, ...]]
    """List of the lexicon → its hits, in order."""
    breaks: frozenset[int]
    """Tokens before which a clause begins: after a colon, semicolon, dash or bracket, or at "but" and its like."""

    def clause(self, token: int) -> tuple[int, int]:
        """Return the first and last token of the clause that a token is in."""
        first = max((start for start in self.breaks if start <= token), default=0)
        last = min((start for start in self.breaks if start > token), default=len(self.tokens)) - 1
        return first, last


class Reader:
    """Reads documents with the words of one knowledge base; build it once, use it for any number."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._lexicon = lexicon()

    def read(self, document: Document) -> tuple[Reading, ...]:
        """Return a reading of every unit."""
        return tuple(self._unit(document.plain, unit) for unit in document.units)

    def _unit(self, text: str, unit: Unit) -> Reading:
        found = tokens(text, unit.start, unit.end)
        words = self._lexicon.find(found)
        breaks = _breaks(text, found, words)
        return Reading(unit, found, self._recogniser.hits(found), words, breaks)


_STOPS = frozenset(":;()[]–—.!?•")  # noqa: RUF001 - the en dash of a break


def _breaks(text: str, found: tuple[Token, ...], words: Mapping[str, tuple[WordHit, ...]]) -> frozenset[int]:
    starts = {hit.first for hit in words.get("clause-start", ())}
    for index in range(1, len(found)):
        between = text[found[index - 1].end : found[index].start]
        if len(between) > 1 and not _STOPS.isdisjoint(between):
            starts.add(index)
    return frozenset(starts)
