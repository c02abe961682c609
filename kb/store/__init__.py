"""The only reader and writer of the knowledge base's files.

What reads and writes YAML is imported when it is first asked for: where no file has changed, the snapshot is enough.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kb.store import places
from kb.store.assembling import Loaded
from kb.store.changes import changes
from kb.store.files import digest, find_root, save_bytes, save_text, save_together, shipped_root
from kb.store.kinds import Kind
from kb.store.loading import Loader, load

if TYPE_CHECKING:
    from kb.store.codec import decode, encode
    from kb.store.formatting import format_text
    from kb.store.positions import locate
    from kb.store.schemas import json_schema, write_schemas
    from kb.store.skeletons import skeleton
    from kb.store.yaml12 import Parsed, field_path, parse

__all__ = [
    "Kind",
    "Loaded",
    "Loader",
    "Parsed",
    "changes",
    "decode",
    "digest",
    "encode",
    "field_path",
    "find_root",
    "format_text",
    "json_schema",
    "load",
    "locate",
    "parse",
    "places",
    "save_bytes",
    "save_text",
    "save_together",
    "shipped_root",
    "skeleton",
    "write_schemas",
]

_MODULES = {
    "Parsed": "yaml12",
    "decode": "codec",
    "encode": "codec",
    "field_path": "yaml12",
    "format_text": "formatting",
    "json_schema": "schemas",
    "locate": "positions",
    "parse": "yaml12",
    "skeleton": "skeletons",
    "write_schemas": "schemas",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
