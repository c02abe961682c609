"""The history of one entry, field by field: all its commits, through renames, newest first."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kb.errors import GitUnavailable
from kb.history.base import ChangeKind, EntryHistory, Event
from kb.history.differing import differences
from kb.history.reading import COLLECTIONS, entries_of, part_of
from kb.store import git
from kb.store.kinds import kind_of_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_EVENTS = 500
"""How many commits are looked at, newest first."""

_START, _PART = "\x00", "\x1f"
_LOG = (
    "log",
    "--relative",
    *git.QUIET,
    "--no-show-signature",
    "--no-notes",
    "--raw",
    "--no-abbrev",
    "--find-renames=40%",
)
_FORMAT = f"--format=%x00%H{_PART}%ct{_PART}%an{_PART}%s"
_RAW = re.compile(r":\d+ \d+ (?P<old>[0-9a-f]+) (?P<new>[0-9a-f]+) (?P<status>[A-Z])\d*\t(?P<paths>.+)")
_WHOLE = frozenset({"theme", "kb"})
"""Kinds whose file is small, and not a list of entries by id."""

_FOLDERS: Mapping[str, str] = {"claim": "entries", "caveat": "caveats", "source": "sources"}


@dataclass(frozen=True, slots=True)
class _Step:
    """What one commit did to the file."""

    revision: str
    at: dt.datetime
    author: str
    message: str
    old: str
    new: str
    old_path: str
    new_path: str


def entry_history(root: Path, entry_kind: str, entry_id: str, path: str | None) -> EntryHistory:
    """Return the history of an entry in the file `path` below `root`; of one that is gone, with `path` as `None`.

    Without git the history is empty, and `problem` says why.
    """
    shared = COLLECTIONS.get(entry_kind)
    try:
        path = shared or path or _last_path(root, entry_kind, entry_id)
        if path is None:
            return EntryHistory((), "nothing of this id was ever committed")
        follow = () if shared else ("--follow",)
        with git.lines(root, *_LOG, _FORMAT, *follow, "--", path) as lines:
            steps = list(islice(_steps(lines), MOST_EVENTS))
        texts = git.contents(root, (one for step in steps for one in (step.old, step.new) if one.strip("0")))
    except GitUnavailable as error:
        return EntryHistory((), str(error))
    events = tuple(_events(steps, texts, entry_kind, entry_id if shared else None))
    return EntryHistory(events, "" if events else "it has not been committed yet")


def moment(seconds: str) -> dt.datetime:
    """Return the time of a commit; git lets one claim any, far in the future too, which counts as 1970 here."""
    try:
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return dt.datetime.fromtimestamp(0, dt.UTC)


def _steps(lines: Iterable[bytes]) -> Iterator[_Step]:
    commit = ("", "0", "", "")
    for raw in lines:
        line = raw.decode("utf-8", "replace").rstrip("\n")
        if line.startswith(_START):
            parts = (*line[1:].split(_PART, 3), "", "", "")
            commit = (parts[0], parts[1], parts[2], parts[3])
        elif found := _RAW.fullmatch(line):
            paths = found["paths"].split("\t")
            revision, seconds, author, message = commit
            yield _Step(revision, moment(seconds), author, message, found["old"], found["new"], paths[0], paths[-1])


def _events(
    steps: Iterable[_Step], texts: Mapping[str, bytes], entry_kind: str, entry_id: str | None
) -> Iterator[Event]:
    """Yield what the steps did; `entry_id` picks one entry of a shared file."""
    known: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    def fields(blob: str, path: str) -> Mapping[str, Any] | None:
        """Return the fields there; {} where the entry is not there, `None` where the file cannot be read."""
        if blob not in texts:
            return {}
        if (blob, path) not in known:
            text = part_of(texts[blob], entry_id) if entry_id and entry_kind not in _WHOLE else texts[blob]
            found = entries_of(path, text)
            wanted = (entry_kind, entry_id or PurePosixPath(path).stem)
            known[blob, path] = None if found is None else found.get(wanted, {})
        return known[blob, path]

    for step in steps:
        old, new = fields(step.old, step.old_path), fields(step.new, step.new_path)
        former = PurePosixPath(step.old_path).stem
        renamed = not entry_id and former != PurePosixPath(step.new_path).stem
        if old == new and not renamed:
            continue
        readable = old is not None and new is not None
        changed = differences(old or {}, new or {}) if readable else ()
        kind = ChangeKind.RENAMED if renamed else _kind(old, new)
        yield Event(
            kind, step.revision, step.at, step.author, step.message, former if renamed else None, changed, readable
        )


def _kind(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> ChangeKind:
    if old == {}:
        return ChangeKind.ADDED
    if new == {}:
        return ChangeKind.REMOVED
    gone = new is not None and new.get("status") == "withdrawn" and (old is None or old.get("status") != "withdrawn")
    return ChangeKind.WITHDRAWN if gone else ChangeKind.CHANGED


def _last_path(root: Path, entry_kind: str, entry_id: str) -> str | None:
    """Return where the file of an entry was before it was removed."""
    folder = _FOLDERS.get(entry_kind)
    if folder is None:
        return None
    arguments = ("log", "--relative", *git.QUIET, "--diff-filter=DR", "--no-renames", "--name-only", "--format=", "-z")
    removed = git.ask(root, *arguments, "--", folder).decode("utf-8", "replace").split("\0")
    return next(
        (one for one in removed if kind_of_path(one) == entry_kind and PurePosixPath(one).stem == entry_id), None
    )
