"""Who is signed in: sessions that live here and not in a cookie, and links that work once.

A browser holds a random token of 256 bits. The database holds its SHA-256 alone, so that whoever reads the file cannot
step into a session; a plain digest is enough, since nobody can guess what is that random.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.accounts.users import Account, account_of

if TYPE_CHECKING:
    from kb.accounts.clock import Clock
    from kb.accounts.database import Database

SCHEMA = (
    """CREATE TABLE sessions (
      id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,
      user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, instance TEXT NOT NULL,
      started INTEGER NOT NULL, seen INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE once (
      digest TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, instance TEXT NOT NULL,
      expires INTEGER NOT NULL
    ) STRICT""",
)

IDLE, LONGEST = 12 * 3600, 7 * 24 * 3600
"""Seconds after which a session ends: without a request, and in any case."""
LINK = 10 * 60
"""Seconds for which a link works, unless it was used."""

_LASTS = "seen BETWEEN ? AND ? AND started BETWEEN ? AND ?"
"""With what `_span` gives. A clock that was wrong and is set back must not let a session or link last for years: one
that begins more than `IDLE` ahead has ended, and so has a link that would work longer than any does."""

_TOUCH = 60
"""Seconds between notes that a session is used: not every request has to write."""
_LONGEST_AGENT = 120


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody is signed in."""

    id: int
    account: Account
    started: int
    seen: int
    address: str
    agent: str


class Sessions:
    """The sessions in a database.

    The local editor's are bound to one run of the server (`instance`): after it they open nothing any more.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self.instance = secrets.token_hex(8)

    def start(self, account: Account, *, address: str = "", agent: str = "") -> str:
        """Begin a session and return its token; tidy away those that have ended."""
        token, now = new_token(), int(self._clock())
        with self._database.writing() as statements:
            statements.execute(f"DELETE FROM sessions WHERE NOT ({_LASTS})", _span(now))  # noqa: S608  (ours)
            statements.execute(
                "INSERT INTO sessions (digest, user, instance, started, seen, address, agent) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (_digest(token), account.id, self._bound(account), now, now, address, agent[:_LONGEST_AGENT]),
            )
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token, unless it has ended or its account is disabled."""
        row = self._database.row(
            "SELECT sessions.id AS session, started, seen, address, agent, instance, users.* "
            "FROM sessions JOIN users ON users.id = user WHERE digest = ?",
            _digest(token),
        )
        now = int(self._clock())
        if row is None or row["disabled"] or not _lasts(row["started"], row["seen"], now):
            return None
        account = account_of(row)
        if row["instance"] != self._bound(account):
            return None
        if abs(now - row["seen"]) >= _TOUCH:
            with self._database.writing() as statements:
                statements.execute("UPDATE sessions SET seen = ? WHERE id = ?", (now, row["session"]))
        return Session(row["session"], account, row["started"], row["seen"], row["address"], row["agent"])

    def of(self, account: Account) -> list[Session]:
        """Return the sessions of an account, the one used last first."""
        now = int(self._clock())
        rows = self._database.rows(
            f"SELECT * FROM sessions WHERE {_LASTS} AND user = ? AND instance = ? "  # noqa: S608  (ours)
            "ORDER BY seen DESC, id DESC",
            *_span(now),
            account.id,
            self._bound(account),
        )
        return [Session(row["id"], account, row["started"], row["seen"], row["address"], row["agent"]) for row in rows]

    def end(self, token: str) -> None:
        """End the session of a token, if it has one."""
        with self._database.writing() as statements:
            statements.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))

    def end_of(self, account: Account, session_id: int) -> bool:
        """End one session of an account; say whether it was there."""
        with self._database.writing() as statements:
            done = statements.execute("DELETE FROM sessions WHERE id = ? AND user = ?", (session_id, account.id))
            return done.rowcount > 0

    def end_all(self, account: Account) -> int:
        """End all sessions of an account, and say how many there were."""
        with self._database.writing() as statements:
            return statements.execute("DELETE FROM sessions WHERE user = ?", (account.id,)).rowcount

    def link(self, account: Account) -> str:
        """Return a token that signs in once, within `LINK` seconds."""
        token, now = new_token(), int(self._clock())
        with self._database.writing() as statements:
            statements.execute("DELETE FROM once WHERE expires NOT BETWEEN ? AND ?", (now + 1, now + LINK))
            statements.execute(
                "INSERT INTO once VALUES (?, ?, ?, ?)", (_digest(token), account.id, self._bound(account), now + LINK)
            )
        return token

    def redeem(self, token: str) -> Account | None:
        """Return whom a link is for, and let it never work again."""
        with self._database.writing() as statements:
            row = statements.execute(
                "SELECT instance, expires, users.* FROM once JOIN users ON users.id = user WHERE digest = ?",
                (_digest(token),),
            ).fetchone()
            statements.execute("DELETE FROM once WHERE digest = ?", (_digest(token),))
        now = int(self._clock())
        if row is None or row["disabled"] or not now < row["expires"] <= now + LINK:
            return None
        account = account_of(row)
        return account if row["instance"] == self._bound(account) else None

    def _bound(self, account: Account) -> str:
        return self.instance if account.local else ""


def _span(now: int) -> tuple[int, int, int, int]:
    return now - IDLE + 1, now + IDLE, now - LONGEST + 1, now + IDLE


def _lasts(started: int, seen: int, now: int) -> bool:
    seen_from, seen_to, started_from, started_to = _span(now)
    return seen_from <= seen <= seen_to and started_from <= started <= started_to


def new_token() -> str:
    """Return 256 random bits in characters that fit into addresses and cookies."""
    return secrets.token_urlsafe(32)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
