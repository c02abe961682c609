"""Load: from the files to entries in memory, beside PyYAML, which only parses them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import yaml
from harness.programs import Worker, all_processor_time, own_memory
from harness.settings import case_of
from harness.tables import Table

import kb.store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.settings import Bench

PEER = "PyYAML"
Figures = tuple[float, float, float]
"""Seconds, those of the processor, and MiB."""
_NOTE = (
    "PyYAML with its parser in C reads the same files into dictionaries and checks nothing. Each time a new process, "
    "after imports."
)


def loading(bench: Bench) -> Iterator[Table]:
    """Time, processor time and memory of reading the files, and of reading the snapshot of them."""
    for size in bench.sizes:
        root = bench.root(size)
        bench.say(f"loading {case_of(size)}")
        table = Table("loading", case_of(size), (PEER,), {"wall": "s", "CPU": "s", "memory": "MiB"}, note=_NOTE)
        with Worker() as worker:
            worker.call(ours, root, True)  # leaves the snapshot
        for _ in range(bench.rounds_at(size)):
            wall, cpu, mib = _in_new_process(theirs, root)
            for row, cache in (("from YAML", False), ("from the snapshot", True)):
                table.add(row, PEER, wall=wall, CPU=cpu, memory=mib)
                wall_of_ours, cpu_of_ours, mib_of_ours = _in_new_process(ours, root, cache)
                table.add(row, "kb", wall=wall_of_ours, CPU=cpu_of_ours, memory=mib_of_ours)
        yield table


def _in_new_process(function: Callable[..., Figures], *arguments: object) -> Figures:
    with Worker() as worker:
        figures: Figures = worker.call(function, *arguments)
        return figures


def ours(root: Path, cache: bool) -> Figures:
    """Load the knowledge base, from the snapshot where `cache` is true."""
    used, began = all_processor_time(), time.perf_counter()
    loaded = kb.store.load(root, cache=cache)
    figures = time.perf_counter() - began, all_processor_time() - used, own_memory()
    del loaded
    return figures


def theirs(root: Path) -> Figures:
    """Parse the same files."""
    used, began = all_processor_time(), time.perf_counter()
    loaded = [yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in root.rglob("*.yaml")]
    figures = time.perf_counter() - began, all_processor_time() - used, own_memory()
    del loaded
    return figures
