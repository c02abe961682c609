"""JSON Schema of every kind of file, generated from the models; editors read them through the modeline."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.store.kinds import Kind, adapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = Path(__file__).parent.parent / "schema"
"""Where the generated schemas are kept: `kb/schema`."""


@cache
def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one kind of file; raise `ValueError` for an unknown kind."""
    known = Kind(kind)
    schema = adapter(known).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{known}.schema.json", **schema}


def schema_text(kind: str) -> str:
    """Return the text of a kind's schema file."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Write the schema of every kind into a folder, which is created if need be, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in Kind:
        path = folder / f"{kind}.schema.json"
        path.write_text(schema_text(kind), encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def described(
    path: Sequence[str | int], schema: Mapping[str, Any], node: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the part of a schema that describes the value at a path; {} where it describes none.

    The path begins at `node`, a part of the schema, or without one at the whole.
    """
    node = _resolved(schema if node is None else node, schema)
    for part in path:
        if isinstance(part, int):
            below = node.get("items", {})
        else:
            by_form: Mapping[str, Any] = node.get("patternProperties", {})
            others: Any = node.get("additionalProperties") or next(iter(by_form.values()), {})
            below = node.get("properties", {}).get(part, others)
        node = _resolved(below, schema)
    return node


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and see through `null`."""
    if "anyOf" in node:
        chosen = next(choice for choice in node["anyOf"] if choice.get("type") != "null")
        node = {**chosen, **node}
    if "$ref" in node:
        return {**schema["$defs"][node["$ref"].rpartition("/")[2]], **node}
    return node
