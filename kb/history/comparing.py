"""What differs between two states of a knowledge base: two commits, or a commit and the files as they are."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import GitUnavailable
from kb.history.base import ChangeKind, Changes, EntryChange
from kb.history.differing import differences
from kb.history.entry import moment
from kb.history.reading import Entries, entries_of, title_of
from kb.store import git
from kb.store.files import read_all
from kb.store.kinds import kind_of_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = ("kb", "theme", "concept", "topic", "reference", "source", "caveat", "claim")


@dataclass(frozen=True, slots=True)
class _State:
    """The entries of one state, without the files that both states have in common."""

    name: str | None
    at: dt.datetime
    entries: Entries
    unread: frozenset[str]


def changes(root: Path, since: str, until: str | None = None) -> Changes:
    """Return what differs between `since` and `until`, each a revision or a date such as 2026-01-31.

    A date means the last commit before that day ended. Without `until`, the files as they are count, committed or
    not. Raise `GitUnavailable` where git cannot say what was there.
    """
    old_name = _revision(root, since)
    new_name = None if until is None else _revision(root, until)
    old_ids = git.files_at(root, old_name)
    if new_name is None:
        old_texts = _texts(root, {path: blob for path, blob in old_ids.items() if kind_of_path(path)})
        new_texts = {file.relpath: file.content for file in read_all(root).files}
    else:
        new_ids = git.files_at(root, new_name)
        old_texts = _texts(root, {path: blob for path, blob in old_ids.items() if new_ids.get(path) != blob})
        new_texts = _texts(root, {path: blob for path, blob in new_ids.items() if old_ids.get(path) != blob})
    same = {path for path, text in old_texts.items() if new_texts.get(path) == text}
    old, new = _state(root, old_name, old_texts, same), _state(root, new_name, new_texts, same)
    found = sorted(_compared(old, new), key=lambda one: (_KINDS.index(one.entry_kind), one.entry_id))
    return Changes(old_name, old.at, new_name, new.at, tuple(found), tuple(sorted(old.unread | new.unread)))


def first_day(root: Path) -> str:
    """Return the day of the first commit, such as 2026-01-31; raise `GitUnavailable` where git cannot say it."""
    return min(git.ask(root, "log", "--max-parents=0", "--no-show-signature", "--format=%cs", "HEAD").decode().split())


def _revision(root: Path, name: str) -> str:
    if not _DAY.fullmatch(name):
        try:
            return git.resolved(root, name)
        except GitUnavailable as error:
            git.ask(root, "rev-parse", "--git-dir")  # raises with the reason where there is no git at all
            raise GitUnavailable(f"there is no revision {name!r} here") from error
    try:
        day = dt.date.fromisoformat(name)
    except ValueError as error:
        raise GitUnavailable(f"{name} is no day") from error
    found = git.ask(root, "rev-list", "-1", f"--before={day.isoformat()}T23:59:59Z", "HEAD").decode().strip()
    if not found:
        raise GitUnavailable(f"nothing was committed before the end of {name}")
    return found


def _texts(root: Path, ids: Mapping[str, str]) -> dict[str, bytes]:
    known = git.contents(root, ids.values())
    return {path: known[blob] for path, blob in ids.items() if blob in known}


def _state(root: Path, name: str | None, texts: Mapping[str, bytes], same: set[str]) -> _State:
    entries: Entries = {}
    unread = set()
    for path, text in texts.items():
        if path in same:
            continue
        found = entries_of(path, text)
        if found is None:
            unread.add(path)
        else:
            entries.update(found)
    return _State(name, _time(root, name), entries, frozenset(unread))


def _time(root: Path, name: str | None) -> dt.datetime:
    if name is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    return moment(git.ask(root, "show", "--no-patch", "--no-show-signature", "--format=%ct", name).decode())


def _compared(old: _State, new: _State) -> Iterator[EntryChange]:
    renamed = dict(_renamed(old.entries, new.entries))
    gone_to = set(renamed.values())
    for (kind, entry_id), fields in new.entries.items():
        former = renamed.get((kind, entry_id))
        before = old.entries.get(former or (kind, entry_id))
        if before == fields:
            continue
        changed = differences(before, fields) if before is not None else ()
        what = ChangeKind.RENAMED if former else _what(before, fields)
        former_id = former[1] if former else None
        yield EntryChange(what, kind, entry_id, title_of(kind, entry_id, fields), former_id, changed)
    for key, fields in old.entries.items():
        if key not in new.entries and key not in gone_to:
            yield EntryChange(ChangeKind.REMOVED, *key, title_of(*key, fields))


def _what(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    withdrawn = after.get("status") == "withdrawn" and before.get("status") != "withdrawn"
    return ChangeKind.WITHDRAWN if withdrawn else ChangeKind.CHANGED


def _renamed(old: Entries, new: Entries) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield new key → old key of every entry that has a former id among its aliases."""
    for (kind, entry_id), fields in new.items():
        aliases = fields.get("aliases")
        if (kind, entry_id) in old or not isinstance(aliases, list):
            continue
        for alias in aliases:
            if isinstance(alias, str) and (kind, alias) in old and (kind, alias) not in new:
                yield (kind, entry_id), (kind, alias)
                break
