"""What was read from each file, kept as JSON, so that a file whose bytes have not changed need not be read as YAML.

A snapshot is a cache: it is checked in whole (digest, then pydantic) before anything of it is used, and one that is
missing, damaged or made by other code counts as empty. It is never a pickle, which could run code.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

import kb
from kb.finding import Finding
from kb.store.files import tidy
from kb.store.kinds import Kind, content_type, kind_of_path
from kb.store.places import cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Part:
    """What one file gave: its SHA-256, its content (None where that is not valid) and its findings."""

    sha256: str
    content: Any
    findings: tuple[Finding, ...] = ()


def load(root: Path) -> dict[str, Part]:
    """Return the parts of the last snapshot of `root` by path; {} where there is none that can be trusted."""
    try:
        header, _, body = _file(root).read_bytes().partition(b"\n")
        if header.decode() != _header(body):
            return {}
        parts: dict[str, Part] = {}
        for kind, line in zip(Kind, body.splitlines(), strict=True):
            parts.update(
                (relpath, Part(*stored))
                for relpath, stored in _adapter(kind).validate_json(line, strict=True, by_alias=True).items()
            )
    except (OSError, ValueError):  # pydantic's errors, undecodable bytes and a wrong number of lines are ValueErrors
        return {}
    return parts


def save(root: Path, parts: Mapping[str, Part]) -> None:
    """Keep the parts of `root` by path; silently not, where the cache folder cannot be written."""
    stored: dict[Kind | None, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for relpath, part in parts.items():
        stored[kind_of_path(relpath)][relpath] = (part.sha256, part.content, part.findings)
    lines = (_adapter(kind).dump_json(stored[kind], by_alias=True, exclude_defaults=True) for kind in Kind)
    body = b"\n".join(lines)
    with contextlib.suppress(OSError):
        _write(_file(root), _header(body).encode() + b"\n" + body)


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step; a cache need not outlive a power cut, so nothing is synced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    tidy(path.parent)


def _file(root: Path) -> Path:
    """One snapshot for each knowledge base, named by the place of its folder."""
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return cache_dir() / "snapshots" / f"{name}.json"


def _header(body: bytes) -> str:
    return f"caveat-kb {kb.__version__} {_code()} {hashlib.sha256(body).hexdigest()}"


@cache
def _code() -> str:
    """Return 16 hex digits that change with the code which reads entries, since findings come from it."""
    package = Path(kb.__file__).parent
    total = hashlib.sha256()
    for path in sorted((*package.glob("model/*.py"), *package.glob("store/*.py"))):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


@cache
def _adapter(kind: Kind) -> TypeAdapter[dict[str, Any]]:
    content: Any = content_type(kind)
    return TypeAdapter(dict[str, tuple[str, content | None, tuple[Finding, ...]]])
