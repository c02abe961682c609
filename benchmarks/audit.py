"""Measure the audit beside other prose linters: words per second, start-up, and growth with the number of claims.

    python benchmarks/audit.py speed --megabytes 5 --peer proselint=PATH --peer textlint=PATH --peer vale=PATH
    python benchmarks/audit.py start
    python benchmarks/audit.py growth --megabytes 1

The text is made up: sentences of the labelled corpus in random order, one word of each
changed, so that no program gains by remembering sentences. Every program reads the same file, in turn, several rounds;
the best round of each counts, since other work on the machine can only make a run slower.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generate import generate

ROOT = Path(__file__).parents[1]
LABELLED = ROOT / "corpus" / "labelled"
KB = (sys.executable, "-m", "kb", "--claims", str(ROOT / "claims"))
_LIMIT = 1_800
"""Seconds after which a program is given up."""

_ARGUMENTS = {
    "proselint": ("check", "--output-format", "json"),
    "textlint": ("--format", "json"),
    "vale": ("--output", "JSON", "--no-exit"),
}
"""How each peer is asked for all that it finds, as JSON."""


def text_of(megabytes: float, seed: int = 7) -> str:
    """Return about so many megabytes of Markdown made of real sentences, each with one word of its own."""
    rng = random.Random(seed)
    sentences = [sentence for sentence in _sentences() if len(sentence.split()) > 3]  # noqa: PLR2004
    parts: list[str] = []
    size, number = 0, 0
    while size < megabytes * 1_000_000:
        words = rng.choice(sentences).split()
        words[rng.randrange(len(words))] = "".join(rng.choices("abcdefghilmnoprstu", k=rng.randint(3, 9)))
        number += 1
        after = f"\n\n## Part {number}\n\n" if number % 40 == 0 else "\n\n" if number % 4 == 0 else " "
        parts.append(" ".join(words) + after)
        size += len(parts[-1])
    return "".join(parts)


def _sentences() -> list[str]:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in LABELLED.glob("[0-9]*.txt")}
    labels = map(json.loads, (LABELLED / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        " ".join(texts[label["doc"]][label["start"] : label["end"]].split())
        for label in labels
        if label["unit"] == "sentence"
    ]


@dataclass
class Program:
    """A linter on the command line."""

    name: str
    command: tuple[str, ...]
    best: float | None = None

    def run(self, file: Path) -> None:
        """Let it read the file once; keep the best time."""
        command = [*self.command, str(file)]
        began = time.perf_counter()
        try:
            done = subprocess.run(  # noqa: S603  (programs that the person named)
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=_LIMIT, check=False, cwd=file.parent
            )
        except subprocess.TimeoutExpired:
            return
        took = time.perf_counter() - began
        if done.returncode not in {0, 1}:
            sys.exit(f"{self.name} failed with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
        self.best = min(took, self.best or took)


def speed(options: argparse.Namespace) -> None:
    """Words per second of `kb audit` and its peers over one file."""
    peers = dict(peer.partition("=")[::2] for peer in options.peer) or {
        name: found for name in _ARGUMENTS if (found := shutil.which(name))
    }
    programs = [Program("kb audit", (*KB, "audit", "--format", "json", "--fail-level", "none"))]
    programs += [Program(name, (path, *_ARGUMENTS[name])) for name, path in peers.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "copy.md")
        file.write_text(text_of(options.megabytes), encoding="utf-8")
        words = len(file.read_text(encoding="utf-8").split())
        print(f"{options.megabytes:g} MB, {words:,} words, {options.rounds} rounds, {_machine()}")
        for _ in range(options.rounds):
            for program in programs:
                program.run(file)
    ours = programs[0].best
    for program in programs:
        if program.best is None:
            print(f"{program.name:10} gave no answer in {_LIMIT} s")
            continue
        ratio = f", {program.best / ours:.1f} times as long as kb audit" if ours and program is not programs[0] else ""
        print(f"{program.name:10} {program.best:8.1f} s, {words / program.best:9,.0f} words/s{ratio}")
    if not peers:
        sys.exit("no peer was found; name them with --peer proselint=PATH (see docs/benchmarks.md)")


def start(options: argparse.Namespace) -> None:
    """Seconds from a cold start to the report on one page, with and without the snapshot of the entries."""
    page = LABELLED / "007.txt"
    with tempfile.TemporaryDirectory() as home:
        times = []
        for _ in range(options.rounds + 1):
            began = time.perf_counter()
            environment = os.environ | {"CAVEAT_HOME": home}
            done = subprocess.run([*KB, "audit", str(page)], capture_output=True, check=False, env=environment)  # noqa: S603
            if done.returncode not in {0, 1}:
                sys.exit(done.stderr.decode())
            times.append(time.perf_counter() - began)
    print(f"one page: first run {times[0]:.2f} s, then {min(times[1:]):.2f} s (best of {options.rounds}), {_machine()}")


def growth(options: argparse.Namespace) -> None:
    """How the time for one text grows with the claims; made-up knowledge bases of 1, 10 and 100 times the size."""
    from kb.library import Library  # noqa: PLC0415  (only this measure runs in the process)
    from kb.library.auditing import AuditOptions, Audits, Copy  # noqa: PLC0415

    text = text_of(options.megabytes)
    print(f"{options.megabytes:g} MB, {len(text.split()):,} words, {_machine()}")
    first = None
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        for claims in (196, 1_960, 19_600):
            library = Library.open(generate(Path(home, f"base-{claims}"), claims))
            audits = Audits(library.kb, AuditOptions())
            times = []
            for _ in range(options.rounds):
                began = time.perf_counter()
                audits.of(Copy("copy.md", content=text.encode(), media="text/markdown"))
                times.append(time.perf_counter() - began)
            first = first or min(times)
            print(f"{claims:6,} claims: {min(times):6.2f} s, {min(times) / first:.2f} times the first")


def _machine() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    measures = parser.add_subparsers(required=True)
    for measure in (speed, start, growth):
        command = measures.add_parser(measure.__name__, help=measure.__doc__)
        command.set_defaults(measure=measure)
        command.add_argument("--rounds", type=int, default=3)
        command.add_argument("--megabytes", type=float, default=1.0)
        command.add_argument("--peer", action="append", default=[], metavar="NAME=PATH")
    options = parser.parse_args()
    options.measure(options)


if __name__ == "__main__":
    main()
