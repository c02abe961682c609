"""Connections to PostgreSQL: reads to a standby where there is one, writes to the primary, opened anew when they break.

The address may name several servers (`host=a,b`). Which of them is the primary is asked of the servers themselves each
time a connection is opened, so after a failover the next attempt finds the new one. A server that hangs, and so does
not even say that it takes too long, is waited for a little longer than it may take, and then left alone for a moment.
Nothing that is raised or logged has the password in it.
"""

from __future__ import annotations

import contextlib
import time
import weakref
from collections import deque
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ConnectionTimeout

from kb.errors import IndexUnavailable, IndexUnreachable, KbError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg.abc import RV, PQGen

Answer = TypeVar("Answer")

MISSING = "CV001"
"""What the functions of the schema end with where a server does not have a state."""

PATIENCE = 1.0
"""Seconds in which a standby may come to have a state; after that the primary is asked."""

TIMEOUT = 5.0
"""Seconds that a search may take."""

GRACE = 1.0
"""Seconds that a server which has taken too long may take to say so."""

REST = 2.0
"""Seconds for which nobody waits for servers that have just let somebody wait in vain."""

_READ, _WRITE = "prefer-standby", "read-write"
_LOOK_EVERY = 0.02
_IDLE, _OLDEST = 8, 600.0
"""How many connections stay open when nobody uses them, and for how many seconds: a standby that is back is found."""

_DEFAULTS = {
    "application_name": "caveat",
    "connect_timeout": "2",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
"""Unless the address says otherwise: a machine that is gone is noticed within seconds, not hours."""

_SETTINGS = "-c jit=off -c random_page_cost=1.1"
"""For answers in milliseconds, from an index that mostly is in memory."""

_AGAIN = {"25006", "40001", "57P01", "57P02", "57P03"}
"""Errors that say to ask another server, or again: it can only be read, replaced a row, shuts down, starts."""

_ABSENT = {"3F000", "42883", "42P01"}
"""Errors that say that there is no such schema, function or table."""


class _Behind(IndexUnavailable):
    """A standby does not have something yet."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection over which no answer is waited for without end."""

    patience: float = inf
    """Seconds in which something must come; longer than the server lets a statement take."""

    def wait(self, gen: PQGen[RV], *arguments: Any, **named: Any) -> RV:
        """Wait for an answer; raise `OperationalError` where for too long nothing has come."""
        return super().wait(_in_time(gen, self.patience), *arguments, **named)


def _timeout(connection: Connection) -> float:
    """Return how long a statement may take, in seconds: the address may say otherwise than we do."""
    asked = connection.execute("SELECT setting::integer FROM pg_settings WHERE name = 'statement_timeout'")
    ((milliseconds,),) = asked
    return milliseconds / 1_000 if milliseconds else inf


def _in_time(gen: PQGen[RV], patience: float) -> PQGen[RV]:
    """Go on with what waits for an answer (it is woken every tenth of a second) until nothing has come for too long."""
    ends = time.monotonic() + patience
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready:
                ends = time.monotonic() + patience
            elif time.monotonic() > ends:
                raise psycopg.OperationalError(f"it has not answered for {patience:g} s")
            wanted = gen.send(ready)
    except StopIteration as done:
        answer: RV = done.value
        return answer


class Connections:
    """The connections of one process to one address. Threads may share it; each has a connection while it asks."""

    def __init__(self, dsn: str) -> None:
        """Take an address as libpq reads it, `postgresql://…` or `host=…`; raise `KbError` where it is none."""
        try:
            given = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
        except psycopg.Error:
            # what libpq says of it may quote a piece of the password
            said = "the address of PostgreSQL (--dsn, CAVEAT_DSN) is neither postgresql://… nor host=…"
            raise KbError(said) from None
        self._secret = given.get("password", "")
        settings = f"-c statement_timeout={TIMEOUT:g}s {_SETTINGS}"
        self._options = {**_DEFAULTS, **given, "options": f"{settings} {given.get('options', '')}".strip()}
        self._idle: dict[str, deque[tuple[float, Connection]]] = {_READ: deque(), _WRITE: deque()}
        self._hung = (0.0, "")
        """Until when nobody waits for the servers, and what was wrong."""
        weakref.finalize(self, _close, self._idle)

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Let a standby do some reading, or the primary where none is or it stays behind; raise `IndexUnavailable`."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                return self._run(_READ, work)
            except _Behind:
                time.sleep(_LOOK_EVERY)
        return self.write(work)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Let the primary do something that may be done twice; raise `IndexUnavailable`."""
        return self._run(_WRITE, work)

    def close(self) -> None:
        """Close what nobody uses; who asks again opens another."""
        _close(self._idle)

    def _run(self, role: str, work: Callable[[Connection], Answer]) -> Answer:
        """Do some work; once more, over a connection of its own, where the first was broken or to the wrong server."""
        try:
            with self._lent(role) as connection:
                return work(connection)
        except psycopg.Error as error:
            if not _broken(error):
                raise self._in_words(error) from None
        self.close()
        try:
            with self._lent(role) as connection:
                return work(connection)
        except psycopg.Error as error:
            raise self._in_words(error) from None

    @contextlib.contextmanager
    def _lent(self, role: str) -> Iterator[Connection]:
        opened, connection = self._idle_one(role) or (time.monotonic(), self._opened(role))
        try:
            yield connection
        except psycopg.Error as error:
            lacking = error.sqlstate in {MISSING, *_ABSENT}
            if lacking and connection.info.parameter_status("in_hot_standby") == "on":
                self._back(role, opened, connection)
                raise _Behind(str(error)) from None
            if _broken(error) or error.sqlstate is None:
                connection.close()
            else:
                self._back(role, opened, connection)
            raise
        except BaseException:
            connection.close()
            raise
        self._back(role, opened, connection)

    def _idle_one(self, role: str) -> tuple[float, Connection] | None:
        idle = self._idle[role]
        while True:
            try:
                opened, connection = idle.pop()
            except IndexError:
                return None
            if not connection.closed and time.monotonic() - opened < _OLDEST:
                return opened, connection
            connection.close()

    def _back(self, role: str, opened: float, connection: Connection) -> None:
        if connection.closed or len(self._idle[role]) >= _IDLE:
            connection.close()
        else:
            self._idle[role].append((opened, connection))

    def _opened(self, role: str) -> Connection:
        options: dict[str, Any] = {**self._options, "target_session_attrs": role}
        until, said = self._hung
        if time.monotonic() < until:
            raise IndexUnreachable(said)
        try:
            opened = Connection.connect(**options, autocommit=True)
            opened.patience = TIMEOUT + GRACE
            opened.patience = _timeout(opened) + GRACE
        except psycopg.Error as error:
            told = self._in_words(error)
            if isinstance(error, ConnectionTimeout):
                self._hung = time.monotonic() + REST, str(told)
            raise told from None
        return opened

    def _in_words(self, error: psycopg.Error) -> IndexUnavailable:
        """Say what went wrong for the person at the keyboard."""
        said = " ".join((error.diag.message_primary or str(error)).split())
        if self._secret:
            said = said.replace(self._secret, "…")
        if error.sqlstate == MISSING:
            return IndexUnavailable("this state of the search index has been cleared away in PostgreSQL")
        if error.sqlstate in _ABSENT:
            return IndexUnavailable("no search index has been built in this database of PostgreSQL")
        if _of_a_part(error):
            return IndexUnavailable(f"a part of the search index does not answer ({said})")
        if isinstance(error, psycopg.errors.QueryCanceled):
            return IndexUnavailable(f"PostgreSQL took too long ({said})")
        if error.sqlstate is None:
            return IndexUnreachable(f"PostgreSQL cannot be reached ({said})")
        return IndexUnavailable(f"PostgreSQL refuses ({said})")


def _broken(error: psycopg.Error) -> bool:
    """Tell whether another connection may do better: this one is gone, or leads to a server that cannot do it now."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate in _AGAIN or error.sqlstate.startswith("08") or _of_a_part(error)


def _of_a_part(error: psycopg.Error) -> bool:
    """Tell whether one of several servers behind the one that was asked does not answer (`shards.sql`)."""
    return error.sqlstate == "XX000" and (error.diag.message_primary or "").startswith("PL/Proxy")


def _close(idle: dict[str, deque[tuple[float, Connection]]]) -> None:
    for connections in idle.values():
        while connections:
            with contextlib.suppress(IndexError, psycopg.Error):
                connections.pop()[1].close()
