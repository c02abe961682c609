"""When entries changed: from git where their folder is checked out from it, else from the times of the files.

Git is asked in one call of `git log`, which is cut off when enough has been read. Wherever it cannot answer, the
files' times are used and `History.from_git` says so: a copied file knows only when it was copied.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.errors import GitUnavailable
from kb.history.base import ChangeKind
from kb.history.entry import moment
from kb.model import Status
from kb.store import git
from kb.store.kinds import Kind, kind_of_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kb.model import Caveat, Claim, KnowledgeBase

MOST_CHANGES = 300
"""How many changes a history has at most, newest first."""

_SECONDS = 10.0
"""After this long, git is stopped and counts as unable to answer."""

_LOG = (
    *("log", "--relative", *git.QUIET, "--no-show-signature", "--no-notes"),
    *("--format=%x00%H %ct %s", "--patch", "--unified=0", "--find-renames", "--src-prefix=a/", "--dst-prefix=b/"),
    *("--", "entries", "caveats"),
)
_NEVER = dt.datetime.fromtimestamp(0, dt.UTC)
_START = b"\x00"
"""Begins the line of a commit: no line of a patch can begin with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entry."""

    kind: ChangeKind
    entry_kind: str
    """`claim` or `caveat`."""
    entry_id: str
    at: dt.datetime
    revision: str
    """The commit, or the time of the file where there is no git."""
    reason: str = ""
    """The first line of the commit's message."""


@dataclass(frozen=True, slots=True)
class History:
    """The latest changes, newest first."""

    changes: tuple[Change, ...]
    from_git: bool


def history(root: Path, kb: KnowledgeBase, files: Mapping[tuple[str, str], str]) -> History:
    """Return the latest changes of claims and caveats; `files` is (kind, id) → path below `root`.

    What has not been committed yet is not in git's history.
    """
    committed = _committed(root)
    if committed:
        return History(tuple(committed), from_git=True)
    changes = sorted(_file_times(root, kb, files), key=lambda change: (-change.at.timestamp(), change.entry_id))
    return History(tuple(changes[:MOST_CHANGES]), from_git=False)


def read_patches(lines: Iterable[bytes]) -> Iterator[Change]:
    """Yield the changes that the output of `git log --patch` tells of, newest first."""
    commit = _Commit("", _NEVER, "")
    file: _File | None = None
    for line in lines:
        if line.startswith((_START, b"diff --git ")):
            if file:
                yield from file.changes(commit)
            file = None if line.startswith(_START) else _File(line)
            commit = _Commit.read(line) if line.startswith(_START) else commit
        elif file:
            file.read(line)
    if file:
        yield from file.changes(commit)


@dataclass(frozen=True, slots=True)
class _Commit:
    revision: str
    at: dt.datetime
    reason: str

    @classmethod
    def read(cls, line: bytes) -> _Commit:
        revision, seconds, reason = line[1:].decode(errors="replace").rstrip("\n").split(" ", 2)
        return cls(revision, moment(seconds), reason)


class _File:
    """What the patch of one file says about it."""

    def __init__(self, line: bytes) -> None:
        """Read the line with which the patch begins; paths with unusual characters are no entry's and stay unread."""
        paths = re.fullmatch(r"diff --git a/(\S+) b/(\S+)\n?", line.decode(errors="replace"))
        self._old, self._new = paths.groups() if paths else ("", "")
        self._kind = ChangeKind.CHANGED
        self._same = False

    def read(self, line: bytes) -> None:
        """Read one of the lines that follow. Those of the text itself begin with a plus or a minus."""
        if line.startswith(b"new file mode"):
            self._kind = ChangeKind.ADDED
        elif line.startswith(b"deleted file mode"):
            self._kind = ChangeKind.REMOVED
        elif line.startswith(b"similarity index 100%"):
            self._same = True
        elif line.rstrip() == b"+status: withdrawn":
            self._kind = ChangeKind.WITHDRAWN

    def changes(self, commit: _Commit) -> Iterator[Change]:
        """Yield the change, unless the file is no entry's or was only moved to another folder."""
        entry_kind = kind_of_path(self._new)
        entry_id, former_id = PurePosixPath(self._new).stem, PurePosixPath(self._old).stem
        if entry_kind not in {Kind.CLAIM, Kind.CAVEAT} or (self._same and entry_id == former_id):
            return
        renamed = self._kind is ChangeKind.CHANGED and entry_id != former_id
        kind = ChangeKind.RENAMED if renamed else self._kind
        yield Change(kind, str(entry_kind), entry_id, commit.at, commit.revision, commit.reason)


def _file_times(root: Path, kb: KnowledgeBase, files: Mapping[tuple[str, str], str]) -> Iterator[Change]:
    entries: Mapping[str, Mapping[str, Claim | Caveat]] = {"claim": kb.claims, "caveat": kb.caveats}
    for (kind, entry_id), path in files.items():
        entry = entries.get(kind, {}).get(entry_id)
        if entry is None:
            continue
        with contextlib.suppress(OSError):  # gone since the files were read
            at = dt.datetime.fromtimestamp(int((root / path).stat().st_mtime), dt.UTC)
            withdrawn = entry.status is Status.WITHDRAWN
            yield Change(ChangeKind.WITHDRAWN if withdrawn else ChangeKind.CHANGED, kind, entry_id, at, at.isoformat())


def _committed(root: Path) -> list[Change]:
    """Return the latest changes according to git, which is stopped when enough has been read; none if it cannot say."""
    try:
        with git.lines(root, *_LOG, seconds=_SECONDS) as lines:
            return list(islice(read_patches(lines), MOST_CHANGES))
    except GitUnavailable:
        return []
