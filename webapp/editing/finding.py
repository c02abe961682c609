"""Places in articles: the words that an editor pastes or marks become a selector, a digest and a section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.errors import EntryNotFound, KbError
from kb.sources import digest_of
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from collections.abc import Mapping

_AROUND = 60
"""Characters shown on either side of a place that is to be chosen."""
_MOST = 20
"""Places that are shown; who pastes one common word is to paste more of them."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One place that has the words, and what stands around it."""

    start: int
    end: int
    section: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Find:
    """What was looked for and where it was found."""

    source: str
    words: str
    places: tuple[FoundPlace, ...] = ()
    problem: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)


def attached() -> tuple[str, ...]:
    """Return the sources of which a sound copy is here."""
    return library().attached()


def find(source_id: str, words: str) -> Find:
    """Return every place where an article has these words, or why there is none."""
    if not words.strip():
        return Find(source_id, words, problem="Paste the words first, or mark them in the text.")
    try:
        found = library().find(source_id, words)
        text = library().source_text(source_id) or ""
    except KbError as error:
        return Find(source_id, words, problem=f"{error}.")
    if not found:
        return Find(source_id, words, problem="The article does not have these words in a row.")
    places = tuple(_place(text, one.selector.start, one.selector.end, one.section) for one in found)
    if len(places) > _MOST:
        return Find(source_id, words, problem=f"{len(places)} places have these words. Paste a few more of them.")
    return Find(source_id, words, places)


def row(finds: str, source_id: str, start: int, end: int) -> dict[str, Any] | None:
    """Return the fields of an occurrence or passage at a place; `None` where there is no such place.

    Space at the ends of what was marked is left out.
    """
    try:
        text = library().source_text(source_id)
    except EntryNotFound:
        return None
    if text is None or not 0 <= start < end <= len(text) or not text[start:end].strip():
        return None
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    place = {"selector": {"start": start, "end": end}, "digest": digest_of(text, start, end)}
    if finds == "passage":
        return place
    section = knowledge_base().source(source_id).section_at(start)
    return {"source": source_id, **place, "section": section}


def words_at(source_id: str, values: Mapping[str, Any], texts: dict[str, str | None]) -> str | None:
    """Return the words at the place of a row; `None` where no copy is here or others stand there now."""
    selector = values.get("selector")
    if not isinstance(selector, dict):
        return None
    start, end = selector.get("start"), selector.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        return None
    if source_id not in texts:
        try:
            texts[source_id] = library().source_text(source_id)
        except EntryNotFound:
            texts[source_id] = None
    text = texts[source_id]
    if text is None or end > len(text) or digest_of(text, start, end) != values.get("digest"):
        return None
    return text[start:end]


def _place(text: str, start: int, end: int, section: str) -> FoundPlace:
    return FoundPlace(
        start, end, section, text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND]
    )
