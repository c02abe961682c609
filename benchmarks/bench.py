"""Measure everything that is meant to be fast, beside peers in the same run, and say what became slower.

    python benchmarks/bench.py                     # all works; writes benchmarks/RESULTS.md
    python benchmarks/bench.py --full              # more rounds, and 100,000 claims; takes hours
    python benchmarks/bench.py searching saving    # only these works, printed alone
    python benchmarks/bench.py searching --size 10000 --engine tantivy
    python benchmarks/bench.py --record            # this run is what later ones are compared with

Programs take turns, several rounds; what is compared with the record (benchmarks/record.json) are ratios with peers,
not times. A work that seems slower is measured once more. Exit code 0: nothing is slower beyond noise; 1: something is;
2: a work could not be done. Peers are installed beside our environment (see harness/peers.py); what cannot be had is
named. The engine postgres takes part where CAVEAT_DSN leads to a server on which databases may be made.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import peers, results
from harness.databases import Databases
from harness.record import Change, Run, compared, confirmed, joined, load, save
from harness.settings import HUGE, LARGE, SHIPPED, Bench
from works.auditing import auditing
from works.loading import loading
from works.over_http import over_http
from works.saving import saving
from works.searching import searching
from works.starting import starting

from kb.errors import KbError
from kb.search.engines import DSN, ENGINES, engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.tables import Table

    Work = Callable[[Bench], Iterator[Table]]

FOLDER = Path(__file__).parent
WORKS: dict[str, Work] = {
    "starting": starting,
    "auditing": auditing,
    "loading": loading,
    "searching": searching,
    "over_http": over_http,
    "saving": saving,
}
_PACKAGES = ("whoosh", "tantivy", "psycopg", "flask", "waitress")


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    made.add_argument("works", nargs="*", metavar="WORK", help=f"only these: {', '.join(WORKS)}")
    made.add_argument("--full", action="store_true", help="more rounds, and 100,000 claims")
    made.add_argument("--rounds", type=int, metavar="N", help="rounds (5, or 9 with --full; fewer of long works)")
    made.add_argument("--size", type=int, action="append", metavar="CLAIMS", help="only this size; 0: shipped claims")
    made.add_argument("--engine", action="append", choices=ENGINES, help="only this one (may be given again)")
    made.add_argument("--record", action="store_true", help="compare later runs with this one")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, measure, write, compare; return the exit code."""
    made = parser()
    options = made.parse_args(arguments)
    unknown = set(options.works) - set(WORKS)
    if unknown:
        made.error(f"no such work: {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    with tempfile.TemporaryDirectory(prefix="caveat-bench-") as home:
        os.environ["CAVEAT_HOME"] = str(Path(home, "home"))
        bench = _bench(options, Path(home))
        try:
            run, changes, slower, recorded = _measured(bench, options)
        finally:
            if bench.databases:
                bench.databases.drop()
    whole = not (options.works or options.size or options.engine)
    kept = joined(recorded, run)
    if options.record or (whole and not recorded):
        save(FOLDER / "record.json", kept)
    since = recorded.about["date"] if recorded else ""
    if whole:
        (FOLDER / "RESULTS.md").write_text(results.page(kept, changes, slower, since), encoding="utf-8")
    print(results.page(run, changes, slower, since))
    return 2 if bench.failed else 1 if slower else 0


def _bench(options: argparse.Namespace, home: Path) -> Bench:
    found = peers.installed(peers.known())
    dsn = os.environ.pop(DSN, "")
    databases = Databases(dsn) if dsn else None
    engines, missing = _engines(options.engine or ENGINES, home, dsn)
    return Bench(
        home=home,
        peers=found,
        engines=engines,
        sizes=tuple(options.size or (SHIPPED, 1_000, LARGE, *((HUGE,) if options.full else ()))),
        rounds=options.rounds or (9 if options.full else 5),
        full=options.full,
        databases=databases if "postgres" in engines else None,
        missing=missing | found.missing,
    )


def _engines(names: Sequence[str], home: Path, dsn: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the engines that can be used here, and why the others cannot."""
    usable, missing = [], {}
    for name in names:
        try:
            engine(name, home / "probe", dsn=dsn or None)
        except KbError as error:
            missing[name] = str(error)
        else:
            usable.append(name)
    return tuple(usable), missing


def _measured(bench: Bench, options: argparse.Namespace) -> tuple[Run, list[Change], list[Change], Run | None]:
    """Measure all works, compare with the record, and measure once more what seems slower."""
    recorded = load(FOLDER / "record.json")
    works = {name: WORKS[name] for name in options.works or WORKS}
    about = _about()
    tables = {name: _tables(bench, name, work) for name, work in works.items()}
    programs = [*bench.peers.versions.values(), f"SQLite {sqlite3.sqlite_version}", f"PyYAML {_version('pyyaml')}"]
    about |= {"peers": ", ".join(programs), "missing": bench.missing | bench.failed}
    run = Run(about, tuple(table for some in tables.values() for table in some))
    changes = compared(recorded, run) if recorded else []
    slower = [change for change in changes if change.slower]
    if recorded and slower:
        names = [
            name for name, some in tables.items() if {table.work for table in some} & {c.place.work for c in slower}
        ]
        bench.say(f"{len(slower)} ratios are worse than recorded; measuring again: {', '.join(names)}")
        again = Run(about, tuple(table for name in names for table in _tables(bench, name, works[name])))
        slower = confirmed(changes, compared(recorded, again))
    return run, changes, slower, recorded


def _tables(bench: Bench, name: str, work: Work) -> list[Table]:
    """Return what a work measured until its end, or until it failed, which is told with what is missing."""
    found: list[Table] = []
    try:
        found.extend(work(bench))
    except Exception as error:  # noqa: BLE001 - nobody is there to start a long run again
        bench.say(f"{name} failed: {error}")
        bench.failed[name] = f"failed: {type(error).__name__}: {error}"
    return found


def _about() -> dict[str, Any]:
    """Return where, when and with which of our versions this is measured."""
    versions = [f"{name} {version}" for name in ("caveat-kb", *_PACKAGES) if (version := _version(name))]
    return {
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "command": f"python benchmarks/bench.py {' '.join(sys.argv[1:])}".strip(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_processor()}",
        "load at the start": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "versions": f"{', '.join(versions)}, Python {platform.python_version()}",
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that servers are stopped and folders removed
    sys.exit(main())
