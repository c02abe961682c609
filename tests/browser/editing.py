"""A server that may be written to, for the tests of editing: a made-up knowledge base in git, and people to sign in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.accounts import Accounts, Role
from kb.library import Library
from tests.on_disk import write
from tests.web.editing.entries import sound
from tests.web.shelf import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT = shutil.which("git") or "git"
ROOT = Path(__file__).parents[2]


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
        done = subprocess.run([GIT, "-C", str(self.root), *words], capture_output=True, text=True, check=True)
        return done.stdout


@contextmanager
def served(folder: Path, monkeypatch) -> Iterator[Edited]:
    """Serve a made-up knowledge base that Ada edits and Bo reviews."""
    monkeypatch.setenv("CAVEAT_HOME", str(folder / "home"))
    root = write(sound(), folder / "kb")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Begin"]):
        named = ["-c", "user.name=Cy", "-c", "user.email=cy@example.org"]
        subprocess.run([GIT, "-C", str(root), *named, *words], check=True)
    article = folder / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8", newline="\n")
    Library(root, engine="memory", cache=False).attach(article)
    accounts = Accounts.of(root)
    for name, role in (("ada", Role.EDITOR), ("bo", Role.REVIEWER)):
        accounts.users.add(name, role, "wet gravel under moonlight", display=name.capitalize())
    command = [sys.executable, "-m", "kb", "--claims", str(root), "serve", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, f"the server said {said!r}"
            yield Edited(found[0], root, accounts)
        finally:
            server.terminate()
            server.wait(timeout=20)
            accounts.close()
