"""Save: from a sentence that was typed to the first search that finds it, beside SQLite with the same change of a row.

Each save changes the sentence of a claim; now and then one adds a claim or takes one away. A process of its own has
the library open and has answered, as a server's. It works on a copy, which each round leaves as it was.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.programs import Worker
from harness.settings import HUGE, case_of
from harness.tables import Table

from kb import store
from kb.library import Library
from kb.search.base import FILTERS, Query
from kb.store import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.settings import Bench

PEER = "SQLite FTS5"
SAVES = 20
"""In a round."""
_WORDS = ("zanzibar", "quagmire", "xylophone", "vermilion", "juggernaut", "kaleidoscope", "obelisk", "wickerwork")
_NOTE = (
    f"{SAVES} saves a round, one in ten adds a claim and one removes one. *saved and found*: writing the file "
    "durably, bringing the index up to date and the first search with all counts; SQLite changes the row and its "
    "index, commits and searches. *found*: the same without the disk, which is what an editor waits for beyond it."
)
_libraries: list[Library] = []


class Save(NamedTuple):
    """Seconds of one save: writing, and then until it was found; of the latter those of the processor."""

    writing: float
    finding: float
    processor: float


def saving(bench: Bench) -> Iterator[Table]:
    """Milliseconds of a save until it is found, at the median and at worst."""
    for size in bench.sizes:
        if size >= HUGE:
            continue  # a copy and an index more for each engine would take longer than all the rest
        costs = {"p50": "ms", "worst": "ms", "CPU": "ms"}
        table = Table("saving", case_of(size), (PEER,), costs, note=_NOTE)
        rows = Path(shutil.copy(bench.rows(size) / "claims.db", bench.home / f"saving-{size}.db"))
        with ExitStack() as stack:
            workers = {}
            for name in (engine for engine in bench.engines_at(size) if engine != "memory"):
                bench.say(f"opening {case_of(size)} for saves with {name}")
                dsn = bench.databases.anew(f"saving_{size}") if name == "postgres" and bench.databases else None
                workers[name] = stack.enter_context(Worker())
                workers[name].call(open_library, _copy(bench, size, name), name, dsn)
            for number in range(bench.rounds):
                bench.say(f"saving with {case_of(size)}, round {number + 1} of {bench.rounds}")
                for name, worker in workers.items():
                    _note(table, name, worker.call(saves, number * SAVES))
                with Worker() as worker:
                    _note(table, PEER, worker.call(saves_in_sqlite, rows, number * SAVES))
        yield table


def _copy(bench: Bench, size: int, name: str) -> Path:
    """Return a copy of the entries for one engine, with the indexes that were built of them."""
    root = bench.root(size)
    copy = bench.home / f"saving-{size}-{name}"
    if not copy.exists():
        shutil.copytree(root, copy)
        built, snapshot = (places.cache_of(root.resolve(), what) for what in ("index", "snapshots"))
        if built.exists():
            shutil.copytree(built, places.cache_of(copy.resolve(), "index"), dirs_exist_ok=True)
        if snapshot.with_suffix(".json").exists():
            shutil.copy(
                snapshot.with_suffix(".json"), places.cache_of(copy.resolve(), "snapshots").with_suffix(".json")
            )
    return copy


def _note(table: Table, name: str, done: list[Save]) -> None:
    for row, times in (
        ("saved and found", [one.writing + one.finding for one in done]),
        ("found", [one.finding for one in done]),
    ):
        if row == "found" and name == PEER:
            continue  # its commit is both
        processor = statistics.median(one.processor for one in done) * 1_000
        table.add(row, name, p50=statistics.median(times) * 1_000, worst=max(times) * 1_000, CPU=processor)


def open_library(root: Path, engine: str, dsn: str | None) -> None:
    """Open a library in this process and let it answer once."""
    library = Library.open(root, engine=engine, dsn=dsn, follow_edits=False)
    library.index()
    for text in ("", "pain", "theme:mood", "wrogn spelling"):
        library.search(Query(text, facets=FILTERS))
    _libraries[:] = [library]


def saves(first: int) -> list[Save]:
    """Save so many times, from this number on, and put everything back."""
    library = _libraries[-1]
    before: dict[str, str | None] = {}
    done = [_save(library, number, before) for number in range(first, first + SAVES)]
    for path, text in before.items():
        if text is None:
            (library.root / path).unlink(missing_ok=True)
        else:
            store.save_text(library.root / path, text)
        library.apply_saved([path])
    return done


def _save(library: Library, number: int, before: dict[str, str | None]) -> Save:
    """Change, add or remove one claim and look for it."""
    word = _word(number)
    ids = sorted(library.kb.claims)
    claim = library.kb.claims[ids[number * 7919 % len(ids)]]
    path = library.files["claim", claim.id]
    what = {3: "add", 7: "remove"}.get(number % 10, "change")
    if what == "add":
        claim = claim.model_copy(update={"id": f"{claim.id}-{word}", "related": (), "aliases": ()})
        path = f"{path.removesuffix('.yaml')}-{word}.yaml"
    file = library.root / path
    before.setdefault(path, file.read_text(encoding="utf-8") if file.exists() else None)
    text = store.encode(claim.model_copy(update={"claim": f"{claim.claim[:150]} {word}"}))
    began = time.perf_counter()
    if what == "remove":
        file.unlink()
    else:
        store.save_text(file, text)
    written, used = time.perf_counter(), time.process_time()
    library.apply_saved([path])
    found = library.search(Query(word, facets=FILTERS))
    ended, used = time.perf_counter(), time.process_time() - used
    if (claim.id in {hit.id for hit in found.hits}) == (what == "remove"):
        message = f"a save of {claim.id} ({what}) does not show"
        raise RuntimeError(message)
    return Save(written - began, ended - written, used)


def saves_in_sqlite(rows: Path, first: int) -> list[Save]:
    """Change a row and its index, commit and look for it, so many times."""
    connection = sqlite3.connect(rows)
    ids = [rowid for (rowid,) in connection.execute("SELECT rowid FROM claims ORDER BY rowid")]
    done = []
    for number in range(first, first + SAVES):
        rowid, word = ids[number * 7919 % len(ids)], _word(number)
        began, used = time.perf_counter(), time.process_time()
        indexed = "claim, rationale, scope_population"
        connection.execute(
            f"INSERT INTO claims_fts(claims_fts, rowid, {indexed}) SELECT 'delete', rowid, {indexed} "  # noqa: S608
            "FROM claims WHERE rowid = ?",
            (rowid,),
        )
        connection.execute("UPDATE claims SET claim = substr(claim, 1, 150) || ' ' || ? WHERE rowid = ?", (word, rowid))
        connection.execute(
            f"INSERT INTO claims_fts(rowid, {indexed}) SELECT rowid, {indexed} FROM claims WHERE rowid = ?",  # noqa: S608
            (rowid,),
        )
        connection.commit()
        found = connection.execute("SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?", (word,)).fetchall()
        ended = time.perf_counter()
        if (rowid,) not in found:
            message = f"SQLite does not find row {rowid}"
            raise RuntimeError(message)
        done.append(Save(0.0, ended - began, time.process_time() - used))
    connection.close()
    return done


def _word(number: int) -> str:
    return f"{_WORDS[number % len(_WORDS)]}{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}"
