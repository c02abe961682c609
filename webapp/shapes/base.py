"""What every answer of the JSON API has in common: the envelope, paging, errors, and the parts that entries share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.model import CertaintyReason, Design, Direction, Directness, Read, Status, Strength, WithdrawalReason

Address = Annotated[str, Field(examples=["/api/v1/status"])]


class Shape(BaseModel):
    """A part of an answer. The words under a field are its description in the document and in `docs/api.md`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, use_enum_values=True
    )


class Answer(Shape):
    """What every success starts with."""

    ok: Literal[True]
    """Always `true`."""


class PageLinks(Shape):
    """The addresses of the pages beside this one."""

    next: str | None
    """The next page; `null` on the last."""
    prev: str | None
    """The page before; `null` on the first."""


class Paged(Answer):
    """One page of a list."""

    total: int = Field(ge=0)
    """How many there are on all pages."""
    page: int = Field(ge=1)
    """This page."""
    pages: int = Field(ge=0)
    """How many pages there are."""
    per_page: int = Field(ge=1)
    """Entries on a full page."""
    links: PageLinks


class Moved(Answer):
    """The present address of an entry that was asked for by a former id."""

    moved_to: Address
    """Where the entry is now; the same as in `Location`."""


class FieldProblem(Shape):
    """What is wrong with one parameter."""

    field: str
    """The parameter."""
    message: str
    """What is wrong with it, with the nearest value that there is."""


class Failure(Shape):
    """The one shape of every error."""

    ok: Literal[False]
    """Always `false`."""
    error: str
    """What went wrong, in one line."""
    errors: list[FieldProblem]
    """Every parameter that cannot be used; empty where the error is about something else."""
    status: int = Field(ge=400, le=599)
    """The HTTP status."""


class OwedCaveat(Shape):
    """A caveat that a claim owes, in brief."""

    id: str
    """A caveat that the claim owes."""
    near: Literal["sentence", "section", "document"]
    """How near to the claim it must stand."""
    short: str
    """The caveat in two to six words."""


class Selector(Shape):
    """A stretch of an article's text (W3C TextPositionSelector)."""

    start: int = Field(ge=0)
    """Where it starts."""
    end: int = Field(ge=1)
    """Where it ends."""


class EvidenceLine(Shape):
    """What one work found that bears on a claim or caveat."""

    reference: str
    """The key of the work."""
    direction: Direction
    """Which way it points, for the claim as worded."""
    directness: Directness
    """Whether it is about the very drug, route, people and outcome."""
    design: Design
    """What kind of work it is."""
    finding: str
    """What it found that bears on the claim."""
    recheck: str | None
    """Why it may no longer fit the wording; `null` where nobody has to look."""
    citation: str | None
    """One line; `null` where the reference is not on file."""
    read: Read | None
    """Whether the work itself was read, or its numbers in a report of it."""
    links: list[str]
    """Where it can be read."""
    url: str | None
    """The whole reference."""


class Occurrence(Shape):
    """A place where an article makes a claim or concedes a caveat."""

    source: str
    """The article."""
    selector: Selector
    digest: str
    """First 16 hex digits of the SHA-256 of the words there."""
    section: str
    """The section, as the outline labels it."""
    strength: Strength
    """How strongly the article puts it."""
    words: str | None
    """The exact words: only where a copy is attached and the digest fits, and never to a page of another site."""
    orphan: bool
    """Whether a copy is attached and the digest does not fit."""


class Rule(Shape):
    """When one unit of copy expresses an entry, by concepts of the vocabulary."""

    all: list[str]
    """Concepts that must all be expressed."""
    any: list[str]
    """Concepts of which one must be."""
    unless: list[str]
    """Concepts of which none may be."""
    within: int | None
    """How many words may hold what `all` asks for."""


class Examples(Shape):
    """An editor's own tests of the rules."""

    match: list[str]
    """Sentences that must be recognised as it."""
    no_match: list[str]
    """Sentences that must not."""


class Review(Shape):
    """Who wrote an entry, who approved it, and when it must be looked at again."""

    author: str
    """Who wrote the entry."""
    changed_by: str | None
    """Who, other than the author, last changed what it means since it was last approved."""
    approved_by: str | None
    """Who approved it; `null` as long as nobody has."""
    approved_on: str | None
    """When."""
    first_approved: str | None
    """When it was approved for the first time, where that approval no longer stands."""
    due: str | None
    """When it must be looked at again."""
    note: str | None
    """What a reviewer asks for before it can be approved."""


class Position(Shape):
    """What one person holds in a dispute."""

    by: str
    """Who says so."""
    says: str
    """What they hold, and why."""
    date: str
    """When they said so."""


class Dispute(Shape):
    """An objection to an entry, with every position."""

    positions: list[Position]
    """What each side holds."""
    resolved: Position | None
    """How it ended; `null` as long as it is open."""


class Withdrawal(Shape):
    """When, by whom and why an entry was taken back."""

    date: str
    """Since when it no longer stands."""
    by: str
    """Who withdrew it."""
    reason: WithdrawalReason
    """Why, as one of five codes."""
    note: str | None
    """Why, in words."""
    replacement: str | None
    """The id of the entry to use instead."""


class Scope(Shape):
    """What a verdict is about."""

    drug: str | None
    """The drug that the verdict is about."""
    route: str | None
    """How it is given."""
    population: str | None
    """To whom."""
    horizon: str | None
    """Until when."""


class Certainty(Shape):
    """How sure the evidence makes us, in GRADE's terms."""

    level: Literal["high", "moderate", "low", "very-low"]
    """GRADE level."""
    reasons: list[CertaintyReason]
    """Why certainty was lowered or raised."""


EntryStatus = Status
"""Where an entry stands in its life."""
