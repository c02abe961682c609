"""A source: a document in which claims are made. Its text is not ours and is not kept here."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.model.base import Model, Passage, Slug, Text

OPENING = "Opening"
"""The section label of what stands before the first heading."""


class SourceText(Model):
    """What the text of a source is known by."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the file, its bytes as they are (UTF-8).",
    )
    chars: int = Field(ge=1, description="Length in Unicode code points.")


class Heading(Passage):
    """A heading of the source, under a label of ours (long headings are shortened, so that none is copied)."""

    label: Text


class DispositionKind(StrEnum):
    """Why a stretch of prose carries neither claim nor caveat."""

    TRANSITION = "transition"
    SIGNPOST = "signpost"
    ADVICE = "advice"
    CALL_TO_ACTION = "call-to-action"
    DATELINE = "dateline"
    ARTEFACT = "artefact"


class Disposition(Passage):
    """A stretch of prose that carries neither claim nor caveat, and why."""

    kind: DispositionKind
    reason: Text


class Source(Model):
    """A document that makes claims. The order of the fields is the canonical order in the file."""

    id: Slug
    title: Text
    publisher: Text | None = None
    locality: Text | None = None
    date: dt.date | None = None
    address: Text | None = Field(default=None, description="URL, where one is known.")
    note: Text | None = None
    text: SourceText
    outline: tuple[Heading, ...] = ()
    dispositions: tuple[Disposition, ...] = ()

    def section_at(self, position: int) -> str:
        """Return the label of the section that holds this code point; `Opening` before the first heading."""
        label = OPENING
        for heading in self.outline:
            if heading.selector.start > position:
                break
            label = heading.label
        return label
