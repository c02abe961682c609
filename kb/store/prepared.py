"""What the audit makes ready of a knowledge base, kept from run to run: terms by their stems, sentences as words.

One file for each state of a knowledge base, named by its digest. It counts only where its own digest and that of the
code which made it fit as well; else it is made anew. It holds nothing but JSON, so reading it can run no code.
"""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import kb
from kb.errors import KbError
from kb.store.files import save_bytes, tidy
from kb.store.places import cache_dir
from kb.store.stems import stemmer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kb.text.keeping import Keep

_MOST = 4
"""States that are kept; the one that was written longest ago goes first."""

_MADE_BY = ("text/*.py", "store/prepared.py", "audit/similar.py", "audit/lexicon/*")
"""The code, and the words, that tables are made by."""


@contextlib.contextmanager
def prepared(digest: str) -> Iterator[Keep]:
    """Lend what keeps tables for the knowledge base of this digest; write down at the end what was made meanwhile."""
    tables = _load(digest)
    made = False

    def keep(name: str, make: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
        nonlocal made
        if name not in tables:
            tables[name] = dict(make())
            made = True
        return tables[name]

    yield keep
    if made:
        with contextlib.suppress(OSError, KbError):
            _save(digest, tables)


def _load(digest: str) -> dict[str, dict[str, str]]:
    """Return the tables by name, {} where there are none that can be trusted."""
    try:
        header, _, body = _file(digest).read_bytes().partition(b"\n")
        return _decode(body.decode()) if header.decode() == _header(digest, body) else {}
    except (OSError, ValueError):
        return {}


def _save(digest: str, tables: Mapping[str, Mapping[str, str]]) -> None:
    file = _file(digest)
    file.parent.mkdir(parents=True, exist_ok=True)
    body = _encode(tables).encode()
    save_bytes(file, _header(digest, body).encode() + b"\n" + body)
    kept = sorted(file.parent.glob("*.tables"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_MOST:]:
        path.unlink(missing_ok=True)
    tidy(file.parent)


def _encode(tables: Mapping[str, Mapping[str, str]]) -> str:
    """Return tables as lines: name and number of rows, then key and value of each row, with a tab between."""
    lines = []
    for name, rows in tables.items():
        lines.append(f"{name}\t{len(rows)}")
        lines += [f"{key}\t{value}" for key, value in rows.items()]
    if any(line.count("\n") or line.count("\t") != 1 for line in lines):
        raise KbError("a table has a key with a tab or the end of a line in it")
    return "\n".join(lines)


def _decode(body: str) -> dict[str, dict[str, str]]:
    lines = body.split("\n") if body else []
    tables, at = {}, 0
    while at < len(lines):
        name, rows = lines[at].split("\t")
        end = at + 1 + int(rows)
        tables[name] = dict([line.split("\t") for line in lines[at + 1 : end]])
        at = end
    return tables


def _file(digest: str) -> Path:
    return cache_dir() / "prepared" / f"{hashlib.sha256(digest.encode()).hexdigest()[:16]}.tables"


def _header(digest: str, body: bytes) -> str:
    return f"caveat-prepared {kb.__version__} {_code()} {digest} {hashlib.sha256(body).hexdigest()}"


@cache
def _code() -> str:
    """Return 16 hex digits that change with what tables are made by, the stemmer included."""
    package = Path(kb.__file__).parent
    total = hashlib.sha256(stemmer().encode())
    for path in sorted(path for pattern in _MADE_BY for path in package.glob(pattern) if path.is_file()):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]
