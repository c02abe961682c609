"""Commit what was saved, and nothing else, with whoever saved it as author.

The commit is put together from the last one and the saved files alone, with an index of its own: what somebody has
staged stays staged and out of it. No program that a repository's settings name is run: no hooks, filters, signing,
monitors or fetches. (A save has passed the checks of `kb lint` already, which is what a hook here would run; hooks
still run when a person commits or pushes.) Where there is no branch to commit to, or a merge or rebase is under way,
nothing is committed, and the reason is given.
"""
# ruff: noqa: PLC0415  (subprocess is much to import for those who never commit)

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import GitUnavailable
from kb.store import git

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SECONDS = 20
_PAUSE = 0.1
_TRIES = 5
"""How often a commit is put together anew because somebody else was faster."""
_MOST_TEXTS = 50
"""How many former texts of a file are looked through."""
_COMMITTER = ("Caveat", "editor@caveat.invalid")
_NOBODY = "editor@caveat.invalid"
_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisection",
}
_SAFELY = (
    *("git", "--no-optional-locks", "--no-pager"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "commit.gpgSign=false"),
    *("-c", "log.showSignature=false"),
)
_NO_NAME = re.compile(r"[\x00-\x1f\x7f<>]+")


@dataclass(frozen=True, slots=True)
class Commit:
    """What came of a commit: its id, and what went wrong or why there is none, in words."""

    id: str | None
    problem: str | None


class _GitSays(Exception):
    """Git could not do it; the message is its own, on one line."""


def commit(root: Path, paths: Sequence[str], message: str, author: str, email: str | None) -> Commit:
    """Commit the files at these paths below `root` as they are on disk, and those that are gone as gone."""
    try:
        return _Repository(root).commit(paths, message, _person(author, email))
    except _GitSays as error:
        return Commit(None, str(error))


def former_texts(root: Path, path: str) -> Iterator[str]:
    """Yield the texts that a file had in its last commits, newest first; none where git cannot say."""
    try:
        logged = git.ask(root, "log", f"-n{_MOST_TEXTS}", "--no-renames", "--format=%H", "--", path)
        names = [f"{revision}:./{path}" for revision in logged.decode("ascii").split()]
        for _, content in git.objects(root, names):
            with contextlib.suppress(UnicodeDecodeError):
                yield content.decode()
    except (GitUnavailable, UnicodeError):
        return


class _NothingNew(Exception):
    """The last commit has the very same files."""


class _Repository:
    """The git work tree around a folder."""

    def __init__(self, root: Path) -> None:
        """Find it; raise `_GitSays` where there is none or it is in the middle of something."""
        found = os.fsdecode(_run(root, ("rev-parse", "--show-toplevel", "--absolute-git-dir"))).splitlines()
        self._root = root
        self._top, self._folder = (Path(line) for line in found[:2])
        for name, what in _UNDER_WAY.items():
            if (self._folder / name).exists():
                raise _GitSays(f"{what} is under way in the git repository")
        try:
            self._git("symbolic-ref", "-q", "HEAD")
        except _GitSays:
            raise _GitSays("no branch is checked out in the git repository") from None

    def commit(self, paths: Sequence[str], message: str, person: Mapping[str, str]) -> Commit:
        """Put a commit together and make it the last one of the branch; again where another came in between."""
        files = [self._inside(path) for path in paths]
        title = (message.strip() or "Save").splitlines()[0]
        for _ in range(_TRIES):
            head = self._head()
            lines = b"".join(self._line(file, head) for file in files)
            try:
                made = self._made(head, lines, message.strip() or title, person)
            except _NothingNew:
                return Commit(None, "git has this very text already")
            try:
                self._git("update-ref", "-m", f"commit: {title}", "HEAD", made, head or "0" * len(made), person=person)
            except _GitSays:
                if self._head() == head:
                    raise
                continue
            return Commit(made, self._staged(lines))
        raise _GitSays("others commit to the branch all the time")

    def _inside(self, path: str) -> str:
        """Return a file's path in the work tree; a link is followed, as a save follows it."""
        file = Path(os.path.realpath(self._root / path))
        top = Path(os.path.realpath(self._top))
        if not file.is_relative_to(top):
            raise _GitSays("the file is a link to one outside the git work tree")
        return file.relative_to(top).as_posix()

    def _head(self) -> str:
        """Return the last commit of the branch; "" where there is none yet."""
        try:
            return self._git("rev-parse", "-q", "--verify", "HEAD^{commit}")
        except _GitSays:
            return ""

    def _line(self, file: str, head: str) -> bytes:
        """Return what git's index is told of a file: mode, object and path; mode 0 for one that is gone."""
        known = self._git("ls-tree", "-z", head, "--", file) if head else ""
        path = self._top / file
        if not path.is_file():
            return f"0 {'0' * len(head)}\t{file}\0".encode() if known else b""
        if not known and self._ignores(file):
            raise _GitSays(f"git ignores {file}")
        mode = known.split(" ")[0] if known.startswith("100") else "100644"
        written = _run(self._top, ("hash-object", "-w", "--no-filters", "--stdin"), stdin=path.read_bytes())
        return f"{mode} {written.decode().strip()}\t{file}\0".encode()

    def _ignores(self, file: str) -> bool:
        try:
            self._git("check-ignore", "-q", "--", file)
        except _GitSays:
            return False
        return True

    def _made(self, head: str, lines: bytes, message: str, person: Mapping[str, str]) -> str:
        """Return a new commit of the last one's files and these; raise `_NothingNew`."""
        with tempfile.TemporaryDirectory(prefix="caveat-") as folder:
            own = self._away(folder) | {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if head:
                _run(Path(folder), ("read-tree", head), person=own)
            _run(Path(folder), ("update-index", "-z", "--index-info"), person=own, stdin=lines)
            tree = _run(Path(folder), ("write-tree",), person=own).decode().strip()
        if head and tree == self._git("rev-parse", f"{head}^{{tree}}"):
            raise _NothingNew
        parents = ("-p", head) if head else ()
        written = _run(self._top, ("commit-tree", *parents, tree), person=person, stdin=message.encode())
        return written.decode().strip()

    def _staged(self, lines: bytes) -> str | None:
        """Tell git's own index of the files, or it would take the commit for undone; return what stood in the way."""
        with tempfile.TemporaryDirectory(prefix="caveat-") as folder:
            for left in range(_TRIES, 0, -1):
                try:
                    _run(Path(folder), ("update-index", "-z", "--index-info"), person=self._away(folder), stdin=lines)
                except _GitSays as error:
                    if left == 1:
                        return f"it is committed, but git's index could not be brought up to date: {error}"
                    time.sleep(_PAUSE)
                else:
                    break
        return None

    def _away(self, folder: str) -> dict[str, str]:
        """Return the environment in which git takes an empty folder for the work tree.

        Where it writes an index, git may look at files that were changed just now, and runs their filters for it.
        """
        return {"GIT_DIR": str(self._folder), "GIT_WORK_TREE": folder}

    def _git(self, *arguments: str, person: Mapping[str, str] | None = None) -> str:
        return os.fsdecode(_run(self._top, arguments, person=person)).strip()


def _person(name: str, email: str | None) -> dict[str, str]:
    """Return the environment that tells git who wrote and who commits."""
    author = " ".join(_NO_NAME.sub(" ", name).split()).strip(".,:;\"'") or "an editor"
    address = _NO_NAME.sub("", email or "").strip() or _NOBODY
    return {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": address,
        "GIT_COMMITTER_NAME": _COMMITTER[0],
        "GIT_COMMITTER_EMAIL": _COMMITTER[1],
    }


def _run(
    folder: Path, arguments: Sequence[str], *, person: Mapping[str, str] | None = None, stdin: bytes = b""
) -> bytes:
    """Return what git prints; raise `_GitSays`."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, and no shell reads it
            [*_SAFELY, *arguments],
            cwd=folder,
            env=git.environment() | dict(person or {}),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise _GitSays("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise _GitSays(f"git took longer than {_SECONDS} seconds") from None
    except OSError as error:
        raise _GitSays(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        if "not a git repository" in said:
            raise _GitSays("the knowledge base is not in a git work tree")
        raise _GitSays(f"git says: {said.removeprefix('fatal: ')}" if said else "git could not do it")
    return done.stdout
