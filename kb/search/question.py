"""The seam to engines that find and rank by themselves: one question, three kinds of answers.

An engine whose postings can be read in this process gives those (`kb.search.answer`). One that lives in a server, or in
a library that keeps its postings to itself, is asked a `Question` instead, and answers with no more rows than a page
shows. What was typed is read in one place for both (`kb.search.plan`), so both find the same claims.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.search.answer import Corpus
    from kb.search.plan import Thing

Group = tuple["Thing", ...]
"""Things any one of which will do."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which claims are wanted.

    A claim is found if it has a thing of each group of `every`, one of any group of `some` (where there are groups),
    and nothing of `never`; or if it is one of `also`. Filters hold for all of them. It scores by the words and
    prefixes of `every` and `some` that it has, more than 0; conditions, dates and being one of `also` hold or not,
    and score 0. Where nothing scores, the order of relevance is that of the ids.

    Words are terms of `kb.search.analysis`. One stem is that term itself, or the `open_term` of it where the words are
    `open`; several stand in a row in one passage of what is shown; `in_claim` ones in the claim, the first passage.
    One of the `others`, terms with weights, does instead. A prefix stands for `Lexicon.stems`, where these are shown.
    A condition without values holds for no claim, whatever its column; the column `id` means the claim itself.
    """

    every: tuple[Group, ...] = ()
    some: tuple[Group, ...] = ()
    never: tuple[Thing, ...] = ()
    also: frozenset[str] = frozenset()
    near: tuple[Group, ...] = ()
    """Only asked of finders that know relations: claims related to one that has a thing of any of these are found, too.
    All of it are single words, `open` ones."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The first claims in an order, each with its score, and how many there are in all."""

    hits: tuple[tuple[str, float], ...]
    total: int


class Finder(Protocol):
    """An open index in a place of its own, of one state. Threads may share it. All raise `IndexUnavailable`."""

    def find(self, question: Question, sort: str, number: int) -> Found:
        """Return the first claims in an order of `SORTS` other than `changed`; equal ones stand by id."""
        ...

    def count(self, question: Question) -> int:
        """Return how many claims are found."""
        ...

    def facets(self, question: Question, names: tuple[str, ...]) -> Mapping[str, Mapping[str, int]]:
        """Return facet → value → how many of the claims found have it; most frequent first, then by value."""
        ...

    def words(self) -> Mapping[str, int]:
        """Return the words as they stand in the entries, in lower case, each with the number of claims that have it."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@runtime_checkable
class ReachingFinder(Finder, Protocol):
    """A finder that asks somebody else, who may not answer, while what was found before is still remembered."""

    def reach(self) -> None:
        """Raise `IndexUnavailable` where nobody answers now."""
        ...


@runtime_checkable
class RelatingFinder(Finder, Protocol):
    """A finder that knows which claims are related, so that `Question.near` means something to it.

    Others are given the related claims by their ids (`also`), of which there may be thousands.
    """

    @property
    def knows_relations(self) -> bool:
        """Always true: by this it is told from others."""
        ...


@runtime_checkable
class RevisingFinder(Finder, Protocol):
    """A finder from which that of another state can be had while somebody waits."""

    def revised(self, corpus: Corpus, anew: frozenset[str]) -> Finder | None:
        """Return what finds in another state, in which the claims of `anew` are new, changed or gone.

        `None` where it is better built. This one goes on answering for its own state, and may be closed on its own.
        """
        ...

    @property
    def worn(self) -> bool:
        """Whether so much has changed since it was built that it should be built anew when there is time."""
        ...
