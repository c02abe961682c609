"""Databases of PostgreSQL for one run: each knowledge base needs one of its own, and what people keep is left alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_PREFIX = "caveat_bench_"


class Databases:
    """Makes databases on the server that an address leads to, and drops them."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._made: set[str] = set()

    def anew(self, name: str) -> str:
        """Return the address of an empty database of this name; one of an earlier run is dropped."""
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - an extra, needed where there is a server alone

        with self._administrator() as connection:
            _drop(connection, name)
            connection.execute(f"CREATE DATABASE {_PREFIX}{name}")
        self._made.add(name)
        return make_conninfo(self._dsn, dbname=f"{_PREFIX}{name}")

    def drop(self) -> None:
        """Leave the server as it was."""
        with self._administrator() as connection:
            for name in self._made:
                _drop(connection, name)
        self._made.clear()

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection]:
        import psycopg  # noqa: PLC0415 - as above

        with psycopg.connect(self._dsn, autocommit=True) as connection:
            yield connection


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(f"DROP DATABASE IF EXISTS {_PREFIX}{name} WITH (FORCE)")
