"""Change a YAML text only where its meaning is to change."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.store.comments import comments_of
from kb.store.emit import Comments, emit
from kb.store.formatting import _ordered
from kb.store.kinds import modeline
from kb.store.schemas import json_schema
from kb.store.yaml12 import Node, Shape, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.store.kinds import Kind
    from kb.store.yaml12 import Path


@dataclass(frozen=True, slots=True)
class Patched:
    text: str
    notes: tuple[str, ...] = ()


def stripped(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [stripped(item) for item in value]
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items()}
    return value


def patch(text: str, meant: Any, kind: Kind) -> Patched:
    nodes: list[Node] = []
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    reading = read(plain, nodes=nodes)
    if json.dumps(stripped(reading.value), sort_keys=True) == json.dumps(stripped(meant), sort_keys=True):
        return Patched(text)
    schema = json_schema(kind)
    return Patched(emit(_ordered(stripped(meant), schema, schema), kind, comments_of(plain, nodes)))


def create(value: Mapping[str, Any], kind: Kind) -> str:
    schema = json_schema(kind)
    return emit(_ordered(stripped(value), schema, schema), kind, Comments(header=[modeline(kind)]))


def prune(value: Any, old: Any, kind: Kind, path: Path = ()) -> Any:
    if not isinstance(value, dict):
        return value
    old = old if isinstance(old, dict) else {}
    kept = {key: prune(item, old.get(key), kind, path) for key, item in value.items()}
    return {
        key: item for key, item in kept.items() if item not in (None, "", [], {}) or (key in old and old[key] == item)
    }


def cut(text: str, keys: Sequence[str | int]) -> slice | None:
    nodes: list[Node] = []
    read(text.removeprefix("\ufeff"), nodes=nodes)
    bom = len(text) - len(text.removeprefix("\ufeff"))
    wanted = tuple(keys)
    starts = [node.start for node in nodes if node.path == wanted and node.shape is Shape.KEY]
    if not starts:
        return None
    start = text.rfind("\n", 0, starts[0] + bom) + 1
    ends = [node.end for node in nodes if node.path[: len(wanted)] == wanted and node.shape is not Shape.BLOCK]
    stop = max(ends) + bom
    if text[stop - 1 : stop] != "\n":
        stop = text.find("\n", stop) + 1 or len(text)
    return slice(max(start, bom), stop)


def replace_lines(old: str, new: str) -> str:
    bom = "\ufeff" if old.startswith("\ufeff") else ""
    plain = re.sub(r"\r\n?", "\n", new.removeprefix("\ufeff"))
    return bom + (plain.replace("\n", "\r\n") if "\r\n" in old else plain)
