"""What runs in a worker of its own: one engine, or SQLite, that builds its index and answers queries."""

from __future__ import annotations

import gc
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.programs import all_processor_time, own_memory

import kb.store
from kb.search.engines import engine
from works.asked import A_PAGE, Asked, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PEER = "SQLite FTS5"
_FACETS = ("verdict", "certainty", "type", "status")
_TABLE = "claims_fts JOIN claims ON claims.rowid = claims_fts.rowid WHERE claims_fts MATCH :match"
_kept: list[Callable[[Asked], int]] = []


@dataclass(frozen=True)
class Place:
    """Where an engine keeps its index, and of what: a folder or a database."""

    root: Path
    folder: Path
    dsn: str | None = None


@dataclass(frozen=True)
class Asking:
    """What the queries of one kind cost: milliseconds of each, of the processor in all; and how many were found."""

    milliseconds: list[float]
    cpu: float
    found: list[int]


def build(name: str, place: Place) -> tuple[float, float, float, float]:
    """Build an index from nothing until it answers; return seconds, those of the processor, MiB, and MiB on disk."""
    base = kb.store.load(place.root).kb
    gc.freeze()
    used, began = all_processor_time(), time.perf_counter()
    made = engine(name, place.folder, dsn=place.dsn)
    if name != "memory":  # which is built when it is opened
        made.build(base)
    backend = made.open(base)
    backend.search(Asked("word", "pain", "pain").query)
    took, used = time.perf_counter() - began, all_processor_time() - used
    _keep(lambda asked: backend.search(asked.query).total)
    return took, used, own_memory(), _size(place.folder, name)


def queries(root: Path, number: int) -> list[Asked]:
    """Return so many queries of each kind over these entries."""
    return list(asked(kb.store.load(root).kb, number))


def build_peer(rows: Path) -> tuple[float, float, float, float]:
    """Build SQLite's index of the exported rows anew; return the same figures."""
    connection = sqlite3.connect(rows)
    used, began = all_processor_time(), time.perf_counter()
    connection.execute("INSERT INTO claims_fts(claims_fts) VALUES ('rebuild')")
    connection.commit()
    _in_sqlite(connection, Asked("word", "pain", "pain"))
    took, used = time.perf_counter() - began, all_processor_time() - used
    _keep(lambda asked: _in_sqlite(connection, asked))
    return took, used, own_memory(), rows.stat().st_size / 1024**2


def ask(asked: Sequence[Asked]) -> Asking:
    """Ask the engine or SQLite that this process has open."""
    search = _kept[-1]
    times, found = [], []
    used = time.process_time()
    for one in asked:
        began = time.perf_counter()
        found.append(search(one))
        times.append((time.perf_counter() - began) * 1_000)
    return Asking(times, (time.process_time() - used) * 1_000, found)


def _in_sqlite(connection: sqlite3.Connection, asked: Asked) -> int:
    """Find what a page shows: the first hits by rank with a highlight, how many there are, and counts for a filter."""
    chosen = " AND verdict = :verdict" if asked.verdict else ""
    given = {"match": asked.match, "verdict": asked.verdict}
    connection.execute(
        f"SELECT claims.*, snippet(claims_fts, -1, '[', ']', '…', 30) FROM {_TABLE}{chosen} "  # noqa: S608 - constants
        f"ORDER BY claims_fts.rank LIMIT {A_PAGE}",
        given,
    ).fetchall()
    for facet in _FACETS if asked.verdict else ():
        counted = f"SELECT {facet}, count(*) FROM {_TABLE}{chosen} GROUP BY 1 ORDER BY 2 DESC"  # noqa: S608 - constants
        connection.execute(counted, given).fetchall()
    (total,) = connection.execute(f"SELECT count(*) FROM {_TABLE}{chosen}", given).fetchone()  # noqa: S608 - constants
    return int(total)


def _keep(search: Callable[[Asked], int]) -> None:
    _kept[:] = [search]


def _size(folder: Path, name: str) -> float:
    """Return the size of an engine's indexes, which begin with its name."""
    files = (path for place in folder.glob(f"{name}-*") for path in (place, *place.rglob("*")))
    return sum(path.stat().st_size for path in files if path.is_file()) / 1024**2
