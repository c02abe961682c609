"""Index and search in process: every engine that is installed, beside SQLite FTS5 over the same rows."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from typing import TYPE_CHECKING

from harness.programs import Worker
from harness.settings import HUGE, LARGE, case_of
from harness.tables import Table, percentile

from kb.store import places
from works import finding
from works.finding import PEER, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.settings import Bench

    from works.asked import Asked

A_KIND = 20
"""Queries of each kind."""
_INDEXING = (
    "From entries in memory to the first answer, in a new process. SQLite indexes three columns (claim, rationale, "
    "population), our engines all that an entry says."
)
_SEARCHING = (
    "Twenty queries of each kind, 20 hits with highlights; p50 and p95 are those of a round. *AND*: two words; ours "
    "shows what has both first, then what has most of them. *facets*: a word and a "
    "filter by verdict with all counts (four at SQLite, seven at ours). found is the median of how many are found: "
    "SQLite neither mends nor widens, and wants every word of a sentence in one row. The processor time of a database "
    "server is not counted."
)


def searching(bench: Bench) -> Iterator[Table]:
    """Time, processor time and memory of building each index, then of queries by kind."""
    for size in bench.sizes:
        queries = queries_of(bench, size, A_KIND)
        for case, engines in bench.groups_at(size):
            with ExitStack() as stack:
                building = Table(
                    "indexing", case, (PEER,), {"wall": "s", "CPU": "s", "memory": "MiB"}, {"disk": "MiB"}, _INDEXING
                )
                workers = _built(bench, size, engines, building, stack)
                yield building
                yield _searched(bench, case, queries, workers)


def queries_of(bench: Bench, size: int, number: int) -> list[Asked]:
    """Return so many queries of each kind, made in a process that ends; it leaves a snapshot for others."""
    with Worker() as worker:
        made: list[Asked] = worker.call(finding.queries, bench.root(size), number)
        return made


def place_of(bench: Bench, name: str, size: int) -> Place:
    """Return where an engine keeps the index of this size; in a database, an empty one."""
    root = bench.root(size)
    dsn = bench.databases.anew(f"{name}_{size}") if name == "postgres" and bench.databases else None
    folder = places.cache_of(root.resolve(), "index")  # where `kb serve` will find it
    return Place(root, folder, dsn)


def _built(bench: Bench, size: int, engines: tuple[str, ...], table: Table, stack: ExitStack) -> dict[str, Worker]:
    """Build every index some times over, each time in a new process; return the last processes."""
    workers: dict[str, Worker] = {}
    rows = bench.rows(size) / "claims.db"
    builds = 1 if size >= HUGE or (size >= LARGE and not bench.full) else bench.rounds_at(size)
    for number in range(builds):
        for name in (*engines, PEER):
            bench.say(f"indexing {case_of(size)}: {name}, round {number + 1} of {builds}")
            worker = Worker()
            if name == PEER:
                wall, cpu, mib, disk = worker.call(finding.build_peer, rows)
            else:
                wall, cpu, mib, disk = worker.call(finding.build, name, place_of(bench, name, size))
            table.add("to the first answer", name, wall=wall, CPU=cpu, memory=mib, disk=disk)
            if number + 1 < builds:
                worker.close()
            else:
                workers[name] = stack.enter_context(worker)
    return workers


def _searched(bench: Bench, case: str, queries: list[Asked], workers: dict[str, Worker]) -> Table:
    """Let all processes answer the same queries in turn."""
    table = Table("searching", case, (PEER,), {"p50": "ms", "p95": "ms", "CPU": "ms"}, {"found": ""}, _SEARCHING)
    kinds = dict.fromkeys(query.kind for query in queries)
    for number in range(bench.rounds + 1):
        bench.say(f"searching {case}, round {number} of {bench.rounds}")
        for kind in kinds:
            of_kind = [query for query in queries if query.kind == kind]
            for name, worker in workers.items():
                told = worker.call(finding.ask, of_kind)
                if number:  # the first is for practice
                    times, cpu = told.milliseconds, told.cpu / len(of_kind)
                    found = statistics.median(told.found)
                    table.add(
                        kind, name, p50=statistics.median(times), p95=percentile(times, 0.95), CPU=cpu, found=found
                    )
    return table
