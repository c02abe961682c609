"""Where articles make a claim or concede a caveat, with their words where a private copy is attached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import EntryNotFound
from kb.sources import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.library import Library
    from kb.model import KnowledgeBase, Occurrence, Source


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence, ready to show."""

    occurrence: Occurrence
    source: Source | None
    """`None` where the occurrence names a source that is not here."""
    attached: bool
    """Whether a copy of the source's text is at hand."""
    words: str | None
    """The exact words; `None` without a copy, and where the words at the place are not the ones meant (an orphan)."""

    @property
    def orphan(self) -> bool:
        """Whether a copy is at hand but the place in it no longer holds the words that were pinned."""
        return self.attached and self.words is None


def places(library: Library, kb: KnowledgeBase, occurrences: Iterable[Occurrence]) -> list[Place]:
    """Return every occurrence in the order of articles and of their text."""
    texts: dict[str, str | None] = {}
    found = []
    for occurrence in sorted(occurrences, key=lambda place: (place.source, place.selector.start)):
        if occurrence.source not in texts:
            texts[occurrence.source] = _text(library, occurrence.source)
        text = texts[occurrence.source]
        words = None if text is None else _words(text, occurrence)
        found.append(Place(occurrence, kb.sources.get(occurrence.source), text is not None, words))
    return found


def _text(library: Library, source_id: str) -> str | None:
    try:
        return library.source_text(source_id)
    except EntryNotFound:
        return None


def _words(text: str, occurrence: Occurrence) -> str | None:
    """Return the words at the place, or `None` where they are not those whose digest was taken."""
    start, end = occurrence.selector.start, occurrence.selector.end
    if end > len(text) or digest_of(text, start, end) != occurrence.digest:
        return None
    return text[start:end]
