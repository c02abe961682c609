"""Who did what: a log that is only ever added to.

The database refuses to change or delete a record, and each record carries the digest of the one before it, so that one
that was changed behind the database's back no longer fits. Somebody who owns the file can still write all of it anew;
that shows where the last digest was noted elsewhere (`kb log --verify --contains DIGEST`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.accounts.clock import written

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from kb.accounts.clock import Clock
    from kb.accounts.database import Database

SCHEMA = (
    """CREATE TABLE log (
      number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
      kind TEXT NOT NULL, entry TEXT NOT NULL, revision TEXT NOT NULL, git TEXT NOT NULL, address TEXT NOT NULL,
      note TEXT NOT NULL, digest TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END""",
    """CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END""",
)

_FIELDS = ("number", "at", "who", "what", "kind", "entry", "revision", "git", "address", "note")
_LONGEST = 300
_AT_ONCE = 1_000
_START = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Something that somebody did."""

    number: int
    at: str
    who: str
    """Name of the account; "" where nobody was signed in, `kb` for the command line."""
    what: str
    kind: str = ""
    entry: str = ""
    """Id of the entry, or name of the account, that it was done to."""
    revision: str = ""
    git: str = ""
    """Commit that holds it."""
    address: str = ""
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole log found."""

    records: int
    last: str
    """Digest of the last record, which stands for all of them."""
    problem: str
    """What does not fit; "" where all does."""


class Log:
    """The log in a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add(
        self,
        who: str,
        what: str,
        *,
        kind: str = "",
        entry: str = "",
        revision: str = "",
        git: str = "",
        address: str = "",
        note: str = "",
    ) -> None:
        """Add a record of what was done just now."""
        with self._database.writing() as statements:
            self.add_within(
                statements, who, what, kind=kind, entry=entry, revision=revision, git=git, address=address, note=note
            )

    def add_within(self, statements: sqlite3.Connection, who: str, what: str, **about: str) -> None:
        """Add a record together with what it tells of."""
        last = statements.execute("SELECT number, digest FROM log ORDER BY number DESC LIMIT 1").fetchone()
        values: dict[str, str | int] = dict.fromkeys(_FIELDS, "")
        values |= {name: text[:_LONGEST] for name, text in about.items()}
        values |= {"number": last["number"] + 1 if last else 1, "at": written(self._clock()), "who": who, "what": what}
        row = tuple(values[name] for name in _FIELDS)
        digest = _digest(last["digest"] if last else _START, row)
        statements.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, digest))

    def latest(self, most: int = 100, before: int | None = None, *, who: str = "") -> list[Record]:
        """Return the latest records, newest first; with `before`, of those with smaller numbers."""
        rows = self._database.rows(
            "SELECT * FROM log WHERE (?1 IS NULL OR number < ?1) AND (?2 = '' OR who = ?2) "
            "ORDER BY number DESC LIMIT ?3",
            before,
            who,
            most,
        )
        return [Record(**dict(row)) for row in rows]

    def all(self) -> Iterator[Record]:
        """Yield every record, oldest first, without holding up who adds to them."""
        last = 0
        while rows := self._database.rows("SELECT * FROM log WHERE number > ? ORDER BY number LIMIT ?", last, _AT_ONCE):
            yield from (Record(**dict(row)) for row in rows)
            last = rows[-1]["number"]

    def verify(self, contains: str = "") -> Verified:
        """Look through the whole log; with `contains`, also for the record with a digest that was noted elsewhere."""
        digest, records, seen = _START, 0, not contains
        for record in self.all():
            records += 1
            expected = _digest(digest, tuple(getattr(record, name) for name in _FIELDS))
            if record.number != records or record.digest != expected:
                return Verified(records, digest, f"record {records} is not the one that was written")
            digest = record.digest
            seen = seen or digest == contains
        counted = self._database.row("SELECT seq FROM sqlite_sequence WHERE name = 'log'")
        if counted and counted["seq"] != records:
            return Verified(records, digest, f"there are {records} records, and {counted['seq']} were written")
        return Verified(records, digest, "" if seen else "no record has the digest that was noted")


def _digest(before: str, row: tuple[object, ...]) -> str:
    content = json.dumps([before, *row], ensure_ascii=False, default=repr)  # a damaged file may hold bytes
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
