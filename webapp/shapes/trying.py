"""What is asked and answered while somebody writes an entry: ids to pick, claims that are alike, rules to try."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from webapp.shapes.base import Address, Answer, Shape

ConceptId = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", min_length=2, max_length=80)]


class Pick(Shape):
    """An entry that may be meant."""

    id: str
    """Its id."""
    text: str
    """What it says, in a line."""


class Picks(Answer):
    """Entries that somebody who has typed so far may mean."""

    options: list[Pick]
    """The nearest first."""


class LikeClaim(Shape):
    """A claim that says nearly the same."""

    id: str
    """Its id."""
    claim: str
    """The claim."""
    share: float = Field(ge=0, le=1)
    """The share of their weighted words that both have."""
    page: Address
    """The address of its page."""


class LikeClaims(Answer):
    """Claims that say nearly the same as a sentence."""

    claims: list[LikeClaim]
    """The most alike first."""


class RuleToTry(Shape):
    """A rule as entries have it."""

    all: list[ConceptId] = Field(default=[], max_length=50)
    """Every one of these concepts."""
    any: list[ConceptId] = Field(default=[], max_length=50)
    """At least one of these."""
    unless: list[ConceptId] = Field(default=[], max_length=100)
    """None of these."""
    within: int | None = Field(default=None, ge=1, le=100)
    """The window of words that holds them."""


class RulesToTry(Shape):
    """Rules, and a text to try them on."""

    text: str = Field(min_length=1, max_length=2_000)
    """The text; a rule looks at one sentence at a time."""
    rules: list[RuleToTry] = Field(min_length=1, max_length=30)
    """The rules."""


class ConceptWords(Shape):
    """Words that express a concept."""

    concept: str
    """The concept."""
    text: str
    """The very words."""


class RuleTried(Shape):
    """What one rule makes of the text."""

    number: int = Field(ge=0)
    """Which rule, from 0."""
    fires: bool
    """Whether it holds."""
    words: list[ConceptWords]
    """What was found of the concepts that it asks for."""
    missing: list[str]
    """Concepts of `all` that are not there."""
    none_of: list[str]
    """The concepts of `any`, where none is there."""
    stopped_by: list[ConceptWords]
    """What was found of `unless`."""
    too_far: int | None
    """The window, where the words lie further apart."""


class EntryName(Shape):
    """An entry by its name."""

    kind: str
    """`claim` or `caveat`."""
    id: str
    """Its id."""


class RulesTried(Answer):
    """Whether rules recognise a text, and why."""

    fires: bool
    """Whether one of them does."""
    rules: list[RuleTried]
    """Each rule, at the sentence that it comes nearest to."""
    others: list[EntryName]
    """Entries on file that recognise the text."""
