"""From what was typed to the page that is shown: what back ends of all kinds have in common.

A back end differs in how it finds: it reads postings in this process (`kb.search.indexed`), or it asks an engine that
finds by itself (`kb.search.delegating`). How a text is read, mended, matched, marked and counted is here, once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, Self, TypeVar

from kb.errors import IndexUnavailable
from kb.search.analysis import analyse
from kb.search.base import Hit, Page, looked_for, no_changes
from kb.search.caveats import CaveatFinder
from kb.search.completing import Completer
from kb.search.documents import Chosen, Table
from kb.search.highlight import Highlighter
from kb.search.inputs import others, same_rules
from kb.search.lending import Related
from kb.search.lexicon import Lexicon
from kb.search.mending import Speller
from kb.search.pasted import Pasted
from kb.search.plan import Plan, Planner
from kb.search.query import parse
from kb.search.widen import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes, Completion, IndexInfo, Match, Query, Reading
    from kb.search.lexicon import Known
    from kb.search.matching import Scores
    from kb.search.pasted import Alike, Reader
    from kb.search.query import Parsed

ENOUGH = 10
"""Where fewer entries have all of the words, those with some of them follow, and those related to them."""

NEAREST = 5
"""How many claims are offered where nothing was found."""

FAR = 0.15
"""What an entry must score, beside the best one, to be found by the words of a pasted text."""


class Matched(Protocol):
    """What a plan finds before anything narrows it."""

    @property
    def reading(self) -> Reading:
        """How the text was read."""
        ...

    @property
    def nothing(self) -> bool:
        """Whether no entry was found."""
        ...

    def noting(self, note: str) -> Self:
        """Return the same with one more note in its reading."""
        ...


M = TypeVar("M", bound=Matched)


class Asked(NamedTuple):
    """What was asked for in the end, typing errors mended."""

    plan: Plan
    meant: str
    suggestion: str | None
    matches: tuple[Match, ...]
    mended: bool
    """Whether the suggestion is what was asked for."""


class Fitting(NamedTuple):
    """What has words of a pasted text; not to be changed, since it is remembered."""

    scores: Scores
    related: frozenset[int]
    """Rows that have none of them, and are there only because others are related to them."""


class Corpus:
    """A knowledge base made ready for search: its vocabulary, its rows, its terms. Threads may share it."""

    def __init__(self, kb: KnowledgeBase, changed: Changes = no_changes) -> None:
        self.kb = kb
        self.digest = kb.digest
        self.vocabulary = Vocabulary(kb.concepts)
        self.table = Table(kb, self.vocabulary, changed)

    def revised(self, kb: KnowledgeBase, anew: Collection[str]) -> Corpus:
        """Return the corpus of another state with this vocabulary, in which the claims of `anew` are other ones.

        What is costly to make and the same in both is taken over.
        """
        corpus = copy(self)
        corpus.kb, corpus.digest = kb, kb.digest
        corpus.table = self.table.revised(kb, anew)
        made = corpus.__dict__
        if "planner" in made:
            del made["planner"]
            if kb.topics == self.kb.topics:
                made["planner"] = self.planner.revised(kb)
        if "pasted" in made and not same_rules(self.kb, kb):
            del made["pasted"]
        if "caveats" in made and any(others(self.kb.caveats, kb.caveats)):
            del made["caveats"]
        return corpus

    def analysed(self) -> Iterator[Analysed]:
        """Yield the terms of every document, by row: what an engine indexes."""
        return (analyse(document, self.vocabulary) for document in self.table.documents())

    @cached_property
    def planner(self) -> Planner:
        """What reads a query."""
        return Planner(self.kb, self.vocabulary)

    @cached_property
    def caveats(self) -> CaveatFinder:
        """What finds the caveats that answer a query."""
        return CaveatFinder(self.kb, self.vocabulary)

    @cached_property
    def pasted(self) -> Pasted:
        """What reads a pasted text."""
        return Pasted(self.kb)


class Answering(ABC, Generic[M]):
    """An open index over a corpus. A subclass finds; threads may share it if they may share what it finds with."""

    def __init__(self, corpus: Corpus, known: Known, info: IndexInfo, before: Answering[M] | None = None) -> None:
        """Take what is searched, its words, and an index of another state from which something may be taken over."""
        self.info = info
        self._corpus = corpus
        self._table = corpus.table
        self._known = known
        self._closed = False
        self._related: Related = Related(corpus.kb, corpus.table, before._related if before else None)  # noqa: SLF001 - the same class
        self._reading_by: Reader | None = None
        self._completed: Completer | None = before._completed if before else None  # noqa: SLF001 - the same class's

    def read_by(self, reader: Reader) -> None:
        """Let another reader say from now on what a pasted text claims; to be called before anybody searches."""
        self._reading_by = reader

    def search(self, query: Query) -> Page:
        """Answer a query; raise `IndexUnavailable` once closed, or if the index cannot be read."""
        self._refuse_closed()
        parsed = parse(query.text)
        plan = self._corpus.planner.plan(parsed, query.unwidened)
        matches = self.match(query.text) if plan.pasted else ()
        suggestion = self._suggestion(parsed, plan)
        found = self._matched(plan, matches)
        meant = query.text
        lacking = found.reading.any_word or plan.pasted or found.nothing
        mended = suggestion is not None and not plan.instead and lacking
        if suggestion and mended:
            # a word that stands nowhere finds nothing, so what was probably meant is looked for at once
            meant = query.text if plan.pasted else suggestion
            plan = self._corpus.planner.plan(parse(suggestion), query.unwidened)
            found = self._matched(plan, matches)
            found = found.noting(looked_for(suggestion, parsed.text))
        page = self._page(query, Asked(plan, meant, suggestion, matches, mended), found)
        return replace(page, caveats=self._corpus.caveats.of(plan))

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted text makes, or may make."""
        self._refuse_closed()
        return self._corpus.pasted.match(text, self._alike, self._reading_by)

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that have most of a query's words, mended, whatever it excludes and narrows by."""
        self._refuse_closed()
        plan = self._corpus.planner.plan(parse(query.text), query.unwidened)
        mended = self._suggestion(parse(query.text), plan)
        if mended:
            plan = self._corpus.planner.plan(parse(mended), query.unwidened)
        scores = self._nearest(plan.ranking, NEAREST)
        return self._hits(plan, list(scores), scores)

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what somebody who has typed so far may mean."""
        self._refuse_closed()
        return self._completer.complete(text, limit)

    def close(self) -> None:
        """Refuse further searches."""
        self._closed = True

    def _refuse_closed(self) -> None:
        if self._closed:
            raise IndexUnavailable("the search index has been closed")

    @abstractmethod
    def _matched(self, plan: Plan, matches: Sequence[Match]) -> M:
        """Return what a plan finds, filters not regarded."""

    @abstractmethod
    def _page(self, query: Query, asked: Asked, found: M) -> Page:
        """Return the page that a query asks for."""

    @abstractmethod
    def _nearest(self, plan: Plan, number: int) -> Scores:
        """Return the first rows that have any of the words, best first."""

    @abstractmethod
    def _finds(self, plan: Plan) -> bool:
        """Tell whether any entry has all of the words, or any of them."""

    @abstractmethod
    def _alike(self, text: str) -> Alike:
        """Return how well claims fit the words of a text."""

    def _certain_first(self, scores: Scores, matches: Sequence[Match]) -> Scores:
        """Put the claims that a pasted text certainly makes before those near enough that have most of its words."""
        best = max(scores.values(), default=0.0)
        found = {row: score for row, score in scores.items() if score >= FAR * best}
        for match in matches:
            if match.certain:
                row = self._table.row(match.id)
                found[row] = scores.get(row, 0.0) + (best + 1.0) * match.score
        return found

    def _found_by_text(
        self, plan: Plan, fitting: Fitting, matches: Sequence[Match]
    ) -> tuple[Scores, Reading, frozenset[int]]:
        """Return what a pasted text finds, how it was read, and the rows that it neither makes nor has words of."""
        found = self._certain_first(fitting.scores, matches)
        related = fitting.related & found.keys() - {self._table.row(match.id) for match in matches if match.certain}
        reading = replace(plan.reading, pasted=True)
        return found, reading.and_related(len(related)) if related else reading, related

    def _suggestion(self, parsed: Parsed, plan: Plan) -> str | None:
        """Return the text without its typing errors, if it has some and then finds anything."""
        mended = self._speller.mended(parsed, plan.instead)
        if mended is None:
            return None
        return mended if self._finds(self._corpus.planner.plan(parse(mended))) else None

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._known, self._corpus.vocabulary)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._known.words)

    @cached_property
    def _completer(self) -> Completer:
        self._completed = Completer(self._corpus.kb, self._lexicon, self._completed)
        return self._completed

    def _page_of(
        self, query: Query, asked: Asked, scores: Scores, reading: Reading, related: Collection[int] = ()
    ) -> Page:
        """Return a page of rows that are all at hand."""
        found = self._table.narrow(scores.keys(), query.filters)
        rows = self._table.ordered(found, query.sort, scores)
        first = (query.page - 1) * query.per_page
        return Page(
            hits=self._hits(asked.plan, rows[first : first + query.per_page], scores, related),
            total=len(rows),
            page=query.page,
            per_page=query.per_page,
            facets=self._facets(query, scores.keys()),
            reading=reading,
            suggestion=asked.suggestion,
            matches=asked.matches,
            mended=asked.mended,
        )

    def _facets(self, query: Query, matched: Collection[int]) -> dict[str, dict[str, int]]:
        """Return facet → value → how many it would leave under all other filters; most facets have the same others."""
        chosen: dict[str, Chosen] = {}
        for name in query.facets:
            besides = name if name in query.filters else ""
            if besides not in chosen:
                chosen[besides] = Chosen(self._table.narrow(matched, query.filters, besides=besides))
        return {
            name: self._table.counts(
                name, chosen[name if name in query.filters else ""], always=query.filters.get(name, ())
            )
            for name in query.facets
        }

    def _hits(
        self,
        plan: Plan,
        rows: Sequence[int],
        scores: Mapping[int, float],
        related: Collection[int] = (),
    ) -> tuple[Hit, ...]:
        """Return rows as they are shown; of those that are only `related`, with the found ones that they are beside."""
        highlighter = Highlighter(plan, self._corpus.vocabulary)
        ids = self._table.ids
        return tuple(
            Hit(
                ids[row],
                scores[row],
                highlighter.highlights(self._table.document(row)),
                tuple(ids[other] for other in self._related.of(row) if other in scores and other not in related)
                if row in related
                else (),
            )
            for row in rows
        )
