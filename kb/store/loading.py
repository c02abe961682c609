"""Read a whole knowledge base: every file, every problem, and no file that hides another."""
# ruff: noqa: PLC0415  (what reads YAML is imported for a file that has changed, not where the snapshot is enough)

from __future__ import annotations

import contextlib
import gc
import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.finding import Finding, Level, Location
from kb.store import snapshot
from kb.store.assembling import BY_ID, Loaded, assembled, patched
from kb.store.files import File, is_in_place, read_all, read_file, read_text
from kb.store.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_WORTH_KEEPING = 200
"""A snapshot is written anew where one file in so many has changed: that takes as long as reading these does."""


class Loader:
    """Reads a knowledge base, and when asked again reads only those files anew whose bytes have changed."""

    def __init__(self) -> None:
        self._parts: Mapping[str, Part] = {}
        self._strange: tuple[Finding, ...] = ()
        """What stood in the way of files that have no part."""
        self._loaded: Loaded | None = None

    def load(self, root: Path, *, cache: bool = True) -> Loaded:
        """Read the knowledge base in the folder `root`; raise `KnowledgeBaseNotFound` where there is no `kb.yaml`.

        All problems of all files are in `findings`; an entry with a problem is left out, and so is the later (by
        path) of two entries with one id. With `cache`, a snapshot of earlier results is used and kept.
        """
        with _garbage_collection_paused():
            return self._load(root, cache=cache)

    def _load(self, root: Path, *, cache: bool) -> Loaded:
        contents = read_all(root)
        known = self._parts or (snapshot.load(root) if cache else {})
        parts = {}
        for file in contents.files:
            part = known.get(file.relpath)
            parts[file.relpath] = part if part and part.sha256 == file.sha256 else _read_part(file)
        changed = sum(known.get(path) is not part for path, part in parts.items()) + len(known.keys() - parts.keys())
        if cache and changed * _WORTH_KEEPING >= max(len(parts), 1):
            snapshot.save(root, parts)
        self._parts, self._strange = parts, contents.findings
        self._loaded = assembled(root, parts, contents.findings)
        return self._loaded

    def reread(self, root: Path, paths: Iterable[str]) -> Loaded | None:
        """Return what `load` would, by reading only the files at these paths (relative to `root`).

        They may be new or gone. `None` where all files must be looked at: nothing was read before, or a path is none
        of a knowledge base's. No snapshot is kept: the files that one misses are read again at the next start.
        """
        wanted = sorted(set(paths))
        if self._loaded is None or not all(is_in_place(root, path) for path in wanted):
            return None
        parts, strange = dict(self._parts), [each for each in self._strange if each.location.path not in wanted]
        for path in wanted:
            parts.pop(path, None)
            if not os.path.lexists(root / path):
                continue
            file = read_file(root, path)
            if isinstance(file, Finding):
                strange.append(file)
            else:
                before = self._parts.get(path)
                parts[path] = before if before and before.sha256 == file.sha256 else _read_part(file)
        if "kb.yaml" not in parts:
            return None
        if parts.keys() != self._parts.keys():
            parts = dict(sorted(parts.items()))
        else:
            parts = {path: parts[path] for path in self._parts}
        loaded = patched(root, (self._loaded, self._parts), parts, strange, wanted)
        self._loaded = loaded or assembled(root, parts, strange)
        self._parts, self._strange = parts, tuple(strange)
        return self._loaded


def load(root: Path, *, cache: bool = True) -> Loaded:
    """Read the knowledge base in the folder `root` once; see `Loader.load`."""
    return Loader().load(root, cache=cache)


@contextlib.contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Spare the collector the search for garbage among entries that are all kept.

    It would look through all of them again and again as their number grows: with 10,000 entries, reading the snapshot
    takes 1.0 s in place of 5.5 s.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_part(file: File) -> Part:
    """Return what a file holds and all that is wrong with it."""
    from kb.store.codec import decode_all

    text = read_text(file.content, file.relpath)
    if isinstance(text, Finding):
        return Part(file.sha256, None, (text,))
    content, findings = decode_all(text, file.kind, file.relpath)
    if content is not None and file.kind in BY_ID:
        findings = tuple(_misnamed(content.id, file.relpath, text))
    return Part(file.sha256, content, findings)


def _misnamed(entry_id: str, relpath: str, text: str) -> Iterable[Finding]:
    from kb.store.positions import position_in

    path = PurePosixPath(relpath)
    if path.stem != entry_id:
        message = f"the id is '{entry_id}' and the file {path.name}; call the file {entry_id}.yaml, or change the id"
        line, column = position_in(text, "id")
        yield Finding("file-name", Level.ERROR, message, Location(relpath, line, column, "id"))
