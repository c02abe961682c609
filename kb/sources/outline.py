"""A source as its headings, with the claims and caveats at their places under each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.sources.passages import Mark, MarkKind, Orphan, marks, orphans

if TYPE_CHECKING:
    from kb.model import KnowledgeBase, Source


@dataclass(frozen=True, slots=True)
class Place:
    """A claim, caveat or disposition at its place in a source."""

    mark: Mark
    words: str | None
    """What the source says there, where a copy is attached and the place is no orphan."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next one. The opening before any heading has no heading."""

    heading: Mark | None
    words: str | None
    """The heading as the source words it, where a copy is attached."""
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A source from top to bottom."""

    source: Source
    attached: bool
    sections: tuple[Section, ...]
    orphans: tuple[Orphan, ...] = ()


def outline(kb: KnowledgeBase, source: Source, text: str | None) -> Outline:
    """Return the outline of a source, with its words where `text` is given."""
    found = marks(kb, source)
    lost = () if text is None else orphans(found, source.id, text)
    astray = {orphan.mark for orphan in lost}

    def words(mark: Mark) -> str | None:
        return None if text is None or mark in astray else text[mark.start : mark.end]

    headings = [mark for mark in found if mark.kind is MarkKind.HEADING]
    places = [Place(mark, words(mark)) for mark in found if mark.kind is not MarkKind.HEADING]
    starts = [heading.start for heading in headings]
    sections = []
    for heading, start, end in zip([None, *headings], [-1, *starts], [*starts, None], strict=True):
        inside = tuple(
            place for place in places if start <= place.mark.start and (end is None or place.mark.start < end)
        )
        if heading or inside:
            sections.append(Section(heading, words(heading) if heading else None, inside))
    return Outline(source, text is not None, tuple(sections), lost)
