"""Where an entry stands: in a file of its own, or under its key in a file that holds all entries of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import EntryNotFound, KbError
from kb.store.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kb.store.yaml12 import Path as Keys

OWN_FILE = {"claim": Kind.CLAIM, "caveat": Kind.CAVEAT, "source": Kind.SOURCE, "kb": Kind.KB}
"""Kinds whose entries have a file each."""
SHARED_FILE = {
    "theme": Kind.THEMES,
    "concept": Kind.VOCABULARY,
    "topic": Kind.TOPICS,
    "reference": Kind.REFERENCES,
}
"""Kinds whose entries stand together in one file."""
KINDS = (*OWN_FILE, *SHARED_FILE)


@dataclass(frozen=True, slots=True)
class Address:
    """The file of an entry and, in a shared file, the keys that lead to it."""

    kind: str
    id: str
    relpath: str
    keys: Keys = ()

    @property
    def file_kind(self) -> Kind:
        """What the file holds."""
        return file_kind(self.kind)

    def value_in(self, content: Any) -> Any:
        """Return the entry's value in its file's; `None` where it is not there."""
        for key in self.keys:
            content = content.get(key) if isinstance(content, dict) else None
        return content


def file_kind(kind: str) -> Kind:
    """Return what the file of an entry of this kind holds; raise `KbError` for no kind of ours."""
    found = OWN_FILE.get(kind) or SHARED_FILE.get(kind)
    if found is None:
        raise KbError(f"there are no entries of the kind {kind!r}; the kinds are {', '.join(KINDS)}")
    return found


def own_file(root: Path, files: Mapping[tuple[str, str], str], kind: str, entry_id: str) -> Address:
    """Return the address of an entry that has a file of its own; raise `EntryNotFound`.

    The file is looked for on disk, too: it may be new, or have errors that kept it from being read.
    """
    if kind == "kb":
        if entry_id != "kb":
            raise EntryNotFound(kind, entry_id)
        return Address(kind, entry_id, "kb.yaml")
    known = files.get((kind, entry_id))
    for relpath in (*([known] if known else []), *_candidates(root, kind, entry_id)):
        if (root / relpath).is_file():
            return Address(kind, entry_id, relpath)
    raise EntryNotFound(kind, entry_id)


def shared(kind: str, entry_id: str, content: Any) -> Address:
    """Return the address of an entry in the content of its shared file; raise `EntryNotFound`."""
    relpath = f"{file_kind(kind)}.yaml"
    groups = content if isinstance(content, dict) else {}
    if kind != "theme":
        if entry_id in groups:
            return Address(kind, entry_id, relpath, (entry_id,))
        raise EntryNotFound(kind, entry_id)
    for group, themes in groups.items():
        if isinstance(themes, dict) and entry_id in themes:
            return Address(kind, entry_id, relpath, (group, entry_id))
    raise EntryNotFound(kind, entry_id)


def _candidates(root: Path, kind: str, entry_id: str) -> Iterator[str]:
    if "/" in entry_id or "\\" in entry_id or entry_id.startswith("."):
        return
    if kind == "claim":
        for folder in sorted((root / "entries").glob("*/")):
            yield f"entries/{folder.name}/{entry_id}.yaml"
    else:
        yield f"{kind}s/{entry_id}.yaml"
