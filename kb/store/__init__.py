"""The only reader and writer of the knowledge base's files."""

from kb.store.codec import decode, encode
from kb.store.kinds import Kind
from kb.store.yaml12 import Parsed, field_path, parse

__all__ = ["Kind", "Parsed", "decode", "encode", "field_path", "parse"]
