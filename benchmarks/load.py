"""Measure how long a knowledge base takes to read, from YAML and from the snapshot, and how much memory that needs.

    python benchmarks/load.py --claims claims
    python benchmarks/load.py --generated 10000

Each way is measured in a process of its own, after the package has been imported; the best of several runs counts,
since other work on the machine can only make a run slower. Memory is the process's peak resident set in MiB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from generate import generate

import kb.store


class Measure(NamedTuple):
    """The figures of one way to load."""

    seconds: float
    mebibytes: float
    entries: int
    findings: int


def measure(root: Path, runs: int, *, cache: bool) -> Measure:
    """Load a knowledge base so many times in this process, from the snapshot if there is one and `cache` is true."""
    times = []
    for _ in range(runs):
        loaded = None  # two knowledge bases at once would count as memory
        began = time.perf_counter()
        loaded = kb.store.load(root, cache=cache)
        times.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return Measure(min(times), peak, len(loaded.files), len(loaded.findings))


def main() -> None:
    """Read the command line, measure both ways and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--claims", type=Path, metavar="FOLDER", help="a knowledge base")
    place.add_argument("--generated", type=int, metavar="N", help="make one of N claims first")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        root = options.claims or generate(Path(home, "generated"), options.generated)
        size = sum(path.stat().st_size for path in root.rglob("*.yaml")) / 1024**2
        print(f"{'':<10}{'seconds':>9}{'MiB':>7}{'entries':>9}{'findings':>10}   {size:.1f} MiB of YAML")
        for name, cache, runs in (("yaml", False, options.runs), ("", True, 1), ("snapshot", True, options.runs)):
            result = _in_new_process(root, runs, cache=cache)
            if name:
                print(
                    f"{name:<10}{result.seconds:>9.3f}{result.mebibytes:>7.0f}{result.entries:>9}{result.findings:>10}"
                )


def _in_new_process(root: Path, runs: int, *, cache: bool) -> Measure:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, root, runs, cache=cache).result()


if __name__ == "__main__":
    main()
