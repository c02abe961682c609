"""Search over HTTP: `kb serve` with each engine, beside Datasette over the same rows."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.programs import ProgramFailed, Server, free_port, running
from harness.settings import LARGE, SHIPPED, case_of
from harness.settings import kb as our_command
from harness.tables import Table, percentile

from works.searching import queries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.settings import Bench

    from works.asked import Asked

PEER = "Datasette"
A_KIND = 10
"""Queries of each kind."""
FORMS = ("HTML", "JSON")
_ADDRESSES = {
    (True, "HTML"): "/?",
    (True, "JSON"): "/api/v1/search?",
    (False, "HTML"): "/claims/claims?",
    (False, "JSON"): "/claims/claims.json?",
}
_FOUND = {True: "total", False: "filtered_table_rows_count"}
_SEARCHING = (
    "One client asks ten queries of each kind over a connection that stays open; times until the last byte, 20 claims "
    "a page with counts. Everything else as it comes. Datasette counts four facets where Caveat counts seven, neither "
    "mends nor widens, and wants every word of a pasted sentence in one row. The processor time of a database server "
    "is not counted."
)
_SERVING = "From the start of `kb serve` or `datasette serve` to its first answer; memory after all searches (PSS)."


@dataclass
class Times:
    """What one server took in one round: milliseconds by kind, processor time by kind."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)


def over_http(bench: Bench) -> Iterator[Table]:
    """Milliseconds and processor time of a search page and of the same as JSON; start-up and memory of the server."""
    for size in bench.sizes:
        if size != SHIPPED and size < LARGE and not bench.full:
            continue  # the ends of the scale tell more in less time
        queries = queries_of(bench, size, A_KIND)
        for case, engines in bench.groups_at(size):
            serving = Table("serving", case, (PEER,), {"start": "s", "memory": "MiB"}, note=_SERVING)
            with ExitStack() as stack:
                servers = _started(bench, size, engines, stack)
                for form in FORMS:
                    yield _measured(bench, f"{case}, {form}", servers, queries, form, rounds=bench.rounds_at(size))
                for server in servers:
                    serving.add("server", server.name, start=server.started, memory=server.memory())
            yield serving


def _started(bench: Bench, size: int, engines: tuple[str, ...], stack: ExitStack) -> list[Server]:
    """Start all servers, each index built before; one that does not start is named as missing."""
    servers = []
    for name in (*(engine for engine in engines if engine != "memory"), PEER):
        bench.say(f"starting {name} with {case_of(size)}")
        try:
            made = _datasette(bench, size) if name == PEER else _ours(bench, size, name)
            if made:
                servers.append(stack.enter_context(running(made)))
        except (ProgramFailed, subprocess.CalledProcessError) as error:
            bench.missing[f"{name} over HTTP, {case_of(size)}"] = str(error)
    return servers


def _ours(bench: Bench, size: int, name: str) -> Server:
    """Return our server for this engine, whose index is built first."""
    root = bench.root(size)
    dsn = bench.databases.anew(f"http_{size}") if name == "postgres" and bench.databases else None
    environment = {"CAVEAT_DSN": dsn} if dsn else {}
    chosen = ["--engine", name]
    subprocess.run(  # noqa: S603 - our own command
        [*our_command(root), "index", *chosen], check=True, stdout=subprocess.DEVNULL, env=os.environ | environment
    )
    port = free_port()
    return Server(name, [*our_command(root), "serve", "--port", str(port), *chosen], port, environment)


def _datasette(bench: Bench, size: int) -> Server | None:
    program, rows, port = bench.peers.programs.get("datasette"), bench.rows(size), free_port()
    if program is None:
        return None
    files = [str(rows / "claims.db"), "--metadata", str(rows / "metadata.json")]
    return Server(PEER, [str(program), "serve", *files, "--port", str(port)], port, {})


def _measured(bench: Bench, case: str, servers: list[Server], queries: list[Asked], form: str, *, rounds: int) -> Table:
    """Ask every query of every server in turn, once for practice, then in rounds."""
    costs = {"p50": "ms", "p95": "ms", "CPU": "ms"}
    table = Table("over HTTP", case, (PEER,), costs, {"found": ""}, _SEARCHING)
    kinds = list(dict.fromkeys(query.kind for query in queries))
    found: dict[tuple[str, str], float] = {}
    for number in range(rounds + 1):
        bench.say(f"asking over HTTP, {case}, round {number} of {rounds}")
        times = {server.name: Times() for server in servers}
        for kind in kinds:
            of_kind = [query for query in queries if query.kind == kind]
            # Each server answers all of a kind before the next one, so that its share of the processor can be read.
            for server in servers if number % 2 else reversed(servers):
                if number:
                    _ask(server, of_kind, form, times[server.name])
                else:
                    found[server.name, kind] = _count(server, of_kind)
        if number:
            for name, taken in times.items():
                _note(table, name, taken, found)
    return table


def _ask(server: Server, queries: list[Asked], form: str, times: Times) -> None:
    server.connect_anew()
    ours = server.name != PEER
    used = server.processor_time()
    for query in queries:
        began = time.perf_counter()
        server.get(_ADDRESSES[ours, form] + (query.ours if ours else query.theirs))
        times.milliseconds.setdefault(query.kind, []).append((time.perf_counter() - began) * 1_000)
    times.cpu[queries[0].kind] = (server.processor_time() - used) * 1_000


def _count(server: Server, queries: list[Asked]) -> float:
    server.connect_anew()
    ours = server.name != PEER
    addresses = (_ADDRESSES[ours, "JSON"] + (query.ours if ours else query.theirs) for query in queries)
    return statistics.median(float(json.loads(server.get(address))[_FOUND[ours]]) for address in addresses)


def _note(table: Table, name: str, times: Times, found: dict[tuple[str, str], float]) -> None:
    every = [one for kind in times.milliseconds.values() for one in kind]
    cpu = sum(times.cpu.values()) / len(every)
    for kind, taken in times.milliseconds.items():
        figures = {"p50": statistics.median(taken), "p95": percentile(taken, 0.95)}
        table.add(kind, name, **figures, CPU=times.cpu[kind] / len(taken), found=found[name, kind])
    table.add("all", name, p50=statistics.median(every), p95=percentile(every, 0.95), CPU=cpu)
