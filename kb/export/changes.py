"""What differs between two states, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.history import Changes, EntryChange, FieldChange

SCHEMA = "kb-changes/1"
_SHOWN = 160
"""How much of a value stands in a line of text."""


def as_json(changes: Changes) -> str:
    """Return one JSON object."""
    answer = {
        "schema": SCHEMA,
        "since": {"revision": changes.since, "at": changes.since_at.isoformat()},
        "until": {"revision": changes.until, "at": changes.until_at.isoformat()},
        "total": len(changes.changes),
        "changes": [_plain(one) for one in changes.changes],
        "unread": list(changes.unread),
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def as_text(changes: Changes) -> Iterator[str]:
    """Yield lines: one for each entry, and one below it for each field."""
    for one in changes.changes:
        former = f" (was {one.former_id})" if one.former_id else ""
        yield f"{one.kind.value:<9}  {one.entry_kind} {one.entry_id}{former}: {short(one.title)}"
        for field in one.fields:
            yield f"             {said(field)}"
    for path in changes.unread:
        yield f"unread     {path}: no YAML in one of the two states"


def said(field: FieldChange) -> str:
    """Return a change of a field as one line."""
    if field.old is None:
        return f"{field.field}: + {short(field.new)}"
    if field.new is None:
        return f"{field.field}: - {short(field.old)}"
    return f"{field.field}: {short(field.old)} → {short(field.new)}"


def short(value: Any) -> str:
    """Return a value on one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _plain(one: EntryChange) -> dict[str, Any]:
    return {
        "kind": one.entry_kind,
        "id": one.entry_id,
        "change": one.kind.value,
        "former_id": one.former_id,
        "title": one.title,
        "fields": [{"field": field.field, "old": field.old, "new": field.new} for field in one.fields],
    }
