"""The engine: builds and opens states in a database that any number of processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import IndexUnavailable
from kb.search.answer import Corpus
from kb.search.base import IndexInfo, no_changes
from kb.search.delegating import Delegating
from kb.search.kept import MISSING
from kb.search.postgres.connections import Connections
from kb.search.postgres.finder import PostgresFinder
from kb.search.postgres.states import Making, States

if TYPE_CHECKING:
    from kb.model import KnowledgeBase
    from kb.search.base import Changes
    from kb.search.postgres.states import State

NAME = "postgres"


class PostgresEngine:
    """Keeps nothing on this machine. One knowledge base has one database, or a schema `caveat` of its own."""

    def __init__(self, dsn: str, changed: Changes = no_changes) -> None:
        """Take the address of a database; raise `KbError` where it is none."""
        self._connections = Connections(dsn)
        self._states = States(self._connections)
        self._changed = changed

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Write the rows of this state that differ from what is there; others go on searching meanwhile."""
        return _info(self._states.build(Making(Corpus(kb))))

    def open(self, kb: KnowledgeBase) -> Delegating:
        """Open this state; raise `IndexUnavailable` where it has not been written, or by other code."""
        corpus = Corpus(kb, self._changed)
        state = self._states.of(Making(corpus))
        if state is None:
            raise IndexUnavailable(MISSING)
        return Delegating(corpus, PostgresFinder(self._connections, state, corpus.table), _info(state))

    def close(self) -> None:
        """Close the connections that nobody uses; who asks again opens others."""
        self._connections.close()


def _info(state: State) -> IndexInfo:
    return IndexInfo(NAME, state.digest, state.documents, state.built_at)
