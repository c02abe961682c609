"""The only reader and writer of the knowledge base's files."""

from kb.store import places
from kb.store.changes import changes
from kb.store.codec import decode, encode
from kb.store.files import digest, find_root, save_bytes, save_text, shipped_root
from kb.store.formatting import format_text
from kb.store.kinds import Kind
from kb.store.loading import Loaded, Loader, load
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
    "shipped_root",
    "skeleton",
    "write_schemas",
]
