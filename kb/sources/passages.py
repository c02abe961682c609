"""Every place in a source that an entry points at, and whether its digest still fits the words there."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.model import Claim, Occurrence, Selector, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.model import Caveat, KnowledgeBase, Passage, Source


_PLAIN = str.maketrans("‘’“”", "''\"\"")  # noqa: RUF001 - these are the very characters meant


class MarkKind(StrEnum):
    """What accounts for a stretch of a source."""

    HEADING = "heading"
    CLAIM = "claim"
    CAVEAT = "caveat"
    DISPOSITION = "disposition"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a source and the entry that accounts for it."""

    kind: MarkKind
    entry_kind: str
    """The kind of the file that holds the selector: `claim`, `caveat` or `source`."""
    entry_id: str
    field: str
    """Where in that entry the selector stands, such as `occurrences[1]`."""
    start: int
    end: int
    digest: str
    label: str
    """The claim, the caveat's short form, the heading's label or the reason of the disposition."""
    strength: Strength | None = None


@dataclass(frozen=True, slots=True)
class Orphan:
    """A mark whose digest does not fit the words that it points at. It is reported, never moved."""

    mark: Mark
    source: str
    found: str
    """The digest of the words that are there now; empty where the text ends before the selector does."""

    @property
    def message(self) -> str:
        """Say which entry points at which words, and why they are not the words meant."""
        mark = self.mark
        place = f"characters {mark.start} to {mark.end} of {self.source}"
        pointing = f"{mark.field} of {mark.entry_kind} {mark.entry_id!r} points at {place}"
        if not self.found:
            return f"{pointing}, but the text ends before that"
        return f"{pointing}, whose digest is {self.found}, not {mark.digest}"


def find(source: Source, text: str, words: str) -> tuple[Occurrence, ...]:
    """Return every place where these words stand in a source, in order, as an entry would record it.

    `first words ... last words` finds each shortest stretch from the one to the other. Typographic quotes count as
    plain ones, and any white space as any other. The strength is given as plain; only a reader can judge it.
    """
    parts = [r"\s+".join(map(re.escape, part.split())) for part in re.split(r"\.\.\.|…", words.translate(_PLAIN))]
    pattern = ".*?".join(part for part in parts if part)
    places = re.finditer(pattern, text.translate(_PLAIN), re.DOTALL) if pattern else ()
    return tuple(
        Occurrence(
            source=source.id,
            selector=Selector(start=place.start(), end=place.end()),
            digest=digest_of(text, place.start(), place.end()),
            section=source.section_at(place.start()),
            strength=Strength.PLAIN,
        )
        for place in places
    )


def digest_of(text: str, start: int, end: int) -> str:
    """Return the digest that pins `text[start:end]`: 16 hex digits of its SHA-256 in UTF-8."""
    return hashlib.sha256(text[start:end].encode()).hexdigest()[:16]


def marks(kb: KnowledgeBase, source: Source) -> tuple[Mark, ...]:
    """Return every mark on a source in the order of the text, the wider one first where two start together."""
    found = [
        *_in_source(source),
        *_occurrences(MarkKind.CLAIM, source.id, kb.claims.values()),
        *_occurrences(MarkKind.CAVEAT, source.id, kb.caveats.values()),
    ]
    order = list(MarkKind)
    return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end, order.index(mark.kind), mark.entry_id)))


def orphans(found: Iterable[Mark], source_id: str, text: str) -> tuple[Orphan, ...]:
    """Return the marks whose digest is not that of the words they point at."""
    lost = []
    for mark in found:
        digest = digest_of(text, mark.start, mark.end) if mark.end <= len(text) else ""
        if digest != mark.digest:
            lost.append(Orphan(mark, source_id, digest))
    return tuple(lost)


def _in_source(source: Source) -> Iterator[Mark]:
    for position, heading in enumerate(source.outline):
        yield _passage(MarkKind.HEADING, source.id, f"outline[{position}]", heading, heading.label)
    for position, passage in enumerate(source.dispositions):
        label = f"{passage.kind}: {passage.reason}"
        yield _passage(MarkKind.DISPOSITION, source.id, f"dispositions[{position}]", passage, label)


def _passage(kind: MarkKind, source_id: str, field: str, passage: Passage, label: str) -> Mark:
    selector = passage.selector
    return Mark(kind, "source", source_id, field, selector.start, selector.end, passage.digest, label)


def _occurrences(kind: MarkKind, source_id: str, entries: Iterable[Claim] | Iterable[Caveat]) -> Iterator[Mark]:
    for entry in entries:
        label = entry.claim if isinstance(entry, Claim) else entry.short
        for position, occurrence in enumerate(entry.occurrences):
            if occurrence.source == source_id:
                yield Mark(
                    kind,
                    kind.value,
                    entry.id,
                    f"occurrences[{position}]",
                    occurrence.selector.start,
                    occurrence.selector.end,
                    occurrence.digest,
                    label,
                    occurrence.strength,
                )
