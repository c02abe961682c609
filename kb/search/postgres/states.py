"""States of a knowledge base in PostgreSQL: which there are, and how one more comes to be.

A state is written once and never changed. Whoever writes one holds a lock, compares with the newest state there is, and
writes the rows that differ: few after a save, none where another process with the same files was faster. Who comes late
with older files makes a state of those, and takes nothing from anybody.
"""

from __future__ import annotations

import contextlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.errors import IndexUnavailable
from kb.search.analysis import analyse
from kb.search.kept import sampled
from kb.search.postgres.asking import EVERY
from kb.search.postgres.connections import GRACE
from kb.search.postgres.rows import hash_of, row, summed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import LiteralString, TypeVar

    from kb.search.answer import Corpus
    from kb.search.postgres.connections import Connection, Connections
    from kb.search.postgres.rows import Row

    Answer = TypeVar("Answer")

FORMAT = 1
"""Raise it, and `caveat.version` in `schema.sql`, when older programs could no longer use what is there."""

KEPT, KEPT_SECONDS = 5, 600.0
"""So many states stay, and those of so many seconds: other processes may still search them."""

_STATE_OF: LiteralString = "SELECT number, key, digest, documents, sample, built_at FROM caveat.state_of(%s)"
_LATEST: LiteralString = "SELECT number, key, digest, documents, sample, built_at FROM caveat.latest()"
_COUNT: LiteralString = "SELECT caveat.count(%s, %s::jsonb)"

_BATCH = 500
"""So many claims are written at a time."""

_BUILDING, _SAVING, _WAITING = 600, 30, 2
"""Seconds that a build may take or wait for another one, that a save may take, and that it waits: it may as well be
indexed aside."""

_MANY = 1_000
"""Where more rows than these were written, the planner is told."""


class State(NamedTuple):
    """A row of `caveat.state`."""

    number: int
    key: str
    digest: str
    documents: int
    sample: Mapping[str, list[str]]
    built_at: dt.datetime


class Making:
    """The rows of one state of the files, each made when it is first asked for."""

    def __init__(self, corpus: Corpus, known: Mapping[str, list[str]] | None = None) -> None:
        """Take what to make rows of, and the sample of another state that was made by this code."""
        self._corpus = corpus
        self._known = known or {}
        concepts = corpus.kb.concepts
        self._vocabulary = summed("\n".join(f"{key} {each.model_dump_json()}" for key, each in concepts.items()))
        self._rows: dict[str, Row] = {}
        self.ids = corpus.table.ids
        self.digest = corpus.digest
        self.sample = {self.ids[each]: self._sampled(self.ids[each]) for each in sampled(len(self.ids))}
        """Some claims → what their rows were made from, and their terms: other code may make other terms."""
        self.key = summed(f"{FORMAT} {self.digest} {json.dumps(self.sample)}")

    def hash(self, claim_id: str) -> str:
        """Return the hash of what a row is made from; quicker than the row, whose text has to be analysed."""
        known = self._rows.get(claim_id)
        return known.hash if known else hash_of(self._document(claim_id), self._vocabulary)

    def row(self, claim_id: str) -> Row:
        """Return the row of a claim."""
        if claim_id not in self._rows:
            document, corpus = self._document(claim_id), self._corpus
            made_from = hash_of(document, self._vocabulary)
            due = corpus.kb.claims[claim_id].review.due
            self._rows[claim_id] = row(document, analyse(document, corpus.vocabulary), due, made_from)
        return self._rows[claim_id]

    def fits(self, sample: Mapping[str, list[str]]) -> bool:
        """Tell whether rows of another state were made by code that makes these terms; not, where nothing tells."""
        here = self._corpus.kb.claims
        known = [each for each, (made_from, _) in sample.items() if each in here and self.hash(each) == made_from]
        return all(self._sampled(each) == sample[each] for each in known) and bool(known)

    def _sampled(self, claim_id: str) -> list[str]:
        known = self._known.get(claim_id)
        if known and known[0] == self.hash(claim_id):
            return known
        made = self.row(claim_id)
        return [made.hash, summed(repr(made))]

    def _document(self, claim_id: str) -> Any:
        return self._corpus.table.document(self._corpus.table.row(claim_id))


class States:
    """The states in one database."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of(self, making: Making) -> State | None:
        """Return the state of these files, if there is one; raise `IndexUnavailable`."""
        key = making.key
        found = self._connections.read(lambda connection: _of(connection, key))
        # a standby may be behind, and nothing tells how far
        return found or self._connections.write(lambda connection: _of(connection, key))

    def build(self, making: Making) -> State:
        """Return the state of these files, made first where it is not there or not whole; raise `IndexUnavailable`."""
        self._patiently(_install)
        whole = self._patiently(lambda connection: _whole(connection, making))
        if whole:
            return whole
        hashes = {claim_id: making.hash(claim_id) for claim_id in making.ids}
        for claim_id in self._patiently(lambda connection: _differing(connection, making, hashes)).put:
            making.row(claim_id)  # takes its time, and so is done before anybody has to wait
        return self._patiently(lambda connection: _built(connection, making, hashes))

    def revise(self, making: Making, base: State, anew: Collection[str]) -> State | None:
        """Return the state of files that differ from those of another state in some claims.

        `None` where it is better built. Raises `IndexUnavailable`, also where somebody else is writing for too long.
        """
        return self.of(making) or self._connections.write(lambda connection: _revised(connection, making, base, anew))

    def _patiently(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do a part of a build in one transaction, which may take minutes."""

        def done(connection: Connection) -> Answer:
            with _patient(connection, _BUILDING, _BUILDING):
                return work(connection)

        return self._connections.write(done)


class _Differing(NamedTuple):
    """What there is to write for a state."""

    put: list[str]
    gone: list[str]


def _install(connection: Connection) -> None:
    """Make tables and functions where there are none; refuse those of another version of this program."""
    connection.execute("SELECT pg_advisory_xact_lock(1667331685, 1)")
    if _one(connection, "SELECT to_regprocedure('caveat.version()') IS NULL"):
        connection.execute(resources.files(__package__).joinpath("schema.sql").read_bytes())
    _check_version(connection)


def _check_version(connection: Connection) -> None:
    version = _one(connection, "SELECT caveat.version()")
    if version != FORMAT:
        kind = "a newer" if version > FORMAT else "an older"
        made = f"{kind} version of this program (format {version}, not {FORMAT})"
        raise IndexUnavailable(f"the search index in PostgreSQL was made by {made}")


def _of(connection: Connection, key: str) -> State | None:
    _check_version(connection)
    return _state(connection.execute(_STATE_OF, (key,)).fetchone())


def _latest(connection: Connection) -> State | None:
    return _state(connection.execute(_LATEST).fetchone())


def _state(found: tuple[Any, ...] | None) -> State | None:
    return State(*found) if found else None


def _differing(connection: Connection, making: Making, hashes: Mapping[str, str]) -> _Differing:
    """Compare with the newest state: rows that other code made are all others."""
    latest = _latest(connection)
    held = _held(connection, latest) if latest else {}
    same = held if latest and making.fits(latest.sample) else {}
    put = [claim_id for claim_id, said in hashes.items() if same.get(claim_id) != said]
    return _Differing(put, [claim_id for claim_id in held if claim_id not in hashes])


def _held(connection: Connection, state: State) -> dict[str, str]:
    found: Iterable[tuple[str, str]] = connection.execute("SELECT id, hash FROM caveat.held(%s)", (state.number,))
    return dict(found)


def _whole(connection: Connection, making: Making) -> State | None:
    """Return the state of these files, if there is one that has all of its rows."""
    known = _of(connection, making.key)
    return known if known and _one(connection, _COUNT, (known.number, EVERY)) == known.documents else None


def _built(connection: Connection, making: Making, hashes: Mapping[str, str]) -> State:
    number = _one(connection, "SELECT caveat.prepare()")
    whole = _whole(connection, making)
    return whole or _written(connection, making, number, _differing(connection, making, hashes))


def _revised(connection: Connection, making: Making, base: State, anew: Collection[str]) -> State | None:
    with _patient(connection, _SAVING, _WAITING):
        number = _one(connection, "SELECT caveat.prepare()")
        known = _of(connection, making.key)
        if known:
            return known
        latest, still = _latest(connection), _of(connection, base.key)
        if latest is None or still is None or still.number != base.number:
            return None
        ids = set(anew)
        if latest.number != base.number:  # somebody else made one of other files
            if not making.fits(latest.sample):
                return None
            others = connection.execute("SELECT caveat.differing(%s, %s)", (base.number, latest.number))
            ids.update(claim_id for (claim_id,) in others)
        here = ids.intersection(making.ids)
        return _written(connection, making, number, _Differing(sorted(here), sorted(ids - here)))


def _written(connection: Connection, making: Making, number: int, differing: _Differing) -> State:
    """Write what differs, and make a state of it."""
    put = differing.put
    for start in range(0, len(put), _BATCH):
        columns = zip(*(making.row(claim_id) for claim_id in put[start : start + _BATCH]), strict=True)
        connection.execute(
            "SELECT caveat.put(%s, %s, %s, %s, %s, %s, %s::integer[], %s::integer[])",
            (number, *map(list, columns)),
        )
    if differing.gone:
        connection.execute("SELECT caveat.remove(%s, %s)", (number, differing.gone))
    made = (number, making.key, making.digest, len(making.ids), making.sample)
    built_at = _one(
        connection,
        "SELECT caveat.publish(%s, %s, %s, %s, %s::jsonb, %s, %s)",
        (*made[:4], json.dumps(making.sample), KEPT, KEPT_SECONDS),
    )
    if len(put) > _MANY:
        connection.execute("SELECT caveat.tidy()")
    return State(*made, built_at)


@contextlib.contextmanager
def _patient(connection: Connection, running: int, waiting: int) -> Iterator[None]:
    """Let the statements of a transaction take longer than a search may."""
    before, connection.patience = connection.patience, running + GRACE
    try:
        with connection.transaction():
            for setting, seconds in (("statement_timeout", running), ("lock_timeout", waiting)):
                connection.execute("SELECT set_config(%s, %s, true)", (setting, f"{seconds}s"))
            yield
    finally:
        connection.patience = before


def _one(connection: Connection, statement: LiteralString, values: Sequence[object] = ()) -> Any:
    ((found,),) = connection.execute(statement, values or None)
    return found
