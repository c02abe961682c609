"""The vocabulary: every concept has words, and includes no circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.text.concepts import included, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context


def concept_cycle(context: Context) -> Iterator[Problem]:
    """Report a concept that includes itself, through others or at once.

    Why: all concepts of the circle then mean the same, which is hardly what was meant.

    Fix: take the broader concept out of the `includes` of the narrower one.
    """
    concepts = context.kb.concepts
    for key, concept in concepts.items():
        if key not in included(concepts, key):
            continue
        for index, inner in enumerate(concept.includes):
            if inner == key or (inner in concepts and key in included(concepts, inner)):
                message = "the concept includes itself"
                if inner != key:
                    message += f" by way of '{inner}'"
                yield Problem(
                    "concept", key, f"includes[{index}]", message, "Break the circle at its broadest concept."
                )


def concept_empty(context: Context) -> Iterator[Problem]:
    """Report a concept or a term without words.

    Why: nothing can ever match it, so a rule that needs it never holds.

    Fix: add `terms`, `exact` or `includes`; a term holds at least one word or number beside `*` and punctuation.
    """
    for key, concept in context.kb.concepts.items():
        if not concept.terms and not concept.exact and not concept.includes:
            message = "the concept has no words"
            yield Problem("concept", key, "", message, "Add `terms`, `exact` or `includes`, or delete it.")
        for name, terms in (("terms", concept.terms), ("exact", concept.exact)):
            for index, term in enumerate(terms):
                if not parts(term):
                    message = f"the term '{term}' has no words"
                    yield Problem("concept", key, f"{name}[{index}]", message, "Add a word, or delete the term.")


def concept_gap(context: Context) -> Iterator[Problem]:
    """Report a `*` that stands for nothing.

    Why: `*` stands for up to three whole words between two others. At the end of a term, or within a word, it does
    not do what the writer expects of it; endings need no `*`, since terms match by stem.

    Fix: write `eases * symptoms` with words on both sides, and `depress` without a `*`.
    """
    for key, concept in context.kb.concepts.items():
        for name, terms in (("terms", concept.terms), ("exact", concept.exact)):
            for index, term in enumerate(terms):
                if parts(term) and not _gaps_are_sound(term):
                    message = f"a '*' in the term '{term}' does not stand between two words"
                    suggestion = "Write words, with spaces, on both sides of it, or delete it."
                    yield Problem("concept", key, f"{name}[{index}]", message, suggestion)


def _gaps_are_sound(term: str) -> bool:
    pieces = term.split()
    stars = [index for index, piece in enumerate(pieces) if "*" in piece]
    return all(pieces[index] == "*" and 0 < index < len(pieces) - 1 for index in stars)
