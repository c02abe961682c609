"""From what each file holds to one knowledge base: entries by id, none that hides another, all that is wrong."""
# ruff: noqa: PLC0415  (what reads YAML is imported for a file with a problem only)

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.finding import Finding, Level, Location
from kb.model import About, KnowledgeBase
from kb.store.files import digest_of, sort_findings
from kb.store.kinds import Kind, kind_of_path
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kb.store.snapshot import Part

BY_ID = (Kind.SOURCE, Kind.CAVEAT, Kind.CLAIM)
"""Kinds of which there is one entry a file, under the name of its id."""

_FIELDS = {
    Kind.THEMES: "themes",
    Kind.VOCABULARY: "concepts",
    Kind.REFERENCES: "references",
    Kind.TOPICS: "topics",
    Kind.SOURCE: "sources",
    Kind.CAVEAT: "caveats",
    Kind.CLAIM: "claims",
}
"""Kind → where a knowledge base has its entries."""

_TAKEN = "duplicate-id"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A knowledge base, what is wrong with its files, and the file of each entry."""

    kb: KnowledgeBase
    findings: tuple[Finding, ...]
    """Sorted by place; their paths are relative to the root."""
    files: Mapping[tuple[str, str], str]
    """(kind, id) → path relative to the root, parts joined by `/`."""


def assembled(root: Path, parts: Mapping[str, Part], strange: Iterable[Finding]) -> Loaded:
    """Put the parts, in the order of their paths, together."""
    found = list(strange)
    files: dict[tuple[str, str], str] = {}
    entries: dict[Kind, Any] = {kind: {} for kind in Kind}
    for path, part in parts.items():
        found.extend(part.findings)
        if part.content is None:
            continue
        kind = _kind(path)
        if kind not in BY_ID:
            entries[kind] = part.content
            continue
        key = (str(kind), part.content.id)
        if key in files:
            found.append(_taken(root, path, part.content.id, files[key]))
        else:
            files[key] = path
            entries[kind][part.content.id] = part.content
    in_order = {field: _ordered(kind, entries[kind]) for kind, field in _FIELDS.items()}
    kb = KnowledgeBase(about=_about(root, entries[Kind.KB]), digest=_digest(parts), **in_order)
    return Loaded(kb, sort_findings(found), files)


def patched(
    root: Path,
    before: tuple[Loaded, Mapping[str, Part]],
    parts: Mapping[str, Part],
    strange: Iterable[Finding],
    paths: Sequence[str],
) -> Loaded | None:
    """Return what `assembled` would for parts that differ from those `before` at these paths only.

    `None` where two files have one id, before or now: then it takes a look at all.
    """
    loaded, old = before
    if any(finding.rule == _TAKEN for finding in loaded.findings):
        return None
    files = dict(loaded.files)
    changed: dict[str, Any] = {}
    for path in paths:
        kind, was, now = _kind(path), _content(old, path), _content(parts, path)
        if kind is Kind.KB:
            changed["about"] = _about(root, now)
        elif kind not in BY_ID:
            changed[_FIELDS[kind]] = _ordered(kind, now or {})
        else:
            field = _FIELDS[kind]
            entries = changed.setdefault(field, dict(getattr(loaded.kb, field)))
            if now is not None and files.get((str(kind), now.id), path) != path:
                return None
            _replace(entries, files, path, was, now)
    for field in {"sources", "caveats", "claims"} & changed.keys():
        # in order: an entry whose file was renamed has gone and come, under the same id
        if list(changed[field]) != list(getattr(loaded.kb, field)):
            changed[field] = _sorted(changed[field])
    aside = set(paths)
    found = [finding for finding in loaded.findings if finding.location.path not in aside]
    found += [finding for finding in strange if finding.location.path in aside]
    found += [finding for path in paths if path in parts for finding in parts[path].findings]
    if files != loaded.files:
        files = dict(sorted(files.items(), key=lambda item: item[1]))
    return Loaded(replace(loaded.kb, digest=_digest(parts), **changed), sort_findings(found), files)


def _replace(entries: dict[str, Any], files: dict[tuple[str, str], str], path: str, was: Any, now: Any) -> None:
    """Put the entry that a file holds now in the place of the one that it held."""
    kind = _kind(path)
    if was is not None and (now is None or now.id != was.id):
        del files[str(kind), was.id], entries[was.id]
    if now is not None:
        files[str(kind), now.id] = path
        entries[now.id] = now


def _kind(path: str) -> Kind:
    kind = kind_of_path(path)
    assert kind is not None, path  # noqa: S101 - only such files have parts
    return kind


def _content(parts: Mapping[str, Part], path: str) -> Any:
    return parts[path].content if path in parts else None


def _digest(parts: Mapping[str, Part]) -> str:
    return digest_of((path, part.sha256) for path, part in parts.items())


def _taken(root: Path, path: str, entry_id: str, by: str) -> Finding:
    from kb.store.files import File, read_file
    from kb.store.positions import position_in

    message = f"the id '{entry_id}' is taken by {by}; give this entry another id, or delete one of the two"
    file = read_file(root, path)
    line, column = position_in(file.content.decode(errors="replace"), "id") if isinstance(file, File) else (1, 1)
    return Finding(_TAKEN, Level.ERROR, message, Location(path, line, column, "id"))


def _about(root: Path, about: About | None) -> About:
    """Stand in for a `kb.yaml` that cannot be read; a finding says so."""
    if about:
        return about
    return About(name=printable(root.name) or "unnamed", description="kb.yaml cannot be read.", licence="unknown")


def _ordered(kind: Kind, entries: dict[str, Any]) -> dict[str, Any]:
    """Return entries by id; themes stay as their file has them."""
    return entries if kind is Kind.THEMES else _sorted(entries)


def _sorted(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {entry_id: entries[entry_id] for entry_id in sorted(entries)}
