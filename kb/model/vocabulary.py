"""Themes (a closed list) and the vocabulary: concepts and the words that express them."""

from __future__ import annotations

from pydantic import Field

from kb.model.base import Model, Slug, Text


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
