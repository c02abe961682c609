"""Answers about the service itself: its themes, and what it serves."""

from pydantic import Field

from webapp.shapes.base import Answer, Shape


class Theme(Shape):
    """A theme and its claims."""

    theme: str
    """A theme's key."""
    description: str
    """What it is about."""
    claims: list[str]
    """Claims that carry it."""


class ThemeGroup(Shape):
    """A group of themes."""

    group: str
    """A group of themes."""
    themes: list[Theme]


class ThemeGroups(Answer):
    """The closed list of themes."""

    groups: list[ThemeGroup]


class Tool(Shape):
    """The program that answers."""

    name: str
    """`caveat-kb`"""
    version: str
    """The program's version."""


class Counts(Shape):
    """How much there is."""

    claims: int
    """How many claims."""
    caveats: int
    """How many caveats."""
    sources: int
    """How many articles."""
    references: int
    """How many references."""
    themes: int
    """How many themes."""


class ByStatus(Shape):
    """How far review has come."""

    draft: int
    """Claims and caveats that are drafts."""
    in_review: int = Field(alias="in-review")
    """… in review."""
    published: int
    """… reviewed and published."""
    disputed: int
    """… disputed."""
    withdrawn: int
    """… withdrawn."""


class IndexState(Shape):
    """The search index."""

    behind: bool
    """Whether files have changed since the index was built."""
    engine: str | None
    """The search engine; this and the following are `null` where there is no index yet."""
    digest: str | None
    """The files that it was built from."""
    documents: int | None
    """How many claims it holds."""
    built_at: str | None
    """When it was built (ISO 8601)."""


class ServiceStatus(Answer):
    """What is served, how far its review is, and whether the index fits the files."""

    name: str
    """The knowledge base's name."""
    description: str
    """What it is."""
    licence: str
    """The licence of its entries."""
    notice: str
    """What every page says about review."""
    tool: Tool
    digest: str
    """SHA-256 over the files that are served."""
    counts: Counts
    by_status: ByStatus
    problems: int
    """Problems met when the files were read; `kb lint` names them."""
    index: IndexState
