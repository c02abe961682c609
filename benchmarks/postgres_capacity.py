"""Measure what a search index in PostgreSQL takes: space, saves, and each search, here and in the server.

    python benchmarks/postgres_capacity.py --claims FOLDER --dsn ADDRESS [--times 9]

ADDRESS is that of an empty database of your own, on this machine, under Linux. Searches are asked again, in the server
alone, after the rows of all claims were copied so many times: what a server does with more claims than fit here.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psycopg
from works.asked import asked

from kb import store
from kb.search.postgres import engine as made_by
from kb.search.postgres.finder import PostgresFinder

A_KIND = 10
SAVES = 15
ALONE = "-c jit=off -c max_parallel_workers_per_gather=0"
AGAIN = 2
"""How often a server is asked the same; the quickest counts."""

_SIZES = """
    SELECT c.relname, pg_total_relation_size(c.oid) - pg_indexes_size(c.oid) FROM pg_class c
    WHERE c.relnamespace = 'caveat'::regnamespace AND c.relkind = 'r'
    UNION ALL SELECT indexrelname, pg_relation_size(indexrelid) FROM pg_stat_user_indexes WHERE schemaname = 'caveat'
"""
_COPY = """
    INSERT INTO caveat.claim (id, since, hash, terms, wording, words, certainty, sources)
    SELECT id || '-' || copy, since, hash, terms, wording, words, certainty, sources
    FROM caveat.claim, generate_series(1, %s) AS copy WHERE until = 9223372036854775807
"""


class Listening(PostgresFinder):
    """Notes what it asks the server."""

    heard: list[tuple[str, tuple[Any, ...]]] = []  # noqa: RUF012 - one list for all

    def _rows(self, statement: Any, *values: Any) -> tuple[tuple[Any, ...], ...]:
        self.heard.append((statement, (self.state.number, *values)))
        return super()._rows(statement, *values)


def sizes(connection: psycopg.Connection, claims: int) -> None:
    """Print the space that tables and indexes take."""
    connection.execute("VACUUM ANALYZE caveat.claim, caveat.word")
    for name, size in connection.execute(_SIZES):  # type: ignore[call-overload]
        print(f"{name:14} {size / 1e6:9.1f} MB {size / claims:9.0f} bytes a claim")


def resident() -> float:
    """Return the megabytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096 / 1e6


def written(connection: psycopg.Connection) -> int:
    """Return how many bytes of log the server has written in its life."""
    return int(connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()[0])  # type: ignore[index]


def saves(connection: psycopg.Connection, kb: Any, backend: Any) -> Any:
    """Change one claim after the other; print how long it takes until each is searchable."""
    before, took = written(connection), []
    for number, claim_id in enumerate(sorted(kb.claims)[:SAVES]):
        edited = kb.claims[claim_id].model_copy(update={"claim": f"{kb.claims[claim_id].claim} Quokka{number}."})
        kb = dataclasses.replace(kb, claims={**kb.claims, claim_id: edited}, digest=f"{kb.digest[:50]} {number}")
        start = time.perf_counter()
        backend = backend.updated(kb)
        took.append(time.perf_counter() - start)
    log = (written(connection) - before) / SAVES
    print(
        f"a save: {statistics.median(took) * 1e3:.0f} ms, most {max(took, default=0) * 1e3:.0f} ms; log {log:.0f} bytes"
    )
    return kb, backend


def searches(kb: Any, backend: Any) -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    """Search by kind of query; print times here, and return what the server was asked."""
    took, busy, found, questions = defaultdict(list), defaultdict(list), defaultdict(list), {}
    for query in asked(kb, A_KIND):
        Listening.heard = questions.setdefault(query.kind, [])
        start, processor = time.perf_counter(), time.process_time()
        found[query.kind].append(backend.search(query.query).total)
        took[query.kind].append(time.perf_counter() - start)
        busy[query.kind].append(time.process_time() - processor)
    for kind, times in took.items():
        median, here = statistics.median(times) * 1e3, statistics.mean(busy[kind]) * 1e3
        print(
            f"{kind:16} {median:7.1f} ms in all, median; on average {here:5.1f} ms of processor time here, "
            f"{statistics.mean(found[kind]):.0f} claims, most {max(found[kind])}"
        )
    return questions


def processor_time(process: int) -> float:
    """Return the seconds of processor time of a server's process on this machine."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def in_server(connection: psycopg.Connection, questions: dict[str, list[tuple[str, tuple[Any, ...]]]]) -> None:
    """Ask the server alone what it was asked before; print its processor time for each search."""
    for kind, heard in questions.items():
        took = []
        for statement, values in heard:
            rounds = []
            for _ in range(AGAIN):
                start = processor_time(connection.info.backend_pid)
                connection.execute(statement, values).fetchall()  # type: ignore[call-overload]
                rounds.append(processor_time(connection.info.backend_pid) - start)
            took.append(min(rounds))
        mean, most = sum(took) / A_KIND * 1e3, max(took, default=0.0) * 1e3
        print(f"{kind:16} {mean:7.1f} ms of its processor time on average, longest question {most:7.1f} ms")


def main() -> None:
    """Measure, in the order of the docstring."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--claims", type=Path, required=True)
    made.add_argument("--dsn", required=True)
    made.add_argument("--times", type=int, default=9)
    asked_for = made.parse_args()
    start = time.process_time()
    kb = store.load(asked_for.claims).kb
    print(f"{len(kb.claims)} claims read in {time.process_time() - start:.1f} s of processor time; {resident():.0f} MB")
    made_by.PostgresFinder = Listening  # type: ignore[misc]
    engine = made_by.PostgresEngine(asked_for.dsn)
    with psycopg.connect(asked_for.dsn, autocommit=True, options=ALONE) as connection:
        before, start, processor = written(connection), time.perf_counter(), time.process_time()
        engine.build(kb)
        print(
            f"built in {time.perf_counter() - start:.0f} s, {time.process_time() - processor:.0f} s of processor time "
            f"here; log {(written(connection) - before) / 1e6:.0f} MB; {resident():.0f} MB"
        )
        sizes(connection, len(kb.claims))
        backend = engine.open(kb)
        backend.search(next(asked(kb, 1, seed=2)).query)
        print(f"{resident():.0f} MB with the words read")
        questions = searches(kb, backend)
        print("the server alone:")
        in_server(connection, questions)
        kb, _ = saves(connection, kb, engine.open(kb))
        print(f"the server alone, with {asked_for.times + 1} times the claims:")
        connection.execute(_COPY, [asked_for.times])
        sizes(connection, len(kb.claims) * (asked_for.times + 1))
        in_server(connection, questions)


if __name__ == "__main__":
    main()
