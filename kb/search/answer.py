"""From what was typed to the page that is shown: everything about a back end but where its postings come from.

An engine that runs in this process only says which rows have a term (`Indexed.postings`); the rest is here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kb.errors import IndexUnavailable
from kb.search.analysis import analyse
from kb.search.base import Hit, Page, no_changes
from kb.search.completing import Completer
from kb.search.documents import Table
from kb.search.highlight import Highlighter
from kb.search.inputs import same_rules
from kb.search.lending import Related
from kb.search.matching import Matcher
from kb.search.mending import Speller
from kb.search.pasted import ALIKE, WORDS_ALIKE, Alike, Pasted, telling
from kb.search.plan import Plan, Planner
from kb.search.query import parse
from kb.search.widen import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes, Completion, IndexInfo, Match, Query, Reading
    from kb.search.matching import Scores
    from kb.search.pasted import Reader
    from kb.search.query import Parsed
    from kb.search.wording import Wording

ENOUGH = 10
"""Where fewer entries have all of the words, those with some of them follow, and those related to them."""

NEAREST = 5
"""How many claims are offered where nothing was found."""

_FAR = 0.15
"""What an entry must score, beside the best one, to be found by the words of a pasted text."""


class Ranking(Protocol):
    """Another opinion on what the words found, such as likeness of meaning. It knows rows: the claims by id."""

    def __call__(
        self, text: str, scores: Scores, reading: Reading, matches: Sequence[Match] = ()
    ) -> tuple[Scores, Reading]:
        """Return rows with their scores, and the reading with a note where there are more of them."""
        ...

    def reason(self, text: str, row: int) -> str:
        """Say in words what this opinion holds of a row; empty where it says nothing for it."""
        ...


class _Found(NamedTuple):
    """What a plan finds before anything narrows it."""

    scores: Scores
    reading: Reading
    related: frozenset[int] = frozenset()
    """Rows without any of the words, there only because others are related to them."""


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
        return corpus

    def analysed(self) -> Iterator[Analysed]:
        """Yield the terms of every document, by row: what an engine indexes."""
        return (analyse(document, self.vocabulary) for document in self.table.documents())

    @cached_property
    def planner(self) -> Planner:
        """What reads a query."""
        return Planner(self.kb, self.vocabulary)

    @cached_property
    def pasted(self) -> Pasted:
        """What reads a pasted text."""
        return Pasted(self.kb)


class Indexed(ABC):
    """An open index over a corpus. A subclass gives the postings; threads may share it if its `postings` may be."""

    def __init__(self, corpus: Corpus, wording: Wording, info: IndexInfo, before: Indexed | None = None) -> None:
        """Take what is searched, and an index of another state from which something may be taken over."""
        self.info = info
        self._corpus = corpus
        self._table = corpus.table
        self._closed = False
        self._wording = wording
        self._related: Related = Related(corpus.kb, corpus.table, before._related if before else None)  # noqa: SLF001 - the same class
        self._matcher = Matcher(corpus.table, wording, self.postings)
        self._ranking: Ranking | None = None
        self._reading_by: Reader | None = None
        self._completed: Completer | None = before._completed if before else None  # noqa: SLF001 - the same class's
        # a sentence is asked twice, for its claims and for its words
        self._said = lru_cache(maxsize=2)(self._fitting)

    def rank_by(self, ranking: Ranking) -> None:
        """Ask for another opinion from now on; to be called before anybody searches."""
        self._ranking = ranking

    def read_by(self, reader: Reader) -> None:
        """Let another reader say from now on what a pasted text claims; to be called before anybody searches."""
        self._reading_by = reader

    @abstractmethod
    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, ascending, and its weight in each."""

    def search(self, query: Query) -> Page:
        """Answer a query; raise `IndexUnavailable` once closed, or if the index cannot be read."""
        self._refuse_closed()
        parsed = parse(query.text)
        plan = self._corpus.planner.plan(parsed, query.unwidened)
        matches = self.match(query.text) if plan.pasted else ()
        suggestion = self._suggestion(parsed, plan)
        scores, reading, related = self._matched(plan, matches)
        meant = query.text
        if suggestion and not plan.instead and (reading.any_word or plan.pasted or not scores):
            # a word that stands nowhere finds nothing, so what was probably meant is looked for at once
            meant = query.text if plan.pasted else suggestion
            plan = self._corpus.planner.plan(parse(suggestion), query.unwidened)
            scores, reading, related = self._matched(plan, matches)
            reading = reading.noting(f"looked for “{suggestion}”, since words of “{parsed.text.strip()}” stand nowhere")
        if self._ranking:
            scores, reading = self._ranking(meant, scores, reading, matches)
        found = self._table.narrow(scores.keys(), query.filters)
        rows = self._table.ordered(found, query.sort, scores)
        first = (query.page - 1) * query.per_page
        return Page(
            hits=self._hits(plan, rows[first : first + query.per_page], scores, related),
            total=len(rows),
            page=query.page,
            per_page=query.per_page,
            facets=self._facets(query, scores.keys()),
            reading=reading,
            suggestion=suggestion,
            matches=matches,
        )

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
        scores = self._matcher.any_word(plan.ranking)
        return self._hits(plan, self._table.ordered(scores.keys(), "relevance", scores)[:NEAREST], scores)

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

    def _matched(self, plan: Plan, matches: Sequence[Match]) -> _Found:
        """Return the matching rows, filters not regarded, and how the text was read."""
        if plan.pasted:
            return _Found(self._by_text(plan, matches), replace(plan.reading, pasted=True))
        if plan.plain and len(plan.wanted) > 1:
            return self._by_words(plan)
        scores = self._matcher.all_words(plan)
        if scores or len(plan.ranking.wanted) < 2:  # noqa: PLR2004 - all of one word is any of it
            demanded = not (plan.plain and plan.wanted)
            return _Found(scores, plan.reading) if demanded else self._with_related(scores, scores.keys(), plan)
        some = self._matcher.any_word(plan)
        return _Found(some, plan.reading.falling_back() if some else plan.reading)

    def _by_words(self, plan: Plan) -> _Found:
        """Return the rows with all of several words, and where they are few, those with some of them."""
        scores, complete = self._matcher.most_words(plan)
        if not complete:
            reading = plan.reading.falling_back() if scores else plan.reading
            return _Found(self._related.lend(scores, beyond=False, themes=plan.themes), reading)
        if len(complete) >= ENOUGH:
            return self._with_related({row: scores[row] for row in complete}, complete, plan)
        turned = self._matcher.all_words(plan.turning)
        return self._with_related(
            {row: score for row, score in scores.items() if row in complete or row in turned}, complete, plan, turned
        )

    def _with_related(
        self, scores: Scores, complete: Collection[int], plan: Plan, among: Collection[int] | None = None
    ) -> _Found:
        """Return what words find, and where few entries have all of them, what these are related to (`among` those)."""
        lent = self._related.lend(scores, beyond=len(complete) < ENOUGH, themes=plan.themes)
        found = {row: score for row, score in lent.items() if among is None or row in scores or row in among}
        reading = plan.reading.going_on(len(complete)) if len(scores) > len(complete) else plan.reading
        related = frozenset(found.keys() - scores.keys())
        return _Found(found, reading.and_related(len(related)) if related else reading, related)

    def _by_text(self, plan: Plan, matches: Sequence[Match]) -> Scores:
        """Return the claims that a pasted text certainly makes, before those that have most of its words."""
        scores = self._said(plan)
        best = max(scores.values(), default=0.0)
        found = {row: score for row, score in scores.items() if score >= _FAR * best}
        for match in matches:
            if match.certain:
                row = self._table.row(match.id)
                found[row] = scores.get(row, 0.0) + (best + 1.0) * match.score
        return found

    def _fitting(self, plan: Plan) -> Scores:
        """Return the rows that have any of the words of a sentence, or are related to those; not to be changed."""
        return self._related.lend(self._matcher.any_word(plan), beyond=True, themes=plan.themes)

    def _alike(self, text: str) -> Alike:
        """Return how well claims fit the words of a text, and its meaning where somebody asked for that."""
        words = telling(text, self._wording.words)
        plan = self._corpus.planner.plan(parse(words)).ranking
        scores = self._said(plan)
        ids = self._table.ids
        if self._ranking is None:
            return Alike({ids[row]: score for row, score in scores.items()})
        least, ranking = ALIKE * max(scores.values(), default=0.0), self._ranking
        fused, _ = ranking(text, scores, plan.reading)

        def reasons(claim_id: str) -> tuple[str, ...]:
            row = self._table.row(claim_id)
            said = ranking.reason(text, row)
            by_words = row in scores and (scores[row] >= least or not said)
            return (*((WORDS_ALIKE,) if by_words else ()), *((said,) if said else ()))

        return Alike({ids[row]: score for row, score in fused.items()}, reasons)

    def _suggestion(self, parsed: Parsed, plan: Plan) -> str | None:
        """Return the text without its typing errors, if it has some and then finds anything."""
        mended = self._speller.mended(parsed, plan.instead)
        if mended is None:
            return None
        plan = self._corpus.planner.plan(parse(mended))
        return mended if self._matcher.all_words(plan) or self._matcher.any_word(plan) else None

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._wording, self._corpus.vocabulary)

    @cached_property
    def _completer(self) -> Completer:
        self._completed = Completer(self._corpus.kb, self._matcher.lexicon, self._completed)
        return self._completed

    def _facets(self, query: Query, matched: Collection[int]) -> dict[str, dict[str, int]]:
        """Return facet → value → how many it would leave under all other filters; most facets have the same others."""
        masks: dict[str, int] = {}
        for name in query.facets:
            besides = name if name in query.filters else ""
            if besides not in masks:
                masks[besides] = self._table.mask(self._table.narrow(matched, query.filters, besides=besides))
        return {
            name: self._table.counts(
                name, masks[name if name in query.filters else ""], always=query.filters.get(name, ())
            )
            for name in query.facets
        }

    def _hits(
        self, plan: Plan, rows: Sequence[int], scores: Mapping[int, float], related: Collection[int] = ()
    ) -> tuple[Hit, ...]:
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
