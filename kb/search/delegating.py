"""Back ends whose engine finds by itself: it is asked a `Question`, and gives no more rows than a page needs.

The same claims are found as by the reference engine, with the same totals, counts, marks and words about the reading.
Scores are the engine's own, so the order may be another one. What claims lend to each other moves only the first ones
(`WINDOW`): these are looked at as a whole whatever page is asked for, so pages make up the whole. What all fits into
the window is known whole, and narrowed and counted here; only where more is found, the engine does that.

Of a pasted text, the claims that it certainly makes are the same; what follows by likeness is looked for among those
that the engine ranks first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kb.search.answer import ENOUGH, Answering, Fitting
from kb.search.base import MAX_PER_PAGE, Page
from kb.search.fields import Condition
from kb.search.inputs import changed
from kb.search.pasted import Alike, telling
from kb.search.plan import Prefix, Words
from kb.search.query import parse
from kb.search.question import Question, ReachingFinder, RelatingFinder, RevisingFinder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.answer import Asked, Corpus
    from kb.search.base import IndexInfo, Match, Query, Reading
    from kb.search.matching import Scores
    from kb.search.plan import Plan
    from kb.search.question import Finder

WINDOW = MAX_PER_PAGE
"""So many of the first claims are ordered by what they lend to each other as well; no fewer than are `ENOUGH`."""

_REMEMBERED = 1_024
"""Of how many stems it stays known whether any entry has them."""

_SHARE = 4
"""Of more than one row in so many it is not asked which are found, but which are found at all."""

_CHUNK = 512
"""So many of the last changed claims are asked for at a time."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a plan finds, filters not regarded: the first ones, and how to ask for the others."""

    question: Question
    first: Scores
    """The first rows with their scores, best first; all of them where there are no more than `WINDOW`."""
    total: int
    reading: Reading
    ahead: tuple[str, ...] = ()
    """Few claims that have all of the words, where others have some; they come before these."""
    share: float = 1.0
    """What the scores of the others count beside those."""
    lending: bool = False
    themes: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    related: frozenset[int] = frozenset()
    """Rows without any of the words, there only because others are related to them."""

    @property
    def nothing(self) -> bool:
        return not self.total

    @property
    def whole(self) -> bool:
        """Whether all that was found is at hand."""
        return len(self.first) == self.total

    def noting(self, note: str) -> _Found:
        return replace(self, reading=self.reading.noting(note))


class Delegating(Answering[_Found]):
    """An open index that a `Finder` searches. Threads may share it as they may share the finder."""

    def __init__(self, corpus: Corpus, finder: Finder, info: IndexInfo, before: Delegating | None = None) -> None:
        """Take what is searched and what finds, and an index of another state from which something may be taken."""
        super().__init__(corpus, _Known(finder), info, before)
        self._finder = finder
        # a sentence is asked twice, for its claims and for its words
        self._said = lru_cache(maxsize=2)(self._fitting)

    def close(self) -> None:
        """Refuse further searches, and let go of what finds."""
        super().close()
        self._finder.close()

    def reach(self) -> None:
        """Raise `IndexUnavailable` where what finds does not answer now, or once closed."""
        self._refuse_closed()
        if isinstance(self._finder, ReachingFinder):
            self._finder.reach()

    def updated(self, kb: KnowledgeBase, most: int | None = None) -> Delegating | None:
        """Return the index of another state; `None` where it is better built, or `most` claims are not enough.

        This one goes on answering for its own state. Raises `IndexUnavailable` once closed.
        """
        self._refuse_closed()
        anew = changed(self._corpus.kb, kb)
        if not isinstance(self._finder, RevisingFinder) or anew is None or (most is not None and len(anew) > most):
            return None
        corpus = self._corpus.revised(kb, anew)
        finder = self._finder.revised(corpus, anew)
        if finder is None:
            return None
        now = dt.datetime.now(dt.UTC)
        info = replace(self.info, digest=corpus.digest, documents=len(corpus.table), built_at=now)
        return Delegating(corpus, finder, info, self)

    @property
    def worn(self) -> bool:
        """Whether it should be built anew when there is time."""
        return isinstance(self._finder, RevisingFinder) and self._finder.worn

    # What is found

    def _matched(self, plan: Plan, matches: Sequence[Match]) -> _Found:
        if plan.pasted:
            return self._by_text(plan, matches)
        if plan.plain and len(plan.wanted) > 1:
            return self._by_words(plan)
        every = self._asked(Question(every=plan.wanted, never=plan.unwanted), plan.reading)
        if every.total or len(plan.ranking.wanted) < 2:  # noqa: PLR2004 - all of one word is any of it
            demanded = not (plan.plain and plan.wanted)
            return every if demanded else self._with_related(every, every.total, plan)
        some = self._asked(_any_word(plan), plan.reading)
        return replace(some, reading=plan.reading.falling_back()) if some.total else some

    def _by_words(self, plan: Plan) -> _Found:
        """Return what has all of several words, and where that is little, what has some of them."""
        complete = self._asked(Question(every=plan.wanted), plan.reading)
        if complete.total >= ENOUGH:
            return replace(complete, lending=True, themes=plan.themes, asked=plan.asked)
        if not complete.total:
            some = self._asked(Question(some=plan.wanted), plan.reading)
            reading = plan.reading.falling_back() if some.total else plan.reading
            return replace(some, reading=reading, lending=True, themes=plan.themes, asked=plan.asked)
        ids = self._table.ids
        some = _Found(
            Question(every=plan.turning.wanted, some=plan.wanted),
            complete.first,
            complete.total,
            plan.reading,
            ahead=tuple(ids[row] for row in complete.first),
            share=1 - 1 / len(plan.wanted),
        )
        scores, others = self._others(some, {}, WINDOW)
        some = replace(some, first=complete.first | scores, total=complete.total + others)
        # what has a word that turns a claim was found by it, and nothing else may stand beside such claims
        return self._with_related(some, complete.total, plan, beside=not plan.turning.wanted)

    def _with_related(self, found: _Found, complete: int, plan: Plan, *, beside: bool = True) -> _Found:
        """Return what words find, and where few claims have all of them, what these are related to."""
        reading = plan.reading.going_on(complete) if found.total > complete else plan.reading
        found = replace(found, reading=reading, lending=True, themes=plan.themes, asked=plan.asked)
        if not beside or complete >= ENOUGH:
            return found
        if not found.whole and isinstance(self._finder, RelatingFinder) and _single(plan):
            question = replace(found.question, near=plan.wanted)
            more = self._finder.count(question) - found.total
            reading = reading.and_related(more) if more else reading
            return replace(found, question=question, total=found.total + more, reading=reading)
        related = self._beside(found)
        if not related:
            return found
        ids = self._table.ids
        return replace(
            found,
            question=replace(found.question, also=frozenset(ids[row] for row in related)),
            first=found.first | dict.fromkeys(related, 0.0) if found.whole else found.first,
            total=found.total + len(related),
            reading=reading.and_related(len(related)),
            related=related,
        )

    def _beside(self, found: _Found) -> frozenset[int]:
        """Return the rows that others are related to which were found, and that were not found themselves."""
        if found.whole:
            beside = {other for row in found.first for other in self._related.of(row)}
            return frozenset(beside - found.first.keys())
        having = self._related.having
        few = len(having) <= len(self._table) // _SHARE
        having = self._among(found.question, having if few else None)
        beside = {other for row in having for other in self._related.of(row)}
        return frozenset(beside - self._among(found.question, beside))

    def _by_text(self, plan: Plan, matches: Sequence[Match]) -> _Found:
        """Return the claims that a pasted text certainly makes, before those that have most of its words."""
        found, reading, related = self._found_by_text(plan, self._said(plan), matches)
        return _Found(Question(), found, len(found), reading, related=related)

    def _fitting(self, plan: Plan) -> Fitting:
        """Return the first rows that have words of a sentence, and those related to them."""
        words = self._nearest(plan, WINDOW)
        scores = self._related.lend(words, beyond=True, themes=plan.themes, asked=plan.asked)
        return Fitting(scores, frozenset(scores.keys() - words.keys()))

    def _alike(self, text: str) -> Alike:
        plan = self._corpus.planner.plan(parse(telling(text, self._known.words))).ranking
        ids = self._table.ids
        return Alike({ids[row]: score for row, score in self._said(plan).scores.items()})

    def _nearest(self, plan: Plan, number: int) -> Scores:
        question = _any_word(plan)
        return self._rows(self._finder.find(question, "relevance", number).hits) if question.some else {}

    def _finds(self, plan: Plan) -> bool:
        if self._finder.count(Question(every=plan.wanted, never=plan.unwanted)):
            return True
        some = _any_word(plan)
        return bool(some.some and self._finder.count(some))

    # What is shown of it

    def _page(self, query: Query, asked: Asked, found: _Found) -> Page:
        if found.whole:
            scores = self._lent(found, found.first)
            return self._page_of(query, asked, scores, found.reading, found.related)
        last = query.page * query.per_page
        scores, total = self._ordered(query, found, last)
        rows = list(scores)[last - query.per_page : last]
        words, related = self._told_apart(found, rows)
        return Page(
            hits=self._hits(asked.plan, rows, dict.fromkeys(words, 0.0) | scores, related),
            total=total,
            page=query.page,
            per_page=query.per_page,
            facets=self._counts(query, found.question),
            reading=found.reading,
            suggestion=asked.suggestion,
            matches=asked.matches,
            mended=asked.mended,
        )

    def _told_apart(self, found: _Found, rows: Collection[int]) -> tuple[set[int], set[int]]:
        """Return which rows (and those related to them) have words of the plan, and which are only related to such."""
        question = replace(found.question, also=frozenset(), near=())
        if question == found.question:
            return set(), set()
        beside = {other for row in rows for other in self._related.of(row)}
        words = self._among(question, beside.union(rows))
        return words, set(rows) - words

    def _ordered(self, query: Query, found: _Found, number: int) -> tuple[Scores, int]:
        """Return so many rows with their scores in the order that is wanted, and how many there are in all."""
        question = replace(found.question, filters=query.filters)
        if query.sort == "changed":
            return self._by_change(question, number)
        if query.sort != "relevance":
            answer = self._finder.find(question, query.sort, number)
            return self._rows(answer.hits), answer.total
        if query.filters:
            ahead = self._table.narrow([self._table.row(each) for each in found.ahead], query.filters)
            known = {row: found.first[row] for row in found.first if row in ahead}
            others, _ = self._others(found, query.filters, WINDOW)
            # what comes ahead may be related to others as well, and is counted once
            first, total = others | known, self._finder.count(question)
        else:
            first, total = found.first, found.total
        scores = self._lent(found, first)
        ranked = {row: scores[row] for row in self._table.ordered(first.keys(), "relevance", scores)}
        if number > len(ranked) and total > len(ranked):
            others, _ = self._others(found, query.filters, number)
            ranked |= {row: score for row, score in others.items() if row not in ranked}
        return ranked, total

    def _others(self, found: _Found, filters: Mapping[str, tuple[str, ...]], number: int) -> tuple[Scores, int]:
        """Return the first rows after those that come ahead, and how many there are."""
        question = replace(found.question, filters=filters)
        if found.ahead:
            question = replace(question, never=(*question.never, Condition("id", found.ahead)))
        answer = self._finder.find(question, "relevance", number)
        return {row: found.share * score for row, score in self._rows(answer.hits).items()}, answer.total

    def _lent(self, found: _Found, scores: Scores) -> Scores:
        if not found.lending:
            return scores
        # what has a word scores
        words = {row: score for row, score in scores.items() if score > 0}
        lent = self._related.lend(words, beyond=len(words) < len(scores), themes=found.themes, asked=found.asked)
        return {row: lent.get(row, 0.0) for row in scores}

    def _by_change(self, question: Question, number: int) -> tuple[Scores, int]:
        """Return rows in the order of their last change: the engine is asked about the last changed claims first."""
        table, total = self._table, self._finder.count(question)
        rows: list[int] = []
        if total <= _CHUNK or question.also or question.near:
            rows = table.ordered(self._among(question, None), "changed", {})
        else:
            latest = table.ordered(range(len(table)), "changed", {})
            for start in range(0, len(latest), _CHUNK):
                chunk = latest[start : start + _CHUNK]
                having = self._among(question, chunk)
                rows += [row for row in chunk if row in having]
                if len(rows) >= number:
                    break
        return dict.fromkeys(rows[:number], 0.0), total

    def _counts(self, query: Query, question: Question) -> dict[str, dict[str, int]]:
        """Return facet → value → how many it would leave under all other filters."""
        if question == Question():
            return self._facets(query, range(len(self._table)))
        filters = query.filters
        free = tuple(name for name in query.facets if name not in filters)
        counted = dict(self._finder.facets(replace(question, filters=filters), free)) if free else {}
        for name in query.facets:
            if name in filters:
                others = {other: values for other, values in filters.items() if other != name}
                found = self._finder.facets(replace(question, filters=others), (name,))[name]
                counted[name] = {**found, **{value: 0 for value in sorted(filters[name]) if value not in found}}
        return {name: dict(counted[name]) for name in query.facets}

    # What the engine is asked

    def _asked(self, question: Question, reading: Reading) -> _Found:
        answer = self._finder.find(question, "relevance", WINDOW)
        return _Found(question, self._rows(answer.hits), answer.total, reading)

    def _among(self, question: Question, rows: Collection[int] | None) -> set[int]:
        """Return those of some rows that are found; of all rows for `None`.

        Rows are asked for where nothing is found beside (`also`, `near`): that would come whatever the rows.
        """
        if rows is not None:
            ids = self._table.ids
            question = replace(question, every=(*question.every, (Condition("id", tuple(ids[row] for row in rows)),)))
            if not rows:
                return set()
        most = len(self._table) if rows is None else len(rows)
        return set(self._rows(self._finder.find(question, "id", most).hits))

    def _rows(self, hits: Iterable[tuple[str, float]]) -> Scores:
        row = self._table.rows
        return {row[claim_id]: score for claim_id, score in hits}


class _Known:
    """What stands in the entries, as a finder knows it."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._stands = lru_cache(maxsize=_REMEMBERED)(self._found)

    @cached_property
    def words(self) -> Mapping[str, int]:
        """Word → how many entries have it."""
        return self._finder.words()

    def __contains__(self, stem: object) -> bool:
        return isinstance(stem, str) and self._stands(stem)

    def _found(self, stem: str) -> bool:
        return self._finder.count(Question(every=((Words((stem,)),),))) > 0


def _single(plan: Plan) -> bool:
    """Tell whether all that is wanted are single words."""
    return all(isinstance(thing, Words) and thing.open and len(thing.stems) == 1 for thing in plan.things)


def _any_word(plan: Plan) -> Question:
    """Ask for any of the words; what can only hold or not must hold all the same.

    Where there are no words, the question has nothing in `some`, and nothing is found by it.
    """
    ranking = tuple(group for group in plan.wanted if any(isinstance(thing, Words | Prefix) for thing in group))
    return Question(
        every=tuple(group for group in plan.wanted if group not in ranking), some=ranking, never=plan.unwanted
    )
