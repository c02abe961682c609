"""Where a new entry goes, and what it must not overwrite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb import store
from kb.errors import EntryExists, EntryNotFound, KbError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kb.model import Caveat, Claim, KnowledgeBase, Source

_FOLDERS = {"caveat": "caveats", "source": "sources"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def new_entry(root: Path, kb: KnowledgeBase, kind: str, entry_id: str, area: str | None) -> Path:
    """Write a skeleton and return its path; see `Library.new`."""
    path = root / new_path(root, kb, kind, entry_id, area)
    if path.exists():
        message = f"{path} is already there"
        raise EntryExists(message)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{path.parent} cannot be made: {error.strerror}"
        raise KbError(message) from error
    store.save_text(path, store.skeleton(kind, entry_id))
    return path


def new_path(
    root: Path, kb: KnowledgeBase, kind: str, entry_id: str, area: str | None, *, former_of: str | None = None
) -> str:
    """Return where a new claim, caveat or source goes, relative to the root.

    Raise `KbError` for an id or area that is no slug, `EntryExists` for an id that is or was an entry's, unless it is a
    former one of the entry `former_of`, which may have it back.
    """
    for what, name in (("id", entry_id), ("area", area or "any")):
        if not _SLUG.fullmatch(name):
            message = f"{name!r} cannot be an {what}: use lower-case letters and digits, with single hyphens between"
            raise KbError(message)
    _refuse_known_id(kb, kind, entry_id, former_of)
    return f"{_folder(root, kind, area)}/{entry_id}.yaml"


def _folder(root: Path, kind: str, area: str | None) -> str:
    if kind != "claim":
        return _FOLDERS[kind]
    if area is None:
        areas = sorted(folder.name for folder in (root / "entries").glob("*/"))
        known = f" The areas so far: {', '.join(areas)}." if areas else ""
        message = f"a claim needs an area, the folder that it goes to: --area NAME.{known}"
        raise KbError(message)
    return f"entries/{area}"


def _refuse_known_id(kb: KnowledgeBase, kind: str, entry_id: str, former_of: str | None) -> None:
    """Ids are never reused, not even those that an entry has given up."""
    find: Mapping[str, Callable[[str], Claim | Caveat | Source]] = {
        "claim": kb.claim,
        "caveat": kb.caveat,
        "source": kb.source,
    }
    try:
        known = find[kind](entry_id)
    except EntryNotFound:
        return
    if known.id == former_of != entry_id:
        return
    former = "" if known.id == entry_id else f" as a former id of {known.id!r}"
    message = f"there is a {kind} {entry_id!r} already{former}; ids are never reused"
    raise EntryExists(message)
