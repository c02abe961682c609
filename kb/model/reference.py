"""A reference: a published work that evidence cites, in CSL's names (citationstyles.org)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import ConfigDict, Field

from kb.model.base import Model, Text
from kb.model.evidence import Design


class Name(Model):
    """A person (family, given) or a body (literal), as in CSL."""

    family: Text | None = None
    given: Text | None = None
    literal: Text | None = None


class Read(StrEnum):
    """Whether the work itself was read, or its numbers in a published report of it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Reference(Model):
    """One citation, CSL-style. Fields in `to_confirm` were not seen in the record and are shown as such."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    type: Text = Field(description="CSL item type, such as article-journal, legislation, webpage.")
    design: Design
    title: Text
    author: tuple[Name, ...] = ()
    et_al: bool = Field(default=False, description="True where the record names more authors than listed here.")
    issued: int | None = Field(default=None, description="Year.")
    container_title: Text | None = Field(default=None, alias="container-title")
    volume: Text | None = None
    issue: Text | None = None
    page: Text | None = None
    number: Text | None = None
    doi: Text | None = Field(default=None, alias="DOI")
    pmid: Text | None = Field(default=None, alias="PMID")
    url: Text | None = Field(default=None, alias="URL")
    finding: Text = Field(description="What the work found, in our own words.")
    limits: Text | None = Field(default=None, description="What weakens it.")
    note: Text | None = None
    read: Read
    to_confirm: tuple[Text, ...] = ()
