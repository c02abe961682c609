"""Put a real server under mixed load for a while: searches, pages, audits, saves, edits on disk and whole rebuilds.

    python benchmarks/mixed_load.py --claims claims --seconds 60
    python benchmarks/mixed_load.py --generated 10000 --seconds 3600

A copy of the knowledge base is served by `kb serve --edit` as a process of its own. A few clients each do one thing
after the other, as fast as it is answered but for a short rest. Printed for every kind of work: how many, errors (any
answer that is neither a success nor a refusal that the server owes, such as 429), refusals, and milliseconds at p50,
p95 and worst; and the memory of the server (proportional set size, with its audit processes) each tenth of the time.
At the end the server is told to stop, and its exit code and whatever it wrote on standard error are shown.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from generate import generate

from kb import store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kb.model import KnowledgeBase

OWED = {409, 429, 503}
"""Refusals that are part of the contract: a file was changed meanwhile, too many audits a minute, too many at once."""
MANY = 100
"""Files changed at once, so that the index is built anew aside."""
COPY = (Path(__file__).parents[1] / "webapp" / "examples" / "clinic.md").read_text(encoding="utf-8")


@dataclass
class Told:
    """What clients found out."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, seconds: float, status: int | str) -> None:
        """Note an answer."""
        with self.lock:
            self.milliseconds[what].append(seconds * 1000)
            if status in OWED:
                self.refused[what] += 1
            elif not isinstance(status, int) or status >= http.client.BAD_REQUEST:
                self.errors[f"{what}: {status}"] += 1

    def table(self) -> str:
        """Return a line for each kind of work."""
        lines = [f"{'work':<10}{'count':>8}{'errors':>8}{'refused':>9}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}"]
        for what, times in sorted(self.milliseconds.items()):
            times.sort()
            wrong = sum(count for name, count in self.errors.items() if name.startswith(f"{what}: "))
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            lines.append(
                f"{what:<10}{len(times):>8}{wrong:>8}{self.refused[what]:>9}{p50:>9.1f}{p95:>9.1f}{times[-1]:>9.1f}"
            )
        return "\n".join([*lines, *(f"  {name}: {count}" for name, count in self.errors.most_common())])


class Client:
    """One connection that asks again and again."""

    def __init__(self, port: int, told: Told, headers: Mapping[str, str]) -> None:
        self._port, self._told, self._headers = port, told, dict(headers)
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, what: str, method: str, path: str, body: object = None) -> dict[str, object]:
        """Ask, note what came of it, and return the JSON of the answer, if that is what it is."""
        sent = None if body is None else json.dumps(body)
        headers = self._headers | ({} if body is None else {"Content-Type": "application/json"})
        began = time.perf_counter()
        status: int | str
        try:
            self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
            self._connection.request(method, path, sent, headers)
            answer = self._connection.getresponse()
            content, status = answer.read(), answer.status
        except (OSError, http.client.HTTPException) as error:
            self._connection, content, status = None, b"", type(error).__name__
        self._told.add(what, time.perf_counter() - began, status)
        return json.loads(content) if content.startswith(b"{") else {}


def searcher(client: Client, kb: KnowledgeBase, chance: random.Random, _root: Path) -> None:
    """Search, complete, and open a claim."""
    claim = chance.choice(list(kb.claims.values()))
    word = quote(chance.choice(claim.claim.split()))
    client.ask("search", "GET", f"/?q={word}")
    client.ask("api", "GET", f"/api/v1/search?q={word}")
    client.ask("page", "GET", f"/claims/{claim.id}")


def auditor(client: Client, _kb: KnowledgeBase, chance: random.Random, _root: Path) -> None:
    """Audit a page; as often as one address may, and a little more often."""
    client.ask("audit", "POST", "/api/v1/audit", {"text": f"{COPY}\n\nPage {chance.random()}."})
    time.sleep(1.5)


def editor(client: Client, kb: KnowledgeBase, chance: random.Random, _root: Path) -> None:
    """Save a claim; where its file is changed on disk between reading and saving, a 409 is owed."""
    entry = f"/api/v1/entries/claim/{chance.choice(list(kb.claims))}"
    found = client.ask("read", "GET", entry).get("entry")
    if isinstance(found, dict):
        fields = {**found["fields"], "rationale": f"Looked at again, time {chance.randrange(10**6)}."}
        client.ask("save", "PUT", entry, {"fields": fields, "revision": found["revision"]})
    time.sleep(0.5)


def rebuilder(client: Client, kb: KnowledgeBase, chance: random.Random, root: Path) -> None:
    """Change many files at once, as a `git pull` does; then look until the index is no longer behind."""
    files = sorted((root / "entries").rglob("*.yaml"))
    for path in chance.sample(files, min(MANY, len(files))):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\n# seen .*\n$", "\n", text) + f"# seen {chance.random()}\n", encoding="utf-8")
    time.sleep(2)
    client.ask("status", "GET", "/api/v1/status")
    del kb
    time.sleep(8)


def memory(pid: int) -> float:
    """Return the megabytes of a process and those that it started; shared pages are counted once."""
    total = 0
    for one in (pid, *_children(pid)):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1])
    return total / 1000


def _children(pid: int) -> list[int]:
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text(encoding="ascii").split()]


def load(port: int, headers: Mapping[str, str], root: Path, seconds: float, server: int) -> Told:
    """Let clients work for so long, and print the memory of the server meanwhile."""
    told, kb = Told(), store.load(root, cache=False).kb
    ends = time.monotonic() + seconds

    def work(kind: Callable[[Client, KnowledgeBase, random.Random, Path], None], seed: int) -> None:
        client, chance = Client(port, told, headers if kind is editor else {}), random.Random(seed)
        while time.monotonic() < ends:
            kind(client, kb, chance, root)
            time.sleep(0.02)

    kinds = (searcher, searcher, auditor, auditor, editor, rebuilder)
    threads = [threading.Thread(target=work, args=(kind, seed)) for seed, kind in enumerate(kinds)]
    for thread in threads:
        thread.start()
    print("memory MB:", end="", flush=True)
    while any(thread.is_alive() for thread in threads):
        print(f" {memory(server):.0f}", end="", flush=True)
        time.sleep(min(seconds / 10, max(0.5, ends - time.monotonic())))
    print(f" {memory(server):.0f}")
    return told


def serve(root: Path, home: str, seconds: float) -> int:
    """Serve a copy, put it under load, and print what came of it; return 1 where anything was wrong."""
    command = [sys.executable, "-m", "kb", "--claims", str(root), "serve", "--port", "0", "--edit"]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=home)  # noqa: S603
        port = int(re.search(r":(\d+)/", process.stdout.readline())[1])
        link = re.search(r"(/start/\S+)", process.stdout.readline())[1]
        told = load(port, _signed_in(port, link), root, seconds, process.pid)
        process.send_signal(signal.SIGTERM)
        code = process.wait(120)
        errors.seek(0)
        written = errors.read()
    print(told.table())
    print(f"exit code {code}; on standard error: {len(written.splitlines())} lines")
    print("\n".join(written.splitlines()[:200]))
    return int(bool(told.errors) or code != 0)


def _signed_in(port: int, link: str) -> dict[str, str]:
    """Open the link for the local editor; return the headers of that session."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", link)
    answer = connection.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    connection.request("GET", "/account", headers={"Cookie": cookie})
    token = re.search(r'name="csrf-token" content="([^"]+)"', connection.getresponse().read().decode())[1]
    return {"Cookie": cookie, "X-CSRF-Token": token}


def main() -> None:
    """Read the command line, copy or make a knowledge base, and put a server of it under load."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--claims", type=Path, metavar="FOLDER", help="a knowledge base")
    which.add_argument("--generated", type=int, metavar="N", help="make one of N claims first")
    made.add_argument("--seconds", type=float, default=60, help="how long (%(default)s)")
    options = made.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = str(Path(home, "home"))
        root = Path(home, "claims")
        if options.claims:
            shutil.copytree(options.claims, root)
        else:
            generate(root, options.generated)
        print(f"{options.claims or f'{options.generated} generated claims'}, {options.seconds:g} seconds")
        sys.exit(serve(root, home, options.seconds))


if __name__ == "__main__":
    main()
