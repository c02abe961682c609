"""Occurrences: every selector lies within its source, and the section is the one it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries
from kb.model.source import OPENING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context
    from kb.model import Occurrence, Selector, Source


def selector_outside(context: Context) -> Iterator[Problem]:
    """Report a selector that ends after the text does.

    Why: it points at nothing, so nobody can see what the source says there.

    Fix: correct `start` and `end`: code points from 0, `end` excluded. If the article has changed, add the new
    version as a source of its own.
    """
    for kind, entry_id, field, source, selector in _selectors(context):
        if selector.end > source.text.chars:
            message = f"the selector ends at {selector.end}, but '{source.id}' has {source.text.chars} characters"
            yield Problem(kind, entry_id, f"{field}.selector.end", message, "Correct the selector.")


def _selectors(context: Context) -> Iterator[tuple[str, str, str, Source, Selector]]:
    for kind, entry_id, field, source, occurrence in _occurrences(context):
        yield kind, entry_id, field, source, occurrence.selector
    for source in context.kb.sources.values():
        for index, heading in enumerate(source.outline):
            yield "source", source.id, f"outline[{index}]", source, heading.selector
        for index, disposition in enumerate(source.dispositions):
            yield "source", source.id, f"dispositions[{index}]", source, disposition.selector


def _occurrences(context: Context) -> Iterator[tuple[str, str, str, Source, Occurrence]]:
    """Yield every occurrence whose source is there."""
    for kind, entry in entries(context.kb):
        for index, occurrence in enumerate(entry.occurrences):
            source = context.kb.sources.get(occurrence.source)
            if source is not None:
                yield kind, entry.id, f"occurrences[{index}]", source, occurrence


def section_unknown(context: Context) -> Iterator[Problem]:
    """Report an occurrence in a section that the source's outline does not have.

    Why: the section tells a reader without the article where to look.

    Fix: write a label of the source's `outline`, or `Opening` for what stands before the first heading.
    """
    labels = {source.id: _labels(source) for source in context.kb.sources.values()}
    for kind, entry_id, field, source, occurrence in _occurrences(context):
        if occurrence.section not in labels[source.id]:
            right = source.section_at(occurrence.selector.start)
            message = f"the outline of '{source.id}' has no section '{occurrence.section}'"
            yield Problem(kind, entry_id, f"{field}.section", message, f"The selector starts in '{right}'.")


def section_mismatch(context: Context) -> Iterator[Problem]:
    """Report an occurrence whose selector starts in another section than it says.

    Why: either the section or the selector is wrong, and readers would look in the wrong place.

    Fix: write the section of the last heading at or before the start, or correct the selector.
    """
    labels = {source.id: _labels(source) for source in context.kb.sources.values()}
    for kind, entry_id, field, source, occurrence in _occurrences(context):
        right = source.section_at(occurrence.selector.start)
        if occurrence.section in labels[source.id] and occurrence.section != right:
            message = f"the section is '{occurrence.section}', but the selector starts in '{right}'"
            yield Problem(kind, entry_id, f"{field}.section", message, f"Write '{right}', or correct the selector.")


def _labels(source: Source) -> frozenset[str]:
    return frozenset({OPENING, *(heading.label for heading in source.outline)})
