"""Lists beside the knowledge base: one JSON object a line, only ever added to, and never past a size.

They lie in the system's folder for a person's own data, one file for each knowledge base.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from kb.errors import GapsFull
from kb.store import places
from kb.store.appending import append

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 1_000_000
"""How large a list may grow; an open form must not fill a disk."""

Line = TypeVar("Line")

_LOCK = threading.Lock()
_log = logging.getLogger(__name__)


def file_of(what: str, name: str) -> Path:
    """Return the file with the list of the knowledge base of this name; `what` is the list's own name."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "unnamed"
    return places.data_dir() / what / f"{slug}.jsonl"


def add(file: Path, entries: Iterable[Mapping[str, object]], full: str) -> None:
    """Add entries, all or none; raise `GapsFull` with the words `full`, and `NotWritten`."""
    text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    if not text:
        return
    with _LOCK:
        if file.exists() and file.stat().st_size + len(text.encode()) > MAX_BYTES:
            raise GapsFull(full)
        append(file, text)


def read(file: Path, line_of: Callable[[Any], Line]) -> Iterator[Line]:
    """Yield what `line_of` makes of each entry; a line that cannot be read is logged and left out."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, start=1):
        try:
            made = line_of(json.loads(line))
        except (ValueError, KeyError, TypeError):
            _log.warning("%s:%d: cannot be read and is left out", file, number)
        else:
            yield made
