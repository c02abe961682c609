"""Measure how soon a search is answered over HTTP, beside Datasette over the same rows.

    python benchmarks/over_http.py --datasette /elsewhere/bin/datasette
    python benchmarks/over_http.py --threads one --rounds 9

Both serve the shipped entries on this machine: Caveat with `kb serve`, Datasette with the file that `kb export sqlite`
writes and the metadata made for it, one process each, everything else as it comes. "one" gives both a single thread.
One client asks the same queries of both in turn, over connections that stay open, HTML beside HTML and JSON beside
JSON, 20 entries a page with facets; a first round does not count. Times are milliseconds until the last byte; "CPU"
is what the server's process spent on a request (Linux only), which other work on the machine hardly changes.

The answers are not the same: Datasette does not mend or widen, counts four facets where Caveat counts seven, and wants
every word of a pasted sentence in one row. "found" is the median number of claims found, to keep that in sight.
Where there is no Datasette, nothing is measured and the exit code is 2.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.metadata
import importlib.util
import json
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import kb.store
from kb.search.query import FUNCTION_WORDS
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.model import KnowledgeBase

ROOT = Path(__file__).parents[1]
A_PAGE = 20
LIMIT = 25
"""Milliseconds that 95 of 100 requests should stay under."""
_SHORTEST = 5
"""Letters that a word needs to be mistyped, or begun only."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: what somebody types, and a filter by verdict."""

    kind: str
    text: str
    verdict: str | None = None

    @property
    def ours(self) -> str:
        """What stands after the question mark."""
        return urlencode({"q": self.text} | ({"verdict": self.verdict} if self.verdict else {}))

    @property
    def theirs(self) -> str:
        """The same for Datasette, whose stars work in its raw mode only."""
        raw = {"_searchmode": "raw"} if self.text.endswith("*") else {}
        chosen = {"verdict": self.verdict} if self.verdict else {}
        return urlencode({"_search": self.text, "_size": A_PAGE} | raw | chosen)


@dataclass(frozen=True, slots=True)
class Program:
    """How a server is started, and where it answers a query."""

    name: str
    command: list[str]
    port: int
    html: str
    json: str
    total: str
    """The field of its JSON that says how many were found."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with a connection to it."""

    program: Program
    process: subprocess.Popen[str]
    connection: http.client.HTTPConnection

    def get(self, address: str) -> bytes:
        """Return the body of an answer; raise where it is not 200."""
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            message = f"{self.program.name} answered {answer.status} to {address}"
            raise RuntimeError(message)
        return body

    def busy(self) -> float:
        """Return the seconds of CPU that its process has spent; 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Times:
    """What one server took for the queries of one kind."""

    milliseconds: list[float] = field(default_factory=list)
    cpu: float = 0.0
    found: list[int] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 requests stay under."""
        return sorted(self.milliseconds)[max(int(len(self.milliseconds) * 0.95) - 1, 0)]


def queries(kb: KnowledgeBase, number: int, seed: int) -> Iterator[Asked]:
    """Yield `number` queries of each kind, made from random claims and their examples of copy."""
    chance = random.Random(seed)
    for claim_id in chance.choices(sorted(kb.claims), k=number):
        claim = kb.claims[claim_id]
        text = [token.word for token in tokens(claim.claim)]
        words = [word for word in text if word not in FUNCTION_WORDS] or text
        long = max(words, key=len)
        start = chance.randrange(max(len(text) - 2, 1))
        yield Asked("word", chance.choice(words))
        yield Asked("several words", " ".join(chance.sample(words, min(3, len(words)))))
        yield Asked("phrase", f'"{" ".join(text[start : start + 3])}"')
        yield Asked("typing error", _mistyped(long, chance))
        yield Asked("prefix", f"{long[: max(_SHORTEST - 1, len(long) // 2)]}*")
        yield Asked("filter + facets", chance.choice(words), claim.verdict.value)
        yield Asked("pasted sentence", chance.choice([claim.claim, *claim.examples.match]))


def _mistyped(word: str, chance: random.Random) -> str:
    """Return a word with two neighbouring letters swapped, as fingers do, where it is long enough to be mended."""
    if len(word) < _SHORTEST:
        return word
    place = chance.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def measure(servers: Sequence[Server], asked: Sequence[Asked], rounds: int, form: str) -> list[dict[str, Times]]:
    """Ask every query of every server in turn, once for practice and then `rounds` times; return times by kind."""
    times: list[dict[str, Times]] = [{query.kind: Times() for query in asked} for _ in servers]
    for number in range(rounds + 1):
        for kind in dict.fromkeys(query.kind for query in asked):
            of_kind = [query for query in asked if query.kind == kind]
            # Each server answers all of a kind before the other one, so that its share of the CPU can be read.
            order = range(len(servers)) if number % 2 else reversed(range(len(servers)))
            for place in order:
                _ask(servers[place], of_kind, times[place][kind], form, counts=number > 0)
    return times


def _ask(server: Server, asked: Sequence[Asked], times: Times, form: str, *, counts: bool) -> None:
    server.connection.close()  # servers drop a connection that was idle while the other one was asked
    server.connection.connect()
    busy = server.busy()
    for query in asked:
        typed = query.theirs if server.program.name == "Datasette" else query.ours
        began = time.perf_counter()
        server.get(getattr(server.program, form) + typed)
        if counts:
            times.milliseconds.append((time.perf_counter() - began) * 1_000)
        else:
            times.found.append(json.loads(server.get(server.program.json + typed))[server.program.total])
    if counts:
        times.cpu += (server.busy() - busy) * 1_000


def table(form: str, ours: dict[str, Times], theirs: dict[str, Times]) -> str:
    """Return the figures of both servers side by side, kind by kind and in all; ratios above 1 are in our favour."""
    columns = f"{'p50':>8}{'p95':>8}{'CPU':>8}{'found':>7}"
    lines = [
        f"{form.upper():<18}{'Caveat':>31}{'Datasette':>34}{'Datasette / Caveat':>24}",
        f"{'milliseconds':<18}{columns}   {columns}   {'p50':>7}{'p95':>7}{'CPU':>7}",
    ]
    for kind in (*ours, "all"):
        mine, other = (_all(times) if kind == "all" else times[kind] for times in (ours, theirs))
        ratios = [_ratio(other.p50, mine.p50), _ratio(other.p95, mine.p95), _ratio(other.cpu, mine.cpu)]
        lines.append(f"{kind:<18}{_figures(mine)}   {_figures(other)}   {''.join(ratios)}")
    return "\n".join(lines)


def _figures(times: Times) -> str:
    cpu = f"{times.cpu / len(times.milliseconds):>8.1f}" if times.cpu else f"{'':>8}"
    found = f"{statistics.median(times.found):>7.0f}" if times.found else f"{'':>7}"
    return f"{times.p50:>8.1f}{times.p95:>8.1f}{cpu}{found}"


def _ratio(theirs: float, ours: float) -> str:
    return f"{theirs / ours:>7.2f}" if ours and theirs else f"{'':>7}"


def _all(times: dict[str, Times]) -> Times:
    kinds = times.values()
    return Times([one for kind in kinds for one in kind.milliseconds], sum(kind.cpu for kind in kinds))


@contextmanager
def running(program: Program) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it in the end."""
    with subprocess.Popen(program.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            server = Server(program, process, http.client.HTTPConnection("127.0.0.1", program.port, timeout=60))
            _wait(server)
            yield server
        finally:
            process.terminate()


def _wait(server: Server) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends and server.process.poll() is None:
        try:
            server.get("/")
        except OSError:
            server.connection.close()
            time.sleep(0.2)
        else:
            return
    server.process.terminate()
    message = f"{server.program.name} did not start:\n{server.process.stderr.read() if server.process.stderr else ''}"
    raise RuntimeError(message)


def caveat(root: Path, *, one: bool) -> Program:
    """Return our server: `kb serve` as it is, or the same with a single thread."""
    port = _free_port()
    command = [sys.executable, "-m", "kb", "--claims", str(root), "serve", "--port", str(port)]
    if one:
        command = [sys.executable, __file__, "--serve", str(port), "--claims", str(root)]
    return Program("Caveat", command, port, "/?", "/api/v1/search?", "total")


def datasette(program: list[str], folder: Path, *, one: bool) -> Program:
    """Return Datasette over the exported file, with its metadata."""
    port = _free_port()
    command = [*program, "serve", str(folder / "claims.db"), "--metadata", str(folder / "metadata.json")]
    command += ["--port", str(port), *(["--setting", "num_sql_threads", "1"] if one else [])]
    return Program("Datasette", command, port, "/claims/claims?", "/claims/claims.json?", "filtered_table_rows_count")


def found_datasette(named: Path | None) -> list[str] | None:
    """Return the command of Datasette: the file that was named, else the one on the path, else the installed module."""
    if named:
        return [str(named)] if shutil.which(named) else None
    on_path = shutil.which("datasette")
    if on_path:
        return [on_path]
    return [sys.executable, "-m", "datasette"] if importlib.util.find_spec("datasette") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _export(root: Path, folder: Path) -> None:
    for form, name in (("sqlite", "claims.db"), ("metadata", "metadata.json")):
        command = [sys.executable, "-m", "kb", "--claims", str(root), "export", form, "--output", str(folder / name)]
        subprocess.run(command, check=True)  # noqa: S603 - our own command


def _serve_with_one_thread(root: Path, port: int) -> None:
    from waitress import serve  # noqa: PLC0415  # type: ignore[import-untyped]

    from kb.library import Library  # noqa: PLC0415
    from webapp import create_app  # noqa: PLC0415

    library = Library.open(root, follow_edits=True)
    library.index()
    serve(create_app(library, trusted_hosts=["127.0.0.1"]), host="127.0.0.1", port=port, threads=1)


def _machine(program: list[str]) -> str:
    theirs = subprocess.run([*program, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("caveat-kb", "waitress", "flask"))
    load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}"
    return f"{versions}; {theirs.strip().replace(', version', '')}; Python {platform.python_version()}; {where}"


def main() -> None:
    """Read the command line, start both servers, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=Path, metavar="FOLDER", default=ROOT / "claims", help="a knowledge base")
    parser.add_argument("--datasette", type=Path, metavar="PROGRAM", help="the peer, where it is not on the path")
    parser.add_argument("--threads", choices=("one", "default"), action="append", help="default: both, in turn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=20, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve_with_one_thread(options.claims, options.serve)
        return
    program = found_datasette(options.datasette)
    if program is None:
        print("There is no Datasette to measure beside: pip install datasette, or name one by --datasette")
        sys.exit(2)
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        claims = Path(
            shutil.copytree(options.claims, Path(home, "claims"))
        )  # edits under way would be served, and cost
        _export(claims, Path(home))
        base = kb.store.load(claims).kb
        asked = list(queries(base, options.queries, options.seed))
        print(_machine(program))
        print(f"{len(base.claims)} claims; {options.queries} queries of each kind, {options.rounds} rounds, one client")
        for threads in options.threads or ("default", "one"):
            one = threads == "one"
            with ExitStack() as stack:
                pair = (caveat(claims, one=one), datasette(program, Path(home), one=one))
                servers = [stack.enter_context(running(each)) for each in pair]
                print(f"\nThreads: {threads}")
                for form in ("html", "json"):
                    ours, theirs = measure(servers, asked, options.rounds, form)
                    print(f"\n{table(form, ours, theirs)}")
                    print(f"p95 of Caveat is {'under' if _all(ours).p95 < LIMIT else 'OVER'} {LIMIT} ms")


if __name__ == "__main__":
    main()
