"""A private SQLite file: only its owner can read it, git never sees it, and what is deleted is overwritten."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kb.errors import AccountsUnavailable, KbError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600
_WAIT = 10.0
"""Seconds to wait for another program, such as `kb user`, that is writing."""


class Database:
    """One connection to one file, used by one thread at a time: every statement here takes microseconds."""

    def __init__(self, path: Path, schema: Sequence[str], version: int) -> None:
        """Open the file, or make it with this schema; raise `KbError` where it is not ours or not of this version."""
        self.path = path
        self._lock = threading.RLock()
        try:
            _make_private(path)
            self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            for pragma in ("foreign_keys = ON", "secure_delete = ON", "synchronous = FULL", "trusted_schema = OFF"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._prepare(schema, version)
        except (OSError, sqlite3.Error, UnicodeError, AccountsUnavailable) as error:
            message = f"{path} cannot be opened: {error.__cause__ or error}"
            raise KbError(message) from error

    def _prepare(self, schema: Sequence[str], version: int) -> None:
        with self.writing() as statements:
            found = statements.execute("PRAGMA user_version").fetchone()[0]
            if found == 0:
                for statement in schema:
                    statements.execute(statement)
                statements.execute(f"PRAGMA user_version = {version:d}")
            elif found != version:
                message = f"{self.path} was written by another version of this program ({found}, not {version})"
                raise KbError(message)
            else:
                there = {_bare(row["sql"]) for row in statements.execute("SELECT sql FROM sqlite_master")}
                if not there.issuperset(map(_bare, schema)):
                    message = f"{self.path} is damaged: its tables are not those of this program"
                    raise KbError(message)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for statements that read; raise `AccountsUnavailable` where the file cannot be."""
        with self._lock, self._in_words():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for statements that take effect together or not at all; raise `AccountsUnavailable`."""
        with self._lock, self._in_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite has undone it already where the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say what is wrong with the file. A statement that breaks a rule of the schema is for whoever made it."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except (sqlite3.Error, UnicodeError) as error:  # the latter where a message quotes what is damaged
            message = f"{self.path.name} cannot be read or written: {error}"
            raise AccountsUnavailable(message) from error

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows of a statement that reads."""
        with self.reading() as statements:
            return statements.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a statement that reads."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _bare(statement: str | None) -> str:
    """Return a statement of a schema without its layout."""
    return "".join((statement or "").split())


def _make_private(path: Path) -> None:
    """Make the file where there is none, and take it from everybody but its owner either way."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER)
    path.parent.chmod(_FOLDER)
    ignore = path.parent / ".gitignore"
    if not ignore.exists():  # should somebody keep their data below a git work tree, git passes this by
        ignore.write_text("*\n", encoding="utf-8")
    # Made with its mode, not narrowed afterwards: there is no moment at which others could open it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE))
    path.chmod(_FILE)
