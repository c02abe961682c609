"""`Accounts`: everything about the people who work on one knowledge base, in a private folder outside it."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from typing import TYPE_CHECKING

from kb.accounts import log, saved, sessions, users
from kb.accounts.database import Database
from kb.store import places

if TYPE_CHECKING:
    from pathlib import Path

    from kb.accounts.clock import Clock

_VERSION = 1
_SECRETS = "CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
_SCHEMA = (*users.SCHEMA, *sessions.SCHEMA, *log.SCHEMA, _SECRETS)


def folder_of(root: Path) -> Path:
    """Return the private folder of the knowledge base in `root`: by its place, since anybody may edit its name."""
    place = root.resolve()
    project = place.parent.name if place.name == "claims" else place.name
    slug = re.sub(r"[^a-z0-9]+", "-", project.casefold()).strip("-")[:40] or "kb"
    return places.data_dir() / "accounts" / f"{slug}-{hashlib.sha256(str(place).encode()).hexdigest()[:12]}"


class Accounts:
    """The people of one knowledge base: who they are, who is signed in, and what they did."""

    def __init__(self, folder: Path, clock: Clock = time.time) -> None:
        """Open what is in the folder; make it where there is nothing. Raise `KbError`."""
        self.folder = folder
        self._database = Database(folder / "accounts.sqlite", _SCHEMA, _VERSION)
        self.log = log.Log(self._database, clock)
        self.users = users.Users(self._database, self.log, clock)
        self.sessions = sessions.Sessions(self._database, clock)
        self.saved = saved.SavedAudits(folder, clock)

    @classmethod
    def of(cls, root: Path) -> Accounts:
        """Open the accounts of the knowledge base in the folder `root`."""
        return cls(folder_of(root))

    def secret(self, name: str) -> str:
        """Return a random secret of this folder, the same every time."""
        with self._database.writing() as statements:
            statements.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, secrets.token_hex(32)))
            found = statements.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        return str(found["value"])

    def remove(self, name: str, *, by: str = users.COMMAND) -> int:
        """Remove an account with all that was for it alone; return how many saved audits that were."""
        audits = self.saved.delete_all(self.users.get(name))
        self.users.remove(name, by=by)
        return audits

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()
        self.saved.close()
