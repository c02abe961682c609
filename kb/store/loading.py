"""Read a whole knowledge base: every file, every problem, and no file that hides another."""
# ruff: noqa: PLC0415  (what reads YAML is imported for a file that has changed, not where the snapshot is enough)

from __future__ import annotations

import contextlib
import gc
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kb.finding import Finding, Level, Location
from kb.model import About, KnowledgeBase
from kb.store import snapshot
from kb.store.files import File, read_all, read_text, sort_findings
from kb.store.kinds import Kind
from kb.store.snapshot import Part
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kb.store.files import Contents

_BY_ID = (Kind.SOURCE, Kind.CAVEAT, Kind.CLAIM)
"""Kinds of which there is one entry a file, under the name of its id."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A knowledge base, what is wrong with its files, and the file of each entry."""

    kb: KnowledgeBase
    findings: tuple[Finding, ...]
    """Sorted by place; their paths are relative to the root."""
    files: Mapping[tuple[str, str], str]
    """(kind, id) → path relative to the root, parts joined by `/`."""


class Loader:
    """Reads a knowledge base, and when asked again reads only those files anew whose bytes have changed."""

    def __init__(self) -> None:
        self._parts: Mapping[str, Part] = {}

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
        if cache and (len(parts) != len(known) or any(known.get(path) is not part for path, part in parts.items())):
            snapshot.save(root, parts)
        self._parts = parts
        return _assembled(root, contents, parts)


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
    if content is not None and file.kind in _BY_ID:
        findings = tuple(_misnamed(content.id, file.relpath, text))
    return Part(file.sha256, content, findings)


def _misnamed(entry_id: str, relpath: str, text: str) -> Iterable[Finding]:
    from kb.store.positions import position_in

    path = PurePosixPath(relpath)
    if path.stem != entry_id:
        message = f"the id is '{entry_id}' and the file {path.name}; call the file {entry_id}.yaml, or change the id"
        line, column = position_in(text, "id")
        yield Finding("file-name", Level.ERROR, message, Location(relpath, line, column, "id"))


def _assembled(root: Path, contents: Contents, parts: Mapping[str, Part]) -> Loaded:
    """Put the parts together in the order of their paths."""
    found = list(contents.findings)
    files: dict[tuple[str, str], str] = {}
    entries: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    for file in contents.files:
        part = parts[file.relpath]
        found.extend(part.findings)
        if part.content is None:
            continue
        if file.kind not in _BY_ID:
            entries[file.kind] = part.content
            continue
        key = (str(file.kind), part.content.id)
        if key in files:
            found.append(_taken(file, part.content.id, files[key]))
        else:
            files[key] = file.relpath
            entries[file.kind][part.content.id] = part.content
    return Loaded(_knowledge_base(root, contents.digest, entries), sort_findings(found), files)


def _taken(file: File, entry_id: str, by: str) -> Finding:
    from kb.store.positions import position_in

    message = f"the id '{entry_id}' is taken by {by}; give this entry another id, or delete one of the two"
    line, column = position_in(file.content.decode(), "id")
    return Finding("duplicate-id", Level.ERROR, message, Location(file.relpath, line, column, "id"))


def _knowledge_base(root: Path, digest: str, entries: Mapping[Kind, Any]) -> KnowledgeBase:
    return KnowledgeBase(
        about=entries[Kind.KB] or _nameless(root),
        digest=digest,
        themes=entries[Kind.THEMES],
        concepts=_in_order(entries[Kind.VOCABULARY]),
        references=_in_order(entries[Kind.REFERENCES]),
        sources=_in_order(entries[Kind.SOURCE]),
        caveats=_in_order(entries[Kind.CAVEAT]),
        claims=_in_order(entries[Kind.CLAIM]),
        topics=_in_order(entries[Kind.TOPICS]),
    )


def _nameless(root: Path) -> About:
    """Stand in for a `kb.yaml` that cannot be read; a finding says so."""
    return About(name=printable(root.name) or "unnamed", description="kb.yaml cannot be read.", licence="unknown")


def _in_order(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {entry_id: entries[entry_id] for entry_id in sorted(entries)}
