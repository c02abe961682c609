"""Audit: one text beside other prose linters, and the same text against ever more claims.

Peers run as they come: proselint with all its checks; textlint, which has no rules of its own, with
`textlint-rule-write-good`. Each reads the same file and prints all that it finds as JSON.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from harness.programs import ProgramFailed, Worker, cost_of
from harness.settings import LARGE, SHIPPED
from harness.settings import kb as our_command
from harness.tables import Table

from kb.library.auditing import AuditOptions, Audits, Copy
from kb.library.opening import entries
from works.copywriting import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harness.settings import Bench

OURS = "kb audit"
PEERS = ("proselint", "textlint")
_ARGUMENTS = {"proselint": ("check", "--output-format", "json"), "textlint": ("--format", "json")}
_SMALLEST = 196
_NOTE = (
    "The whole command, start-up included, over a text of {words:,} words. proselint with all its checks; textlint "
    "with write-good, since it has no rules of its own."
)
_GROWTH = (
    "One text of {words:,} words, in process, against made-up knowledge bases; claims, caveats and sources grow alike."
)
_audits: list[Audits] = []


def auditing(bench: Bench) -> Iterator[Table]:
    """Seconds, processor time and words per second of each linter; then processor time by number of claims."""
    yield _beside_linters(bench)
    yield _against_more_claims(bench)


def commands(bench: Bench) -> dict[str, list[str]]:
    """Return how each linter is asked for all that it finds."""
    found = {OURS: [*our_command(bench.root(SHIPPED)), "audit", "--format", "json", "--fail-level", "none"]}
    for name in PEERS:
        program = bench.peers.programs.get(name)
        if program:
            rules = ["--rules-base-directory", str(program.parents[1])] if name == "textlint" else []
            found[name] = [str(program), *_ARGUMENTS[name], *rules]
    return found


def without_memory(home: str) -> Mapping[str, str]:
    """Return an environment in which a peer finds nothing that it kept of an earlier round."""
    return os.environ | {"HOME": home, "XDG_CACHE_HOME": home}


def _beside_linters(bench: Bench) -> Table:
    text = text_of(5 if bench.full else 1)
    words = len(text.split())
    costs = {"wall": "s", "CPU": "s", "memory": "MiB"}
    table = Table("audit", "one text", PEERS, costs, {"words/s": ""}, _NOTE.format(words=words))
    folder = bench.home / "copy"
    folder.mkdir(exist_ok=True)
    file = folder / "copy.md"
    file.write_text(text, encoding="utf-8")
    (folder / ".textlintrc.json").write_text('{"rules": {"write-good": true}}\n', encoding="utf-8")
    programs = commands(bench)
    for number in range(bench.rounds_at(LARGE)):
        for name, command in list(programs.items()):
            bench.say(f"auditing {words:,} words with {name}, round {number + 1}")
            try:
                with tempfile.TemporaryDirectory() as home:
                    environment = None if name == OURS else without_memory(home)
                    cost = cost_of([*command, str(file)], folder=folder, environment=environment)
            except ProgramFailed as error:
                bench.missing[f"{name} on a text of {words:,} words"] = str(error)
                del programs[name]
                continue
            table.add("text", name, wall=cost.wall, CPU=cost.cpu, memory=cost.mib, **{"words/s": words / cost.wall})
    return table


def _against_more_claims(bench: Bench) -> Table:
    """How the time for one text grows with the claims."""
    text = text_of(0.25)
    sizes = (_SMALLEST, _SMALLEST * 10, *((_SMALLEST * 100,) if bench.full else ()))
    first = f"{_SMALLEST:,} claims"
    table = Table("audit", "more claims", (first,), {"CPU": "s"}, note=_GROWTH.format(words=len(text.split())))
    with ExitStack() as stack:
        workers = {}
        for size in sizes:
            bench.say(f"opening {size:,} claims for audits")
            workers[f"{size:,} claims"] = stack.enter_context(Worker())
            workers[f"{size:,} claims"].call(open_audits, bench.root(size))
        for number in range(bench.rounds + 1):  # the first makes ready what only copy asks for
            bench.say(f"auditing against more claims, round {number} of {bench.rounds}")
            for name, worker in workers.items():
                cpu = worker.call(audit, text)
                if number:
                    table.add("text", name, CPU=cpu)
    return table


def open_audits(root: Path) -> None:
    """Make audits ready in this process."""
    audits = Audits(entries(root), AuditOptions())
    audits.ready()
    gc.freeze()  # as the command does
    _audits[:] = [audits]


def audit(text: str) -> float:
    """Audit the text; return the seconds of the processor."""
    began = time.process_time()
    _audits[-1].of(Copy("copy.md", content=text.encode(), media="text/markdown"))
    return time.process_time() - began
