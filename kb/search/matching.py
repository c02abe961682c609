"""Which rows a plan finds, and how well: sets and BM25F over the postings of whatever engine there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from kb.search.fields import Condition, Due
from kb.search.lexicon import Lexicon
from kb.search.plan import Prefix, Words
from kb.search.widen import open_term
from kb.text.tokens import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.search.documents import Table
    from kb.search.plan import Plan, Thing
    from kb.search.wording import Wording

K1, B = 3.6, 0.3
"""BM25's parameters: how soon repeating a word stops to count, and how much long texts are held back.

A word of the claim counts three (`analysis.WEIGHTS`), so this K1 is the usual 1.2 where only claims are searched.
B is low, since what makes one entry longer than another is mostly the evidence beside it.
"""

MAX_BEGINNINGS = 60
"""How many words a prefix stands for, the most frequent ones first."""

_REMEMBERED = 64
"""Of how many terms the postings stay at hand; a common term of 10,000 entries takes 120 kB."""

Postings = Callable[[str], tuple[Sequence[int], Sequence[float]]]
"""How an engine answers: the rows that have a term, ascending, and its weight in each."""

Scores = dict[int, float]


class Matcher:
    """Finds rows. `Postings` is all that it knows of an engine."""

    def __init__(self, table: Table, wording: Wording, postings: Postings) -> None:
        self._table = table
        self._wording = wording
        self._postings = lru_cache(maxsize=_REMEMBERED)(postings)
        self.lexicon = Lexicon(wording.words)
        lengths = wording.lengths
        mean = sum(lengths) / max(len(lengths), 1) or 1.0
        self._held_back = [K1 * (1 - B + B * length / mean) for length in lengths]

    def all_words(self, plan: Plan) -> Scores:
        """Return row → score of the rows that have something of every group, and nothing unwanted."""
        groups = [self._any(group) for group in plan.wanted]
        rows = set.intersection(*map(set, groups)) if groups else set(range(len(self._table)))
        rows.difference_update(*map(self._thing, plan.unwanted))
        return {row: sum(scores[row] for scores in groups) for row in rows}

    def most_words(self, plan: Plan) -> tuple[Scores, set[int]]:
        """Return the rows that have any of the words, the more the better, and those among them that have all.

        A row's score is multiplied by the share of the words that it has.
        """
        total: Scores = {}
        had: Counter[int] = Counter()
        for group in plan.wanted:
            scores = self._any(group)
            _add(total, scores)
            had.update(scores.keys())
        words = len(plan.wanted)
        complete = {row for row, number in had.items() if number == words}
        return {row: score * had[row] / words for row, score in total.items()}, complete

    def any_word(self, plan: Plan) -> Scores:
        """Return the rows that have any of the words; what can only hold or not must hold all the same."""
        ranking = [group for group in plan.wanted if any(isinstance(thing, Words | Prefix) for thing in group)]
        scores = self._summed(thing for group in ranking for thing in group)
        for group in plan.wanted:
            if group not in ranking:
                holding = self._any(group)
                scores = {row: score for row, score in scores.items() if row in holding}
        for thing in plan.unwanted:
            for row in self._thing(thing):
                scores.pop(row, None)
        return scores

    def _any(self, group: Sequence[Thing]) -> Scores:
        return self._thing(group[0]) if len(group) == 1 else self._summed(group)

    def _summed(self, things: Iterable[Thing]) -> Scores:
        total: Scores = {}
        for thing in things:
            _add(total, self._thing(thing))
        return total

    def _thing(self, thing: Thing) -> Scores:
        if isinstance(thing, Condition | Due):
            return dict.fromkeys(self._table.holding(thing), 0.0)
        return self._prefix(thing) if isinstance(thing, Prefix) else self._words(thing)

    def _words(self, words: Words) -> Scores:
        if len(words.stems) > 1 or words.in_claim:
            scores = self._in_a_row(words)
        else:
            scores = self._term(open_term(words.stems[0]) if words.open else words.stems[0])
        for term, weight in words.others:
            _add(scores, self._term(term), weight)
        return scores

    def _in_a_row(self, words: Words) -> Scores:
        """Return the rows that have stems in a row; a row of words counts as often as its rarest word, for each."""
        rows = list(self._wording.rows_with(words.stems, in_claim=words.in_claim))
        if not rows:
            return {}
        postings = min((self._postings(each) for each in dict.fromkeys(words.stems)), key=lambda found: len(found[0]))
        rarest = self._score(*postings)
        return {row: len(words.stems) * rarest[row] for row in rows}

    def _prefix(self, prefix: Prefix) -> Scores:
        """Return the best score of any word that begins like this."""
        words = self.lexicon.likeliest(prefix.start, MAX_BEGINNINGS)
        total: Scores = {}
        for each in dict.fromkeys(stem(word) for word in words):
            for row, score in self._words(Words((each,), in_claim=prefix.in_claim)).items():
                if score > total.get(row, 0.0):
                    total[row] = score
        return total

    def _term(self, term: str) -> Scores:
        """Return row → BM25F score of one term."""
        return self._score(*self._postings(term))

    def _score(self, rows: Sequence[int], weights: Sequence[float]) -> Scores:
        rarity = log(1 + (len(self._held_back) - len(rows) + 0.5) / (len(rows) + 0.5)) * (K1 + 1)
        held_back = self._held_back
        return {row: rarity * weight / (weight + held_back[row]) for row, weight in zip(rows, weights, strict=True)}


def _add(total: Scores, more: Mapping[int, float], weight: float = 1.0) -> None:
    for row, score in more.items():
        total[row] = total.get(row, 0.0) + weight * score
