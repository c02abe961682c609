"""Compare two readings of an entry field by field. Pure; a field that is `null` counts as one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.history.base import FieldChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "evidence": ("reference",),
    "caveats": ("caveat",),
    "occurrences": ("source", "section"),
    "related": ("claim",),
    "positions": ("by",),
    "outline": ("label",),
    "dispositions": ("kind", "digest"),
}
"""List → the fields that tell its items apart; where two items have the same, their places do."""


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return every field that differs, in the order of the newer reading; what is only in the older comes last."""
    return tuple(_mappings(old, new, ""))


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[FieldChange]:
    for key in (*new, *(key for key in old if key not in new)):
        yield from _values(old.get(key), new.get(key), f"{path}.{key}" if path else str(key), str(key))


def _values(old: Any, new: Any, path: str, name: str) -> Iterator[FieldChange]:
    if old == new:
        return
    if old is None and name and new and (isinstance(new, dict) or _is_list_of_mappings(new)):
        # what is new in whole is told part by part
        yield from _values(type(new)(), new, path, "" if isinstance(new, dict) else name)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(old, new, path)
    elif _is_list_of_mappings(old) and _is_list_of_mappings(new):
        yield from _items(old, new, path, name)
    else:
        yield FieldChange(path, old, new)


def _items(old: Sequence[Any], new: Sequence[Any], path: str, name: str) -> Iterator[FieldChange]:
    """Compare items that have the same name in both lists; the others were added or removed."""
    before, after = _named(old, name), _named(new, name)
    changed = False
    for key in (*after, *(key for key in before if key not in after)):
        for change in _values(before.get(key), after.get(key), f"{path}[{key}]", ""):
            changed = True
            yield change
    if not changed:
        yield FieldChange(path, list(before), list(after))  # the same items in another order


def _named(items: Sequence[Any], name: str) -> dict[str, Any]:
    fields = _NAMED_BY.get(name, ())
    found: dict[str, Any] = {}
    for place, item in enumerate(items):
        words = ", ".join(str(item[field]) for field in fields if field in item) or str(place)
        unique, number = words, 2
        while unique in found:
            unique, number = f"{words}, no. {number}", number + 1
        found[unique] = item
    return found


def _is_list_of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
