"""Time what is made to be slow: queries that nobody types in good faith, and shapes of copy that parsers dread.

    python benchmarks/hostile.py queries --generated 10000 --engine whoosh
    python benchmarks/hostile.py queries --base FOLDER           # of claims that are there already
    python benchmarks/hostile.py pages --generated 10000         # the same over HTTP, whole pages by the clock
    python benchmarks/hostile.py copy --megabytes 1

Nothing is compared with a peer here: `queries` tells milliseconds of processor time in this process, `pages` those of
the clock and of the server's processor for whole pages of `kb serve`, one after the other, and how many answers had
which status; `copy` seconds of processor time for each shape at half its size and whole, which should be twice as long.
As a server does, `queries` searches in each way once before.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from generate import generate
from harness.programs import Server, free_port, running
from harness.settings import kb as kb_command
from harness.tables import percentile

from kb.library import Library
from kb.library.auditing import AuditOptions, Audits, Copy
from kb.library.collecting import collect_seldom
from kb.library.opening import entries
from kb.search.base import FILTERS, Query
from kb.search.engines import DEFAULT, ENGINES
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import KnowledgeBase

ROOT = Path(__file__).parents[1]
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
    "sections of words": ("x.html", f"<p><![CDATA[{_CURES}]]></p>", ""),
    "sections left open": ("x.html", "<![CDATA[ <b> ", _CURES),
    "items": ("x.md", "- cure depression\n", ""),
    "headings": ("x.md", "## Ketamine cures\n\n", ""),
}
"""What a hostile page repeats, and what it ends with."""


AWKWARD = [
    "",
    '"',
    "'",
    '"unbalanced phrase',
    "OR",
    "AND OR NOT",
    "-",
    "- - -",
    "*",
    "*pain",
    "a*",
    "?" * 300,
    ":",
    "claim:",
    "due:<2026-13-45",
    "(((((",
    "x" * 10_000,
    "word " * 2_000,
    "-word " * 2_000,
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\x00\x01\x1f\ufeff\u202e",
    "e\u0301" * 500,
    "\ud800",
    "../../etc/passwd",
    "' or 1=1 --",
    "<script>alert(1)</script>",
]
"""What people and programs type that is no question."""


def made_up(kb: KnowledgeBase, seed: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Yield noise, heaps of operators, and the commonest words in every form."""
    chance = random.Random(seed)
    words = [token.word for claim in kb.claims.values() for token in tokens(claim.claim)]
    common = [word for word, _ in Counter(words).most_common(40)]
    noise = 'abcdeo ORN"-:*()<>,.%é\U0001f600\x00\n'
    yield "awkward", AWKWARD
    yield "noise", ["".join(chance.choices(noise, k=chance.randint(1, 400))) for _ in range(1_000)]
    yield "operators", [" ".join(_decorated(chance, words)) for _ in range(1_000)]
    yield "common words", [" ".join(chance.sample(common, 40)) for _ in range(10)]
    yield "in the claim", [" ".join(f"claim:{word}" for word in chance.sample(common, 25)) for _ in range(10)]
    yield "36 phrases", [" ".join(f'"{one} {other}"' for one in common[:6] for other in common[:6])]
    yield "stars", [" ".join(f"{chance.choice(words)[:2]}*" for _ in range(36)) for _ in range(10)]
    yield "10,000 letters", [" ".join(chance.choices(words, k=2_000))[:10_000] for _ in range(10)]


def _decorated(chance: random.Random, words: list[str]) -> Iterator[str]:
    for _ in range(chance.randint(1, 40)):
        before = chance.choice(("", "-", '"', "claim:", "theme:", "due:<", "*", "foo:"))
        yield before + chance.choice(words) + chance.choice(("", "*", '"', " OR", "~"))


def queries(options: argparse.Namespace) -> None:
    """Milliseconds of queries that are noise or heaps of operators."""
    with _base(options) as root:
        library = Library.open(root, engine=options.engine)
        library.index()
        _warm(library)
        print(f"{'milliseconds':<16}{'p50':>9}{'p95':>9}{'worst':>9}")
        for kind, texts in made_up(library.kb):
            times = [_milliseconds(library, text) for text in texts]
            print(f"{kind:<16}{statistics.median(times):>9.2f}{percentile(times, 0.95):>9.2f}{max(times):>9.2f}")


@contextmanager
def _base(options: argparse.Namespace) -> Iterator[Path]:
    """Yield where the claims are that are to be searched."""
    with tempfile.TemporaryDirectory() as home:
        root = options.base or ROOT / "claims"
        if not options.base:  # else its index may be where it always is
            os.environ["CAVEAT_HOME"] = home
        if options.generated:
            root = generate(Path(home, "generated"), options.generated)
        yield root


class Answer(NamedTuple):
    """What a page took: milliseconds by the clock and of the server's processor."""

    wall: float
    cpu: float
    status: int
    text: str


def pages(options: argparse.Namespace) -> None:
    """Milliseconds of whole pages for such queries, asked of a server over HTTP by one client."""
    with _base(options) as root:
        chosen = ["--engine", options.engine]
        command = kb_command(root)
        subprocess.run([*command, "index", *chosen], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        port = free_port()
        asked = list(made_up(entries(root)))
        with running(Server("kb", [*command, "serve", "--port", str(port), *chosen], port, {})) as server:
            _until_ready(server)
            print(f"{'milliseconds':<16}{'p50':>9}{'p95':>9}{'worst':>9}{'CPU p50':>9}{'worst':>9}  statuses")
            told = {kind: [_page(server, text) for text in texts] for kind, texts in asked}
        everything = list(chain.from_iterable(told.values()))
        for kind, answers in (told | {"all": everything}).items():
            print(_line(kind, answers))
        print("the slowest by the clock:")
        for answer in sorted(everything, reverse=True)[:5]:
            print(f"  {answer.wall:.1f} ms, CPU {answer.cpu:.1f} ms: {answer.text[:60]!a}")


def _until_ready(server: Server) -> None:
    while server.ask("/readyz")[0] != http.client.OK:
        time.sleep(0.1)


def _page(server: Server, text: str) -> Answer:
    address = f"/?q={quote(text, errors='surrogatepass')}"
    began, used = time.perf_counter(), server.processor_time()
    status, _ = server.ask(address)
    return Answer((time.perf_counter() - began) * 1_000, (server.processor_time() - used) * 1_000, status, text)


def _line(kind: str, answers: list[Answer]) -> str:
    wall, cpu = [answer.wall for answer in answers], [answer.cpu for answer in answers]
    figures = (statistics.median(wall), percentile(wall, 0.95), max(wall), statistics.median(cpu), max(cpu))
    statuses = Counter(answer.status for answer in answers)
    counted = ", ".join(f"{number:,} of {status}" for status, number in sorted(statuses.items()))
    return f"{kind:<16}{''.join(f'{figure:>9.1f}' for figure in figures)}  {counted}"


def _warm(library: Library) -> None:
    """Make ready what the first searches wait for (`webapp.running.warming`), and collect no garbage of it later."""
    claim = next(iter(library.kb.claims.values())).claim
    for text in ("", claim, f"{claim} {claim}", f"{claim[:4].strip()}*", "zqxjkv"):
        library.search(Query(text, facets=FILTERS))
    gc.collect()
    gc.freeze()


def _milliseconds(library: Library, text: str) -> float:
    began = time.process_time()
    library.search(Query(text, facets=FILTERS))
    return (time.process_time() - began) * 1_000


def copy(options: argparse.Namespace) -> None:
    """Seconds of processor time for shapes of copy that are hard, half as large and whole."""
    audits = Audits(entries(ROOT / "claims"), AuditOptions())
    audits.of(Copy("x.txt", content=_CURES.encode()))
    collect_seldom()  # as the command does
    for name, (path, part, end) in _SHAPES.items():
        times = []
        for share in (0.5, 1):
            text = part * int(options.megabytes * share * 1_000_000 / len(part)) + end
            began = time.process_time()
            audits.of(Copy(path, content=text.encode()))
            times.append(time.process_time() - began)
        print(f"{name:22} {times[1]:7.2f} s, {times[1] / max(times[0], 0.01):4.1f} times the half", flush=True)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    measures = parser.add_subparsers(required=True)
    for measure in (queries, pages, copy):
        command = measures.add_parser(measure.__name__, help=measure.__doc__)
        command.set_defaults(measure=measure)
        command.add_argument("--megabytes", type=float, default=1.0)
        command.add_argument("--generated", type=int, metavar="N", help="make N claims first; else the shipped ones")
        command.add_argument("--base", type=Path, help="a knowledge base that is there already")
        command.add_argument("--engine", choices=ENGINES, default=DEFAULT)
    options = parser.parse_args()
    options.measure(options)


if __name__ == "__main__":
    main()
