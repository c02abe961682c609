"""Which rows a plan finds, and how well: sets and BM25F over the postings of whatever engine there is."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from kb.search.fields import Condition, Due
from kb.search.plan import Prefix, Words
from kb.search.widen import open_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.search.documents import Table
    from kb.search.lexicon import Lexicon
    from kb.search.plan import Plan, Thing
    from kb.search.wording import Wording

K1, B = 3.6, 0.3
"""BM25's parameters: how soon repeating a word stops to count, and how much long texts are held back.

A word of the claim counts three (`analysis.WEIGHTS`), so this K1 is the usual 1.2 where only claims are searched.
B is low, since what makes one entry longer than another is mostly the evidence beside it.
"""

_REMEMBERED = 128
"""Of how many terms the scores stay at hand; a common term of 10,000 entries takes 160 kB."""

_FEW = 0.1
"""Where fewer rows than this share are to be added, a dictionary is quicker than a list over all rows."""

_ROWS_REMEMBERED = 16
"""Of how many phrases and prefixes the scores stay at hand: a query that finds nothing asks for each again."""

Postings = Callable[[str], tuple[Sequence[int], Sequence[float]]]
"""How an engine answers: the rows that have a term, ascending, and its weight in each."""

Scores = dict[int, float]

Piece = tuple[Sequence[int], Sequence[float], float]
"""Rows, ascending, with a score for each, and what these scores count."""

Scored = tuple[Sequence[int], Sequence[float]]
"""Rows, ascending, with a score for each; never to be changed, since they are remembered."""


class Matcher:
    """Finds rows. `Postings` is all that it knows of an engine.

    Scores of terms are kept in flat arrays and summed in one list over all rows: with dictionaries, a pasted text of
    common words would take a tenth of a second for 10,000 entries.
    """

    def __init__(self, table: Table, wording: Wording, postings: Postings, lexicon: Lexicon) -> None:
        self._table = table
        self._wording = wording
        self._postings = postings
        self._lexicon = lexicon
        lengths = wording.lengths
        mean = sum(lengths) / max(len(lengths), 1) or 1.0
        self._held_back = [K1 * (1 - B + B * length / mean) for length in lengths]
        self._term = lru_cache(maxsize=_REMEMBERED)(self._scored)
        self._in_a_row = lru_cache(maxsize=_ROWS_REMEMBERED)(self._scored_in_a_row)
        self._prefix = lru_cache(maxsize=_ROWS_REMEMBERED)(self._scored_prefix)

    def all_words(self, plan: Plan) -> Scores:
        """Return row → score of the rows that have something of every group, and nothing unwanted."""
        groups = []
        rows: set[int] | None = None
        for group in plan.wanted:
            groups.append(self._any(group))
            rows = set(groups[-1]) if rows is None else rows.intersection(groups[-1])
            if not rows:
                return {}
        rows = set(range(len(self._table))) if rows is None else rows
        rows.difference_update(*map(self._thing, plan.unwanted))
        return {row: sum(scores[row] for scores in groups) for row in rows}

    def most_words(self, plan: Plan) -> tuple[Scores, set[int]]:
        """Return the rows that have any of the words, the more the better, and those among them that have all.

        A row's score is multiplied by the share of the words that it has.
        """
        total, had = [0.0] * len(self._table), [0] * len(self._table)
        for group in plan.wanted:
            for row, score in self._any(group).items():
                total[row] += score
                had[row] += 1
        words = len(plan.wanted)
        complete = {row for row, number in enumerate(had) if number == words}
        return {row: score * had[row] / words for row, score in enumerate(total) if had[row]}, complete

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
        pieces: list[Piece] = []
        holding: set[int] = set()
        for thing in things:
            if isinstance(thing, Condition | Due):
                holding |= self._table.holding(thing)
            else:
                pieces += self._pieces(thing)
        summed = self._sum(pieces)
        return summed | dict.fromkeys(holding.difference(summed), 0.0)

    def _sum(self, pieces: Sequence[Piece]) -> Scores:
        if sum(len(rows) for rows, _, _ in pieces) < _FEW * len(self._table):
            found: Scores = defaultdict(float)
            _add(found, pieces)
            return dict(found)
        total = [0.0] * len(self._table)
        _add(total, pieces)
        return {row: score for row, score in enumerate(total) if score}  # whatever has a word scores

    def _thing(self, thing: Thing) -> Scores:
        if isinstance(thing, Condition | Due):
            return dict.fromkeys(self._table.holding(thing), 0.0)
        (rows, scores, _), *others = self._pieces(thing)
        found = dict(zip(rows, scores, strict=True))
        if not any(rows for rows, _, _ in others):
            return found
        summed = defaultdict(float, found)
        _add(summed, others)
        return dict(summed)

    def _pieces(self, thing: Words | Prefix) -> Iterator[Piece]:
        """Yield rows, their scores and what these count, for a thing and for whatever may stand for it."""
        if isinstance(thing, Prefix):
            yield *self._prefix(thing), 1.0
            return
        if len(thing.stems) > 1 or thing.in_claim:
            yield *self._in_a_row(thing.stems, thing.in_claim), 1.0
        else:
            yield *self._term(open_term(thing.stems[0]) if thing.open else thing.stems[0]), 1.0
        for term, weight in thing.others:
            yield *self._term(term), weight

    def _scored_in_a_row(self, stems: tuple[str, ...], in_claim: bool) -> Scored:
        """Return the rows that have stems in a row; a row of words counts as often as its rarest word, for each."""
        rows, scores = min((self._term(each) for each in dict.fromkeys(stems)), key=lambda found: len(found[0]))
        holding = set(self._wording.rows_with(stems, rows, in_claim=in_claim))
        found = [(row, len(stems) * score) for row, score in zip(rows, scores, strict=True) if row in holding]
        return array("l", (row for row, _ in found)), array("d", (score for _, score in found))

    def _scored_prefix(self, prefix: Prefix) -> Scored:
        """Return the best score of any word that begins like this."""
        best = [0.0] * len(self._table)
        for each in self._lexicon.stems(prefix.start):
            # these are not worth remembering one by one
            rows, scores = self._scored_in_a_row((each,), in_claim=True) if prefix.in_claim else self._scored(each)
            for row, score in zip(rows, scores, strict=True):
                if score > best[row]:  # noqa: PLR1730 - max() would take three times as long
                    best[row] = score
        rows = array("l", (row for row, score in enumerate(best) if score))
        return rows, array("d", (best[row] for row in rows))

    def _scored(self, term: str) -> Scored:
        """Return the rows that have a term, and its BM25F score in each."""
        rows, weights = self._postings(term)
        rarity = log(1 + (len(self._held_back) - len(rows) + 0.5) / (len(rows) + 0.5)) * (K1 + 1)
        held_back = map(self._held_back.__getitem__, rows)
        scores = [rarity * weight / (weight + back) for weight, back in zip(weights, held_back, strict=True)]
        return rows, array("d", scores)


def _add(total: Scores | list[float], pieces: Iterable[Piece]) -> None:
    for rows, scores, weight in pieces:
        for row, score in zip(rows, scores, strict=True):
            total[row] += weight * score
