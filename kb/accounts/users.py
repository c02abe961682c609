"""Who has an account, and whether a password is theirs."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.accounts import passwords
from kb.accounts.roles import Role
from kb.errors import AccountRefused, AccountsUnavailable, EntryExists, EntryNotFound

if TYPE_CHECKING:
    from kb.accounts.clock import Clock
    from kb.accounts.database import Database
    from kb.accounts.log import Log

SCHEMA = (
    """CREATE TABLE users (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, display TEXT NOT NULL,
      shown_as TEXT NOT NULL UNIQUE, email TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
      disabled INTEGER NOT NULL DEFAULT 0, local INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL
    ) STRICT""",
)

LOCAL = "local"
"""Name of the account of whoever works on this machine with `kb serve --edit`; it has no password."""
COMMAND = "kb"
"""Who it was, in the log, where somebody used the command line."""

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_EMAIL = re.compile(r"[^@\s<>\x00-\x1f]{1,64}@[^@\s<>\x00-\x1f]{1,180}")
_LONGEST_DISPLAY = 80


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may do more than read."""

    id: int
    """Never given to another one, not even after this one is removed."""
    name: str
    display: str
    """As it stands in entries and in git; no two accounts share one, or approving would mean nothing."""
    email: str | None
    role: Role
    disabled: bool = False
    local: bool = False
    added: int = 0


class Users:
    """The accounts in a database. Whatever changes one also ends its sessions where it must, and is in the log."""

    def __init__(self, database: Database, log: Log, clock: Clock) -> None:
        self._database, self._log, self._clock = database, log, clock

    def add(
        self,
        name: str,
        role: Role,
        password: str,
        *,
        display: str = "",
        email: str = "",
        by: str = COMMAND,
    ) -> Account:
        """Add an account; raise `EntryExists`, `AccountRefused`."""
        if not _NAME.fullmatch(name) or name in {LOCAL, COMMAND}:
            message = f"{name!r:.60} cannot be a name: 2 to 40 of a-z, 0-9, dot, hyphen and underscore, a letter first"
            raise AccountRefused(message)
        display = checked_display(display or name)
        if email and not _EMAIL.fullmatch(email):
            message = f"{email!r:.80} is no e-mail address"
            raise AccountRefused(message)
        kept = passwords.hashed(passwords.check_new(password, name, display, email))
        try:
            with self._database.writing() as statements:
                self._refuse_taken(statements, name, display)
                statements.execute(
                    "INSERT INTO users (name, display, shown_as, email, role, password, added) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (name, display, display.casefold(), email, role.value, kept, int(self._clock())),
                )
                self._log.add_within(statements, by, "added", kind="account", entry=name, note=role.value)
        except sqlite3.IntegrityError as error:  # another program was faster
            raise EntryExists(f"there is an account {name!r} already") from error
        return self.get(name)

    def get(self, name: str) -> Account:
        """Return the account of this name; raise `EntryNotFound`."""
        row = self._database.row("SELECT * FROM users WHERE name = ? AND local = 0", name)
        if row is None:
            raise EntryNotFound("account", name)
        return account_of(row)

    def all(self) -> list[Account]:
        """Return all accounts by name, without that of the local editor."""
        return [account_of(row) for row in self._database.rows("SELECT * FROM users WHERE local = 0 ORDER BY name")]

    def any(self) -> bool:
        """Say whether there is an account with which somebody could sign in."""
        return self._database.row("SELECT 1 FROM users WHERE local = 0 LIMIT 1") is not None

    def check(self, name: str, password: str) -> Account | None:
        """Return the account if the password is its own and it is not disabled. All refusals take as long."""
        row = self._database.row("SELECT * FROM users WHERE name = ? AND local = 0", name)
        right = passwords.fits(password, row["password"] if row else None)
        if row is None or not right or row["disabled"]:
            return None
        if passwords.outdated(row["password"]):
            fresh = passwords.hashed(unicodedata.normalize("NFC", password))
            with self._database.writing() as statements:
                statements.execute(
                    "UPDATE users SET password = ? WHERE id = ? AND password = ?", (fresh, row["id"], row["password"])
                )
        return account_of(row)

    def set_password(self, name: str, password: str, *, by: str = COMMAND) -> None:
        """Give an account another password, which ends all its sessions; raise `AccountRefused`."""
        account = self.get(name)
        kept = passwords.hashed(passwords.check_new(password, name, account.display, account.email or ""))
        self._change(account, "changed password of", by, "password = ?", kept, ends_sessions=True)

    def set_role(self, name: str, role: Role, *, by: str = COMMAND) -> None:
        """Give an account another role, from its next request on."""
        self._change(self.get(name), "changed role of", by, "role = ?", role.value, note=role.value)

    def disable(self, name: str, *, by: str = COMMAND) -> None:
        """Let nobody sign in with an account, and end its sessions."""
        self._change(self.get(name), "disabled", by, "disabled = ?", 1, ends_sessions=True)

    def enable(self, name: str, *, by: str = COMMAND) -> None:
        """Let a disabled account be used again."""
        self._change(self.get(name), "enabled", by, "disabled = ?", 0)

    def remove(self, name: str, *, by: str = COMMAND) -> Account:
        """Remove an account and its sessions; its name stays in entries, in git and in the log."""
        account = self.get(name)
        with self._database.writing() as statements:
            statements.execute("DELETE FROM users WHERE id = ?", (account.id,))
            self._log.add_within(statements, by, "removed", kind="account", entry=name)
        return account

    def local(self, display: str, email: str | None) -> Account:
        """Return the account of whoever works on this machine, under the name that they go by."""
        with self._database.writing() as statements:
            taken = "SELECT 1 FROM users WHERE local = 0 AND (shown_as = ?1 OR name = ?1)"
            shown = _shortened(display) or LOCAL
            if statements.execute(taken, (shown.casefold(),)).fetchone():
                shown = f"{shown} ({LOCAL})"
            statements.execute(
                "INSERT INTO users (name, display, shown_as, email, role, password, local, added) "
                "VALUES (?1, ?2, ?3, ?4, ?5, '', 1, ?6) "
                "ON CONFLICT (name) DO UPDATE SET display = ?2, shown_as = ?3, email = ?4",
                (LOCAL, shown, shown.casefold(), email or "", Role.ADMIN.value, int(self._clock())),
            )
            row = statements.execute("SELECT * FROM users WHERE name = ?", (LOCAL,)).fetchone()
        return account_of(row)

    def _change(
        self,
        account: Account,
        what: str,
        by: str,
        change: str,
        value: str | int,
        *,
        note: str = "",
        ends_sessions: bool = False,
    ) -> None:
        with self._database.writing() as statements:
            statements.execute(f"UPDATE users SET {change} WHERE id = ?", (value, account.id))  # noqa: S608  (`change` is ours)
            if ends_sessions:
                statements.execute("DELETE FROM sessions WHERE user = ?", (account.id,))
                statements.execute("DELETE FROM once WHERE user = ?", (account.id,))
            self._log.add_within(statements, by, what, kind="account", entry=account.name, note=note)

    @staticmethod
    def _refuse_taken(statements: sqlite3.Connection, name: str, display: str) -> None:
        for row in statements.execute("SELECT name, shown_as FROM users"):
            if row["name"] == name:
                raise EntryExists(f"there is an account {name!r} already")
            if {row["name"], row["shown_as"]} & {name, display.casefold()}:
                raise EntryExists(f"another account is shown as {display!r} already; no two may look alike")


def account_of(row: sqlite3.Row) -> Account:
    """Return the account in a row of the table; raise `AccountsUnavailable` for a role that there is none of."""
    try:
        role = Role(row["role"])
    except ValueError as error:
        message = f"the account {row['name']!r:.60} is damaged: it has the role {row['role']!r:.60}"
        raise AccountsUnavailable(message) from error
    return Account(
        row["id"],
        row["name"],
        row["display"],
        row["email"] or None,
        role,
        bool(row["disabled"]),
        bool(row["local"]),
        row["added"],
    )


def checked_display(display: str) -> str:
    """Return the name that an account is shown by, fit for a line of a git commit; raise `AccountRefused`."""
    found = _shortened(display)
    if not found or found != unicodedata.normalize("NFC", " ".join(display.split())):
        message = (
            f"{display!r:.100} cannot be shown as a name: letters and signs other than <>, {_LONGEST_DISPLAY} at most"
        )
        raise AccountRefused(message)
    return found


def _shortened(display: str) -> str:
    folded = unicodedata.normalize("NFC", " ".join(display.split()))
    return "".join(c for c in folded if c not in "<>" and unicodedata.category(c)[0] != "C")[:_LONGEST_DISPLAY].strip()
