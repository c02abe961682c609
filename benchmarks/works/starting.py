"""Start: commands that do little, from nothing to their end, with what they need of memory."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from harness.programs import ProgramFailed, cost_of
from harness.settings import SHIPPED
from harness.settings import kb as our_command
from harness.tables import Table

from works.auditing import OURS, PEERS, commands, without_memory
from works.copywriting import LABELLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.settings import Bench

_PAGE = LABELLED / "007.txt"
_AUDIT = "The whole command, over one page of copy; caches are warm, as on any run but the first."
_SEARCH = (
    "The whole command, with one word to search for, shipped claims. Datasette is asked without a server (`--get`)."
)
_DATASETTE = "Datasette"


def starting(bench: Bench) -> Iterator[Table]:
    """Seconds, processor time and memory of `kb audit` on one page and `kb search`, beside the peers."""
    costs = {"wall": "s", "CPU": "s", "memory": "MiB"}
    folder = bench.home / "page"
    folder.mkdir(exist_ok=True)
    (folder / ".textlintrc.json").write_text('{"rules": {"write-good": true}}\n', encoding="utf-8")
    page = folder / "page.md"
    page.write_bytes(_PAGE.read_bytes())
    audits = {name: [*command, str(page)] for name, command in commands(bench).items()}
    yield _timed(bench, Table("start", "one page to audit", PEERS, costs, note=_AUDIT), audits)
    root, rows = bench.root(SHIPPED), bench.rows(SHIPPED)
    searches = {"kb search": [*our_command(root), "search", "pain", "--json"]}
    program = bench.peers.programs.get("datasette")
    if program:
        address = "/claims/claims.json?_search=pain&_size=20"
        files = [str(rows / "claims.db"), "--metadata", str(rows / "metadata.json")]
        searches[_DATASETTE] = [str(program), "serve", *files, "--get", address]
    yield _timed(bench, Table("start", "one search", (_DATASETTE,), costs, note=_SEARCH), searches)


def _timed(bench: Bench, table: Table, programs: dict[str, list[str]]) -> Table:
    bench.say(f"starting for {table.case}")
    for number in range(bench.rounds + 1):  # the first fills caches
        for name, command in list(programs.items()):
            try:
                with tempfile.TemporaryDirectory() as home:
                    ours = name in {OURS, "kb search"}
                    cost = cost_of(
                        command, folder=bench.home / "page", environment=None if ours else without_memory(home)
                    )
            except ProgramFailed as error:
                bench.missing[f"{name} ({table.case})"] = str(error)
                del programs[name]
                continue
            if number:
                table.add("command", name, wall=cost.wall, CPU=cost.cpu, memory=cost.mib)
    return table
