"""From one value to another in the smallest steps: what of a mapping or list is set, added, taken out or moved."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.store.yaml12 import Path

_MOST_PAIRS = 2_500
_ALIKE = 0.5


class Set(NamedTuple):
    """A value becomes another."""

    path: Path
    value: Any


class Add(NamedTuple):
    """A field comes to a mapping, or an item to a list before the one that has its number."""

    path: Path
    value: Any


class Remove(NamedTuple):
    """A field or item goes."""

    path: Path


class Reorder(NamedTuple):
    """The items of a list change places; `order` has their numbers now in the order to be."""

    path: Path
    order: tuple[int, ...]


Step = Set | Add | Remove | Reorder


def same(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same: space at the ends of texts and the order of fields say nothing."""
    return _key(one) == _key(other)


def stripped(value: Any) -> Any:
    """Return a value as the models read it: space at either end of a text says nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [stripped(item) for item in value]
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items()}
    return value


def steps(old: Any, new: Any, path: Path = ()) -> Iterator[Step]:
    """Yield what makes `new` of `old`. They are for taking one after the other: numbers are those of the moment."""
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new and not old.keys().isdisjoint(new):
        yield from _in_mapping(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _in_list(old, new, path)
    else:
        yield Set(path, new)


def taken(value: Any, step: Step) -> Any:
    """Return a value after a step; what does not change is shared with the old one."""
    return _taken(value, step, step.path)


def _taken(value: Any, step: Step, path: Path) -> Any:
    if not path:
        if isinstance(step, Reorder):
            return [value[number] for number in step.order]
        return step.value if isinstance(step, Set) else value
    key = path[0]
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(path) > 1 or isinstance(step, Set | Reorder):
        changed[key] = _taken(value[key], step, path[1:])
    elif isinstance(step, Remove):
        del changed[key]
    elif isinstance(changed, list):
        changed.insert(int(key), step.value)
    else:
        changed[key] = step.value
    return changed


def _in_mapping(old: dict[str, Any], new: dict[str, Any], path: Path) -> Iterator[Step]:
    for key, value in old.items():
        if key in new:
            yield from steps(value, new[key], (*path, key))
    for key, value in new.items():
        if key not in old:
            yield Add((*path, key), value)
    for key in old:
        if key not in new:
            yield Remove((*path, key))


def _in_list(old: list[Any], new: list[Any], path: Path) -> Iterator[Step]:
    keys, wanted = [_key(item) for item in old], [_key(item) for item in new]
    if sorted(keys) == sorted(wanted):
        yield Reorder(path, _order(keys, wanted))
        return
    for tag, start, stop, first, last in reversed(SequenceMatcher(None, keys, wanted, autojunk=False).get_opcodes()):
        if tag != "equal":
            yield from _replaced(old, (start, stop), new[first:last], path)


def _replaced(old: list[Any], span: tuple[int, int], new: list[Any], path: Path) -> Iterator[Step]:
    """Yield the steps from some items that stand in a row to others, the last first, so that numbers stay right."""
    start, number, left = span[0], span[1], len(new)
    for index, other in (*reversed(_pairs(old[slice(*span)], new)), (-1, -1)):
        yield from (Add((*path, number), value) for value in reversed(new[other + 1 : left]))
        yield from (Remove((*path, gone)) for gone in range(number - 1, start + index, -1))
        if other >= 0:
            yield from steps(old[start + index], new[other], (*path, start + index))
        number, left = start + index, other


def _pairs(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """Pair the items of two lists that are most alike, in order; where there are equally many, all of them."""
    if len(old) == len(new) or len(old) * len(new) > _MOST_PAIRS:
        return [(number, number) for number in range(min(len(old), len(new)))]
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1)]
    for index, item in enumerate(old):
        row: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
        for other, value in enumerate(new):
            likeness = _likeness(item, value)
            score, pairs = best[index][other]
            joined = (score + likeness, [*pairs, (index, other)]) if likeness >= _ALIKE else (-1.0, [])
            row.append(max(joined, best[index][other + 1], row[other], key=lambda found: found[0]))
        best.append(row)
    return best[-1][-1][1]


def _likeness(one: Any, other: Any) -> float:
    if isinstance(one, dict) and isinstance(other, dict):
        equal = sum(key in other and same(value, other[key]) for key, value in one.items())
        return equal / max(len(one), len(other), 1)
    if isinstance(one, str) and isinstance(other, str):
        return SequenceMatcher(None, one, other).ratio()
    return 0.0


def _order(keys: list[str], wanted: list[str]) -> tuple[int, ...]:
    places: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        places.setdefault(key, []).append(number)
    return tuple(places[key].pop(0) for key in wanted)


def _key(value: Any) -> str:
    return json.dumps(stripped(value), sort_keys=True)
