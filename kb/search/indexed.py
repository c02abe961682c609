"""Back ends whose postings are read in this process: everything about them but where the postings come from.

An engine of this kind only says which rows have a term (`Indexed.postings`); the rest is here.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kb.search.answer import ENOUGH, Answering, Fitting
from kb.search.matching import Matcher
from kb.search.pasted import ALIKE, WORDS_ALIKE, Alike, telling
from kb.search.query import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kb.search.answer import Asked, Corpus
    from kb.search.base import IndexInfo, Match, Page, Query, Reading
    from kb.search.matching import Scores
    from kb.search.plan import Plan
    from kb.search.wording import Wording


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

    @property
    def nothing(self) -> bool:
        return not self.scores

    def noting(self, note: str) -> _Found:
        return self._replace(reading=self.reading.noting(note))


class Indexed(Answering[_Found]):
    """An open index over a corpus. A subclass gives the postings; threads may share it if its `postings` may be."""

    def __init__(self, corpus: Corpus, wording: Wording, info: IndexInfo, before: Indexed | None = None) -> None:
        """Take what is searched, and an index of another state from which something may be taken over."""
        super().__init__(corpus, wording, info, before)
        self._wording = wording
        self._matcher = Matcher(corpus.table, wording, self.postings, self._lexicon)
        self._ranking: Ranking | None = None
        # a sentence is asked twice, for its claims and for its words
        self._said = lru_cache(maxsize=2)(self._fitting)

    def rank_by(self, ranking: Ranking) -> None:
        """Ask for another opinion from now on; to be called before anybody searches."""
        self._ranking = ranking

    @abstractmethod
    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, ascending, and its weight in each."""

    def _page(self, query: Query, asked: Asked, found: _Found) -> Page:
        scores, reading = found.scores, found.reading
        if self._ranking:
            scores, reading = self._ranking(asked.meant, scores, reading, asked.matches)
        return self._page_of(query, asked, scores, reading, found.related)

    def _nearest(self, plan: Plan, number: int) -> Scores:
        scores = self._matcher.any_word(plan)
        return {row: scores[row] for row in self._table.ordered(scores.keys(), "relevance", scores)[:number]}

    def _finds(self, plan: Plan) -> bool:
        return bool(self._matcher.all_words(plan) or self._matcher.any_word(plan))

    def _matched(self, plan: Plan, matches: Sequence[Match]) -> _Found:
        """Return the matching rows, filters not regarded, and how the text was read."""
        if plan.pasted:
            return self._by_text(plan, matches)
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
            return _Found(self._related.lend(scores, beyond=False, themes=plan.themes, asked=plan.asked), reading)
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
        lent = self._related.lend(scores, beyond=len(complete) < ENOUGH, themes=plan.themes, asked=plan.asked)
        found = {row: score for row, score in lent.items() if among is None or row in scores or row in among}
        reading = plan.reading.going_on(len(complete)) if len(scores) > len(complete) else plan.reading
        related = frozenset(found.keys() - scores.keys())
        return _Found(found, reading.and_related(len(related)) if related else reading, related)

    def _by_text(self, plan: Plan, matches: Sequence[Match]) -> _Found:
        """Return the claims that a pasted text certainly makes, before those that have most of its words."""
        return _Found(*self._found_by_text(plan, self._said(plan), matches))

    def _fitting(self, plan: Plan) -> Fitting:
        """Return the rows that have any of the words of a sentence, and those related to them."""
        words = self._matcher.any_word(plan)
        scores = self._related.lend(words, beyond=True, themes=plan.themes, asked=plan.asked)
        return Fitting(scores, frozenset(scores.keys() - words.keys()))

    def _alike(self, text: str) -> Alike:
        """Return how well claims fit the words of a text, and its meaning where somebody asked for that."""
        words = telling(text, self._wording.words)
        plan = self._corpus.planner.plan(parse(words)).ranking
        scores = self._said(plan).scores
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
