"""Audits that somebody keeps: what was handed in and what was found, for their own account alone.

They lie in a file of their own, and what is deleted is overwritten in it. What the two parts of an audit hold is not
looked at here: the web packs them and reads them again.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.accounts.database import Database
from kb.errors import AccountsUnavailable, EntryNotFound, SavedAuditsFull

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from kb.accounts.clock import Clock
    from kb.accounts.users import Account

MOST, MOST_BYTES = 200, 50_000_000
"""How many audits one account may keep, and how large they may be together, packed."""

_LONGEST = 120
_VERSION = 1
_SCHEMA = (
    """CREATE TABLE audits (
      id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL, title TEXT NOT NULL, saved INTEGER NOT NULL,
      digest TEXT NOT NULL, summary TEXT NOT NULL, size INTEGER NOT NULL, input BLOB NOT NULL, report BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX of_user ON audits (user, saved)",
)


@dataclass(frozen=True, slots=True)
class SavedAudit:
    """An audit that somebody keeps, without what was handed in."""

    id: int
    title: str
    saved: int
    digest: str
    """Of the knowledge base that it was audited against."""
    summary: str
    size: int


class SavedAudits:
    """The audits in a folder. Whoever asks for one that is another's is told that there is none."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._database, self._clock = Database(folder / "audits.sqlite", _SCHEMA, _VERSION), clock

    def save(self, account: Account, *, title: str, digest: str, summary: str, given: str, report: str) -> SavedAudit:
        """Keep an audit: what was handed in, and the report; raise `SavedAuditsFull`."""
        packed = [zlib.compress(text.encode("utf-8", "surrogatepass")) for text in (given, report)]
        size = sum(map(len, packed))
        with self._database.writing() as statements:
            kept = statements.execute(
                "SELECT count(*) AS number, coalesce(sum(size), 0) AS size FROM audits WHERE user = ?", (account.id,)
            ).fetchone()
            if kept["number"] >= MOST or kept["size"] + size > MOST_BYTES:
                most = f"{MOST} audits and {MOST_BYTES // 1_000_000} MB"
                message = f"an account keeps at most {most}; delete some of them first"
                raise SavedAuditsFull(message)
            done = statements.execute(
                "INSERT INTO audits (user, title, saved, digest, summary, size, input, report) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (account.id, _shortened(title), int(self._clock()), digest, summary, size, *packed),
            )
            row = statements.execute("SELECT * FROM audits WHERE id = ?", (done.lastrowid,)).fetchone()
        return _audit(row)

    def of(self, account: Account) -> list[SavedAudit]:
        """Return what an account keeps, latest first."""
        rows = self._database.rows(
            "SELECT id, title, saved, digest, summary, size FROM audits WHERE user = ? ORDER BY saved DESC, id DESC",
            account.id,
        )
        return [_audit(row) for row in rows]

    def get(self, account: Account, audit_id: int) -> tuple[SavedAudit, str, str]:
        """Return an audit, what was handed in, and the report; raise `EntryNotFound`, `AccountsUnavailable`."""
        row = self._database.row("SELECT * FROM audits WHERE id = ? AND user = ?", audit_id, account.id)
        if row is None:
            raise EntryNotFound("saved audit", str(audit_id))
        try:
            given, report = (
                zlib.decompress(row[part]).decode("utf-8", "surrogatepass") for part in ("input", "report")
            )
        except (zlib.error, TypeError, ValueError) as error:  # SQLite has no check sums of its own
            message = f"the saved audit {audit_id} is damaged and cannot be read"
            raise AccountsUnavailable(message) from error
        return _audit(row), given, report

    def rename(self, account: Account, audit_id: int, title: str) -> None:
        """Give an audit another title; raise `EntryNotFound`."""
        self._change("UPDATE audits SET title = ?3 WHERE id = ?1 AND user = ?2", account, audit_id, _shortened(title))

    def delete(self, account: Account, audit_id: int) -> None:
        """Delete an audit: its bytes are overwritten in the file; raise `EntryNotFound`."""
        self._change("DELETE FROM audits WHERE id = ?1 AND user = ?2", account, audit_id)

    def delete_all(self, account: Account) -> int:
        """Delete everything that an account keeps, and say how many audits that were."""
        with self._database.writing() as statements:
            return statements.execute("DELETE FROM audits WHERE user = ?", (account.id,)).rowcount

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _change(self, statement: str, account: Account, audit_id: int, *values: str) -> None:
        with self._database.writing() as statements:
            if not statements.execute(statement, (audit_id, account.id, *values)).rowcount:
                raise EntryNotFound("saved audit", str(audit_id))


def _audit(row: sqlite3.Row) -> SavedAudit:
    return SavedAudit(row["id"], row["title"], row["saved"], row["digest"], row["summary"], row["size"])


def _shortened(title: str) -> str:
    return " ".join(title.split())[:_LONGEST] or "Untitled"
