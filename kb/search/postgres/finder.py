"""What searches one state: it asks the functions of the schema, and remembers what it was told."""

from __future__ import annotations

import contextlib
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from kb.errors import IndexUnavailable
from kb.search.documents import Chosen
from kb.search.lexicon import Lexicon
from kb.search.postgres.asking import Asking
from kb.search.postgres.states import Making, States
from kb.search.question import Found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import LiteralString

    from kb.search.answer import Corpus
    from kb.search.documents import Table
    from kb.search.postgres.connections import Connections
    from kb.search.postgres.states import State
    from kb.search.question import Question

_REMEMBERED = 256
"""How many answers stay at hand: a state never changes."""

_Known = tuple[int, "Mapping[str, int]"]
"""The number of a state, and the words and concepts of it."""

_FIND: LiteralString = "SELECT id, score, total FROM caveat.find(%s, %s::jsonb, %s, %s)"
_COUNT: LiteralString = "SELECT caveat.count(%s, %s::jsonb)"
_IDS: LiteralString = "SELECT caveat.ids(%s, %s::jsonb)"
_WORDS: LiteralString = "SELECT word, number FROM caveat.words(%s, %s)"


class PostgresFinder:
    """Searches one state. Threads may share it."""

    def __init__(
        self, connections: Connections, state: State, table: Table, before: PostgresFinder | None = None
    ) -> None:
        """Take where to ask and what, the claims' values, and a finder of an earlier state that may know most words."""
        self.state = state
        self._connections = connections
        self._table = table
        self._stock = _Stock(connections, state, before.known if before else None)
        self._asking = Asking(self._stock, state.documents)
        self._asked = lru_cache(maxsize=_REMEMBERED)(self._rows)

    def find(self, question: Question, sort: str, number: int) -> Found:
        """Return the first claims in an order, equal ones by id."""
        if number < 1:
            return Found((), self.count(question))
        asking = self._asking.of(question, ranked=sort == "relevance")
        rows = self._asked(_FIND, asking, sort, number)
        return Found(tuple((claim_id, score) for claim_id, score, _ in rows), sum(total for *_, total in rows))

    def count(self, question: Question) -> int:
        """Return how many claims are found."""
        ((number,),) = self._asked(_COUNT, self._asking.of(question, ranked=False))
        return int(number)

    def facets(self, question: Question, names: tuple[str, ...]) -> dict[str, dict[str, int]]:
        """Return facet → value → how many of the claims found have it; most frequent first, then by value."""
        found = self._asked(_IDS, self._asking.of(question, ranked=False))
        row = self._table.rows
        chosen = Chosen([row[claim_id] for (ids,) in found for claim_id in ids.split()])
        return {name: self._table.counts(name, chosen) for name in names}

    def words(self) -> Mapping[str, int]:
        """Return the words as they stand in the entries, each with the number of claims that have it."""
        return self._stock.lexicon.counts

    def reach(self) -> None:
        """Raise `IndexUnavailable` where no server answers now."""
        self._connections.read(lambda connection: connection.execute("SELECT 1"))

    def close(self) -> None:
        """Close what connections nobody uses."""
        self._connections.close()

    def revised(self, corpus: Corpus, anew: frozenset[str]) -> PostgresFinder | None:
        """Return what finds in another state, which is written first unless another process has done so."""
        state = States(self._connections).revise(Making(corpus, self.state.sample), self.state, anew)
        return PostgresFinder(self._connections, state, corpus.table, self) if state else None

    @property
    def known(self) -> _Known | None:
        """The words of this state as far as they are at hand, or those of an earlier one."""
        return self._stock.known

    @property
    def worn(self) -> bool:
        """Never: a state that came by few changes is as good as one that was built."""
        return False

    def _rows(self, statement: LiteralString, question: str, *values: Any) -> tuple[tuple[Any, ...], ...]:
        asked = (self.state.number, question, *values)
        return self._connections.read(lambda connection: tuple(connection.execute(statement, asked)))


class _Stock:
    """The words and concepts of one state with the numbers of claims that have them, read when they are asked for."""

    def __init__(self, connections: Connections, state: State, known: _Known | None) -> None:
        self._connections = connections
        self._number = state.number
        self._before = known

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Word → how many claims have it; concepts by their terms."""
        if self._before and self._before[0] <= self._number:
            with contextlib.suppress(IndexUnavailable):  # that state may be gone
                return _added(self._before[1], self._read(self._before[0]))
        return _added({}, self._read(0))

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words alone."""
        return Lexicon({word: number for word, number in self.counts.items() if not word.startswith("#")})

    @property
    def known(self) -> _Known | None:
        """What a later state may start from."""
        return (self._number, self.counts) if "counts" in self.__dict__ else self._before

    def _read(self, after: int) -> dict[str, int]:
        return self._connections.read(lambda connection: dict(connection.execute(_WORDS, (self._number, after))))


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    added = dict(counts)
    for word, number in more.items():
        added[word] = added.get(word, 0) + number
        if added[word] < 1:
            del added[word]
    return added
