"""A server that may be written to, for the tests of editing: a made-up knowledge base in git, and people to sign in."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.accounts import Accounts, Role, passwords
from kb.library import Library
from tests.accounts.people import CHEAP
from tests.browser.serving import kb_serve
from tests.editing.repository import git, repository
from tests.on_disk import write
from tests.web.editing.entries import sound
from tests.web.shelf import attach_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Edited:
    """The server, and what the tests ask of what is behind it."""

    address: str
    root: Path
    accounts: Accounts

    def session(self, name: str) -> dict[str, str]:
        """Return the cookie of somebody who is signed in."""
        port = self.address.rpartition(":")[2]
        token = self.accounts.sessions.start(self.accounts.users.get(name))
        return {"name": f"caveat-{port}", "value": token, "url": self.address}

    def text(self, path: str) -> str:
        """Return a file of the knowledge base."""
        return (self.root / path).read_text(encoding="utf-8")

    def git(self, *words: str) -> str:
        """Ask git about the knowledge base."""
        return git(self.root, *words)


@contextmanager
def served(folder: Path, monkeypatch) -> Iterator[Edited]:
    """Serve a made-up knowledge base that Ada edits and Bo reviews."""
    monkeypatch.setenv("CAVEAT_HOME", str(folder / "home"))
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    root = write(sound(), folder / "kb")
    repository(root)
    attach_article(Library(root, engine="memory", cache=False), folder)
    accounts = Accounts.of(root)
    for name, role in (("ada", Role.EDITOR), ("bo", Role.REVIEWER)):
        accounts.users.add(name, role, "wet gravel under moonlight", display=name.capitalize())
    with closing(accounts), kb_serve(root, folder / "home") as (address, _):
        yield Edited(address, root, accounts)
