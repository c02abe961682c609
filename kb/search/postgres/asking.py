"""From a `Question` to what the functions of the schema take: one tsquery, and what ranks.

All of a question is one tsquery over one column: words, values (`=column=value`) and days, since everything that can be
asked for is a term. Where a claim has more words than a tsvector has places for, its phrases are looked for in its
wording instead; such claims are asked the same query with a mark in the place of each phrase.
"""

from __future__ import annotations

import json
from itertools import chain
from math import log
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kb.search.fields import Condition, Due
from kb.search.plan import Prefix, Words
from kb.search.postgres.rows import due_term, quoted, value_term, wording
from kb.text.tokens import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.search.lexicon import Lexicon
    from kb.search.plan import Thing
    from kb.search.question import Group, Question

NOTHING = "'='"
"""A term that no claim has."""

EVERY = json.dumps({"query": None, "among": None, "also": [], "within": None, "phrases": [], "ranks": []})
"""The question that finds every claim."""

_SHOWN, _IN_CLAIM = "AB", "A"

_FLAT = 64
"""So many terms stand side by side; more of them stand in a tree, as the server follows a query only so deep."""

_BEGINNING = 3
"""Letters that a stem and its words have in common."""

_Phrase = tuple[tuple[str, ...], bool]
"""Stems in a row, and whether they must stand in the claim itself."""


class _Rank(NamedTuple):
    """What a term counts for, where something holds."""

    terms: str
    weight: float
    only: str | None = None


class Stock(Protocol):
    """The words of one state."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Word or concept (by its term) → how many claims have it."""
        ...

    @property
    def lexicon(self) -> Lexicon:
        """The words alone."""
        ...


class Asking:
    """Knows the words of one state, and so what a prefix stands for and what each word says."""

    def __init__(self, stock: Stock, documents: int) -> None:
        self._stock = stock
        self._documents = documents
        self._rarities: dict[str, float] = {}

    def of(self, question: Question, *, ranked: bool) -> str:
        """Return a question as JSON; without what ranks, where nobody asks for scores."""
        every, among = _parted(question.every)
        phrases: dict[_Phrase, str] = {}
        query = self._query(question, every, _in_places)
        marked = self._query(question, every, lambda *phrase: phrases.setdefault(phrase, f"'\"{len(phrases)}'"))
        within = " & ".join(
            _any([quoted(value_term(name, value)) for value in values]) for name, values in question.filters.items()
        )
        if query and within and not question.also:
            query, marked, within = f"{query} & {within}", f"{marked} & {within}", ""
        ranks = list(chain.from_iterable(map(self._ranks, _ranking(question)))) if ranked else []
        return json.dumps(
            {
                "query": query,
                "among": among,
                "also": sorted(question.also),
                "within": within or None,
                "phrases": [[wording((stems,)), in_claim] for stems, in_claim in phrases],
                "marked": marked,
                "ranks": ranks,
            }
        )

    def _query(
        self, question: Question, every: Iterable[Group], phrase: Callable[[tuple[str, ...], bool], str]
    ) -> str | None:
        """Return what is found as a tsquery, `None` for all claims."""

        def group(things: Iterable[Thing]) -> str:
            return _any(list(chain.from_iterable(self._ways(thing, phrase) for thing in things)))

        demands = [group(each) for each in every]
        if question.some:
            demands.append(_any([group(each) for each in question.some]))
        demands += [f"!{group((thing,))}" for thing in question.never]
        return " & ".join(demands) if demands else None

    def _ways(self, thing: Thing, phrase: Callable[[tuple[str, ...], bool], str]) -> Iterator[str]:
        """Yield the terms and phrases any of which is the thing."""
        if isinstance(thing, Condition):
            yield from (quoted(value_term(thing.column, value)) for value in thing.values)
        elif isinstance(thing, Due):
            yield from (f"{quoted(beginning)}:*" for beginning in _days(due_term(thing.first), due_term(thing.last)))
        elif isinstance(thing, Prefix):
            weights = _IN_CLAIM if thing.in_claim else _SHOWN
            yield from (f"{quoted(each)}:{weights}" for each in self._stock.lexicon.stems(thing.start))
        else:
            if len(thing.stems) > 1:
                yield phrase(thing.stems, thing.in_claim)
            elif thing.open and not thing.in_claim:
                yield quoted(thing.stems[0])
            else:
                yield f"{quoted(thing.stems[0])}:{_IN_CLAIM if thing.in_claim else _SHOWN}"
            yield from (_term(term) for term, _ in thing.others)

    def _ranks(self, thing: Words | Prefix) -> Iterator[_Rank]:
        """Yield what a thing counts for: each of its terms by how rare it is, a phrase by its rarest word."""
        if isinstance(thing, Prefix):
            stems = self._stock.lexicon.stems(thing.start)
            terms, only = " | ".join(map(quoted, stems)), f":{_IN_CLAIM}" if thing.in_claim else None
            if stems:
                held = _any([f"{quoted(each)}{only}" for each in stems]) if only else None
                # the function takes the mean of several terms
                yield _Rank(terms, len(stems) * min(map(self._rarity, stems)), held)
            return
        rarest = max(thing.stems, key=self._rarity)
        if len(thing.stems) > 1:
            held = _in_places(thing.stems, thing.in_claim)
        else:
            held = f"{quoted(rarest)}:{_IN_CLAIM}" if thing.in_claim else None
        yield _Rank(quoted(rarest), len(thing.stems) * self._rarity(rarest), held)
        for term, weight in thing.others:
            yield _Rank(_term(term), weight * self._rarity(term))

    def _rarity(self, term: str) -> float:
        """Return what a term says about a claim that has it: the fewer have it, the more."""
        found = self._rarities.get(term)
        if found is None:
            number = self._number(term)
            found = log(1 + (self._documents - number + 0.5) / (number + 0.5))
            self._rarities[term] = found
        return found

    def _number(self, term: str) -> int:
        """Return about how many claims have a term: as many as have the words of this stem, but not more than all."""
        if term.startswith("#"):
            number = self._stock.counts.get(term, 0)
        else:
            plain = term.removeprefix("~")
            words = self._stock.lexicon.beginning(plain[:_BEGINNING])
            number = sum(self._stock.counts[word] for word in words if stem(word) == plain)
        return min(max(number, 1), self._documents)


def _parted(every: Iterable[Group]) -> tuple[list[Group], list[str] | None]:
    """Take the claims that are asked for by name, which may be thousands, out of what must hold."""
    others: list[Group] = []
    among: list[str] | None = None
    for group in every:
        if len(group) == 1 and isinstance(group[0], Condition) and group[0].column == "id":
            named = dict.fromkeys(group[0].values)
            among = list(named) if among is None else [claim_id for claim_id in among if claim_id in named]
        else:
            others.append(group)
    return others, among


def _ranking(question: Question) -> Iterator[Words | Prefix]:
    for thing in chain.from_iterable((*question.every, *question.some)):
        if isinstance(thing, Words | Prefix):
            yield thing


def _term(term: str) -> str:
    return quoted(term.removeprefix("~"))


def _in_places(stems: tuple[str, ...], in_claim: bool) -> str:
    """Return the query for stems in a row."""
    weights = _IN_CLAIM if in_claim else _SHOWN
    return f"({' <-> '.join(f'{quoted(each)}:{weights}' for each in stems)})"


def _any(ways: Sequence[str]) -> str:
    """Return the query for any of several."""
    if len(ways) > _FLAT:
        half = len(ways) // 2
        return f"({_any(ways[:half])} | {_any(ways[half:])})"
    return f"({' | '.join(ways)})" if ways else NOTHING


def _days(first: str, last: str) -> Iterator[str]:
    """Yield the fewest beginnings such that terms from `first` to `last`, and no others, begin like one of them."""
    if first > last:
        return
    common = 0
    while common < len(first) and first[common] == last[common]:
        common += 1
    head = first[:common]
    if common == len(first) or (set(first[common:]) == {"0"} and set(last[common:]) == {"9"}):
        yield head
        return
    low, high = first[common], last[common]
    rest = len(first) - common - 1
    yield from _days(first, f"{head}{low}{'9' * rest}")
    yield from (f"{head}{digit}" for digit in map(str, range(int(low) + 1, int(high))))
    yield from _days(f"{head}{high}{'0' * rest}", last)
