"""Measure the audit beside other prose linters: words per second, start-up, and growth with the number of claims.

    python benchmarks/audit.py speed --megabytes 5 --peer proselint=PATH --peer textlint=PATH --peer vale=PATH
    python benchmarks/audit.py speed --peer proselint=PATH --peer proselint-0.14=OTHER_PATH
    python benchmarks/audit.py start
    python benchmarks/audit.py growth --megabytes 1
    python benchmarks/audit.py pages --words 100000
    python benchmarks/audit.py hostile

The text is made up: sentences of the labelled corpus in random order, one word of each
changed, so that no program gains by remembering sentences. Every program reads the same file, in turn, several rounds;
the best round of each counts, since other work on the machine can only make a run slower. Processor time is told
beside the time by the clock, since it suffers less from that work. Each round begins with a fixed sum, whose time tells
how busy the machine was.

Peers run as they come: proselint with all its checks; vale with its own style (`BasedOnStyles = Vale`), for which a
`.vale.ini` is written beside the text; textlint, which has no rules of its own, with `textlint-rule-write-good`, which
must be installed beside it (`npm install textlint textlint-rule-write-good`). A peer's name may go on behind its kind
(`proselint-0.14`): proselint was asked with `--json` then, and ran on Python's regular expressions, today on RE2.
It also kept what it had found in a text, so every run of a peer has a home of its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import resource
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
    "proselint-0.14": ("--json",),
    "proselint": ("check", "--output-format", "json"),
    "textlint": ("--format", "json"),
    "vale": ("--output", "JSON", "--no-exit"),
}
"""How each peer is asked for all that it finds, as JSON, by how its name begins."""

_SETTINGS = {
    ".vale.ini": "MinAlertLevel = suggestion\n\n[*]\nBasedOnStyles = Vale\n",
    ".textlintrc.json": '{"rules": {"write-good": true}}\n',
}
"""What the peers find beside the text."""


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
    ours: bool = False
    best: float | None = None
    processor: float | None = None

    def run(self, file: Path) -> None:
        """Let it read the file once; keep the best times."""
        command = [*self.command, str(file)]
        with tempfile.TemporaryDirectory() as home:
            # nobody is to remember the text from an earlier round; what kb keeps is not about the text
            environment = os.environ | ({} if self.ours else {"HOME": home, "XDG_CACHE_HOME": home})
            used, began = _used(), time.perf_counter()
            try:
                done = subprocess.run(  # noqa: S603  (programs that the person named)
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    timeout=_LIMIT,
                    check=False,
                    cwd=file.parent,
                    env=environment,
                )
            except subprocess.TimeoutExpired:
                return
        took = time.perf_counter() - began
        if done.returncode not in {0, 1}:
            sys.exit(f"{self.name} failed with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
        self.best = min(took, self.best or took)
        self.processor = min(_used() - used, self.processor or took * 99)


def _used() -> float:
    """Return the processor time of all programs that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _peer(name: str, path: str) -> Program:
    """Return a peer with the arguments of its kind; node packages find rules beside themselves."""
    kind = next((kind for kind in _ARGUMENTS if name.startswith(kind)), None)
    if kind is None:
        sys.exit(f"nothing is known of {name}; there are {', '.join(_ARGUMENTS)}")
    beside = Path(path).parent.parent
    rules = ("--rules-base-directory", str(beside)) if kind == "textlint" and beside.name == "node_modules" else ()
    return Program(name, (path, *_ARGUMENTS[kind], *rules))


def _sum() -> float:
    """Return the processor time that a fixed sum takes now."""
    began = time.process_time()
    sum(number * number % 7 for number in range(1_000_000))
    return time.process_time() - began


def speed(options: argparse.Namespace) -> None:
    """Words per second of `kb audit` and its peers over one file."""
    peers = dict(peer.partition("=")[::2] for peer in options.peer) or {
        name: found for name in _ARGUMENTS if (found := shutil.which(name))
    }
    programs = [Program("kb audit", (*KB, "audit", "--format", "json", "--fail-level", "none"), ours=True)]
    programs += [_peer(name, path) for name, path in peers.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "copy.md")
        file.write_text(text_of(options.megabytes), encoding="utf-8")
        for name, settings in _SETTINGS.items():
            Path(folder, name).write_text(settings, encoding="utf-8")
        words = len(file.read_text(encoding="utf-8").split())
        print(f"{options.megabytes:g} MB, {words:,} words, {options.rounds} rounds, {_machine()}")
        for _ in range(options.rounds):
            print(f"a fixed sum takes {_sum():.2f} s of processor time")
            for program in programs:
                program.run(file)
    for program in programs:
        if program.best is None or program.processor is None:
            print(f"{program.name:14} gave no answer in {_LIMIT} s")
            continue
        ratio = ""
        if programs[0].processor and program is not programs[0]:
            ratio = f", {program.processor / programs[0].processor:.2f} times the processor time of kb audit"
        print(
            f"{program.name:14} {program.best:8.1f} s by the clock, {program.processor:8.1f} s of processor time, "
            f"{words / program.processor:9,.0f} words/s{ratio}"
        )
    if not peers:
        sys.exit("no peer was found; name them with --peer proselint=PATH")


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
    print(f"a fixed sum takes {_sum():.2f} s of processor time")


def growth(options: argparse.Namespace) -> None:
    """How the time for one text grows with the claims; made-up knowledge bases of 1, 10 and 100 times the size."""
    from kb.library.auditing import AuditOptions, Audits, Copy  # noqa: PLC0415  (only this measure runs in the process)
    from kb.library.opening import entries  # noqa: PLC0415

    text = text_of(options.megabytes)
    print(f"{options.megabytes:g} MB, {len(text.split()):,} words, {_machine()}")
    first = None
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        for claims in (196, 1_960, 19_600):
            audits = Audits(entries(generate(Path(home, f"base-{claims}"), claims)), AuditOptions())
            audits.ready()
            gc.freeze()  # as the command does
            times = []
            for _ in range(options.rounds + 1):  # the first makes ready what only copy asks for
                began = time.process_time()
                audits.of(Copy("copy.md", content=text.encode(), media="text/markdown"))
                times.append(time.process_time() - began)
            first = first or min(times)
            print(
                f"{claims:6,} claims: {min(times):6.2f} s of processor time, {min(times) / first:.2f} times the first"
            )


def pages(options: argparse.Namespace) -> None:
    """Seconds in which the browser's page answers with the audit of a long document, and how large the answer is."""
    from kb.library import Library  # noqa: PLC0415  (only this measure needs the web application)
    from webapp import create_app  # noqa: PLC0415

    words = text_of(options.words / 150_000).split(" ")[: options.words]
    client = create_app(Library.open(ROOT / "claims")).test_client()
    print(f"{len(words):,} stretches between blanks, {_machine()}")
    for number in range(options.rounds + 1):
        used, began, own = _used(), time.perf_counter(), time.process_time()
        answer = client.post("/audit", data={"text": " ".join(words)})
        took, here = time.perf_counter() - began, time.process_time() - own
        label = "first request" if not number else "request"
        print(
            f"{label}: {answer.status_code}, {took:.2f} s by the clock, {here:.2f} s of this process, "
            f"{_used() - used:.2f} s of others that ended, {len(answer.data) / 1e6:.1f} MB"
        )


_CURES = "Ketamine cures depression in everyone."
_SHAPES = {
    "one character": ("x.txt", "a", ""),
    "one mark": ("x.md", "!", ""),
    "one dash": ("x.md", "-", ""),
    "nested blocks": ("x.html", "<div>", _CURES),
    "nested words": ("x.html", "<b>", _CURES),
    "nested lists": ("x.html", "<ul><li>", _CURES),
    "suppression comments": ("x.html", "<!-- caveat-ignore overstated -- why -->\n", _CURES),
    "a comment at each": ("x.md", f"<!-- caveat-ignore overstated -- why -->\n\n{_CURES}\n\n", ""),
    "images left open": ("x.md", "![", ""),
    "strong left open": ("x.md", "**a ", ""),
    "links left open": ("x.md", "[a](", ""),
    "units": ("x.txt", "Yes it is.\n\n", ""),
    "answers": ("x.txt", "Is it safe? No.\n\n", ""),
    "one sentence": ("x.txt", "ketamine works and ", ""),
    "negators": ("x.txt", "not ", ""),
    "numbers": ("x.txt", "70 % of 5 ", ""),
    "findings": ("x.txt", f"{_CURES}\n\n", ""),
    "items": ("x.md", "- cure depression\n", ""),
    "headings": ("x.md", "## Ketamine cures\n\n", ""),
}
"""What a hostile page repeats, and what it ends with."""


def hostile(options: argparse.Namespace) -> None:
    """Seconds of processor time for shapes that are hard, half as large and whole; twice the text, twice the time."""
    from kb.library.auditing import AuditOptions, Audits, Copy  # noqa: PLC0415
    from kb.library.collecting import collect_seldom  # noqa: PLC0415
    from kb.library.opening import entries  # noqa: PLC0415

    audits = Audits(entries(ROOT / "claims"), AuditOptions())
    audits.of(Copy("x.txt", content=_CURES.encode()))
    collect_seldom()  # as the command does
    print(f"{options.megabytes:g} MB of each, {_machine()}")
    for name, (path, part, end) in _SHAPES.items():
        times = []
        for share in (0.5, 1):
            text = part * int(options.megabytes * share * 1_000_000 / len(part)) + end
            began = time.process_time()
            audits.of(Copy(path, content=text.encode()))
            times.append(time.process_time() - began)
        print(f"{name:22} {times[1]:7.2f} s, {times[1] / max(times[0], 0.01):4.1f} times the half", flush=True)


def _machine() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    measures = parser.add_subparsers(required=True)
    for measure in (speed, start, growth, pages, hostile):
        command = measures.add_parser(measure.__name__, help=measure.__doc__)
        command.set_defaults(measure=measure)
        command.add_argument("--rounds", type=int, default=3)
        command.add_argument("--megabytes", type=float, default=1.0)
        command.add_argument("--words", type=int, default=100_000)
        command.add_argument("--peer", action="append", default=[], metavar="NAME=PATH")
    options = parser.parse_args()
    options.measure(options)


if __name__ == "__main__":
    main()
