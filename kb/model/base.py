"""What all entries share: the strict frozen base, ids, selectors, examples.

Sources of the shapes: W3C Web Annotation (TextPositionSelector), GRADE (certainty), GA4GH VA-Spec (direction of
evidence kept apart from its strength).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", min_length=2, max_length=80),
    Field(description="A kebab-case id; ids are never reused."),
]
ReferenceKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:_[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Digest = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{16}$"),
    Field(description="First 16 hex digits of the SHA-256 of the selected characters in UTF-8."),
]


_GIVEN: dict[frozenset[str], set[str]] = {}
_MOST_GIVEN = 2_048
"""There are a few hundred; who sends requests must not be able to make up any number of them."""


class Model(BaseModel):
    """Frozen, and strict about unknown fields, so that a typing error cannot hide as an ignored key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _: object) -> None:
        """Share the set of given fields with all models that were given the same ones.

        Each model would keep its own, a third of the memory of a large knowledge base; frozen ones never change it.
        """
        given = self.__pydantic_fields_set__
        names = frozenset(given)
        if len(_GIVEN) < _MOST_GIVEN:
            _GIVEN.setdefault(names, given)
        object.__setattr__(self, "__pydantic_fields_set__", _GIVEN.get(names, given))


class Status(StrEnum):
    """Where an entry stands in its life."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


class Strength(StrEnum):
    """How strongly words put a claim."""

    HEDGED = "hedged"
    PLAIN = "plain"
    EMPHATIC = "emphatic"


class Selector(Model):
    """W3C TextPositionSelector: code points of the source's text, from 0, `end` excluded."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            message = f"end ({self.end}) must be greater than start ({self.start})"
            raise ValueError(message)
        return self


class Passage(Model):
    """A place in a source, pinned by the digest of its words; the words themselves are not kept."""

    selector: Selector
    digest: Digest


class Occurrence(Model):
    """A claim or caveat found in a source, and how strongly that source words it."""

    source: Slug
    selector: Selector
    digest: Digest
    section: Text = Field(description="The label of the source's section, as its outline gives it.")
    strength: Strength


class Rule(Model):
    """When one unit of text (a sentence, a list item …) expresses an entry: concept ids of the vocabulary.

    All of `all`, at least one of `any` (if given) and none of `unless`. With `within`, the words that satisfy
    `all` must lie inside a window of that many words.
    """

    all: tuple[Slug, ...] = ()
    any: tuple[Slug, ...] = ()
    unless: tuple[Slug, ...] = ()
    within: Annotated[int, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.all and not self.any:
            message = "a rule needs at least one concept in `all` or `any`"
            raise ValueError(message)
        return self


class Examples(Model):
    """An editor's own tests of `recognise`, run by `kb lint`: sentences in our own words."""

    match: tuple[Text, ...] = ()
    no_match: tuple[Text, ...] = ()
