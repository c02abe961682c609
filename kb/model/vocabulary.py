"""The vocabulary, concepts and the words that express them, and the topics that are recognised by it."""

from __future__ import annotations

from pydantic import Field

from kb.model.base import Examples, Model, Rule, Slug, Text
from kb.model.caveat import DisclosureKey


class Concept(Model):
    """An idea and the words that express it.

    `terms` are matched by stem and without regard to case; a term of several words matches them in a row, and
    `*` inside a term stands for up to three words of any kind. `exact` terms are matched letter by letter (WHO,
    IV, US). `includes` adds the words of other concepts.
    """

    label: Text | None = None
    terms: tuple[Text, ...] = ()
    exact: tuple[Text, ...] = ()
    includes: tuple[Slug, ...] = ()
    widen: bool = Field(default=True, description="May search widen a query by these words?")
    note: Text | None = None


class Topic(Model):
    """How copy speaks on a theme, whether or not it makes a claim of the knowledge base.

    Rules are those of entries. The audit asks them only of units about the treatment, so they need not name it.
    """

    key: DisclosureKey | None = Field(
        default=None, description="The disclosure key that a warning on the theme serves."
    )
    recognise: tuple[Rule, ...] = Field(default=(), description="When a unit speaks on the theme.")
    examples: Examples = Examples()
    discloses: tuple[Rule, ...] = Field(default=(), description="When a unit warns or limits on the theme.")
    disclosure_examples: Examples = Field(default=Examples(), description="The tests of `discloses`.")
