"""Measure how long an index takes to build, how large it is, and how soon it answers, for each engine.

    python benchmarks/search.py --claims claims
    python benchmarks/search.py --generated 10000
    python benchmarks/search.py --generated 10000 --hostile     # nonsense and what is made to be slow

Queries are made from the entries' own words, the same for the same seed, 20 hits a page with highlights. Times are
milliseconds of the search alone, in a process that has answered each query once before; of several passes each
query's best counts, since other work on the machine can only make it slower. Each engine has a process of its own;
"peak" is its resident memory after building and opening, in MiB, the knowledge base included.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generate import generate

import kb.store
from kb.search.base import FILTERS, Query
from kb.search.engines import ENGINES, engine
from kb.search.query import FUNCTION_WORDS
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.model import KnowledgeBase
    from kb.search.base import SearchBackend

    Kinds = Callable[[KnowledgeBase, int], Iterator[tuple[str, list[Query]]]]

_A_KIND = 40
"""How many queries of each kind are asked."""


class Measure(NamedTuple):
    """The figures of one kind of query: milliseconds, and how many entries it finds."""

    kind: str
    median: float
    p95: float
    worst: float
    found: float


def queries(kb: KnowledgeBase, seed: int) -> Iterator[tuple[str, list[Query]]]:
    """Yield kinds of queries, each made from random claims."""
    chance = random.Random(seed)
    claims = [kb.claims[chance.choice(sorted(kb.claims))] for _ in range(_A_KIND)]
    texts = [[token.word for token in tokens(claim.claim)] for claim in claims]
    words = [[word for word in text if word not in FUNCTION_WORDS] or text for text in texts]
    starts = [chance.randrange(max(len(text) - 3, 1)) for text in texts]
    concepts = [concept.terms[0] for concept in kb.concepts.values() if concept.widen and concept.terms]
    yield "word", [Query(chance.choice(found)) for found in words]
    yield "three words", [Query(" ".join(chance.sample(found, min(3, len(found))))) for found in words]
    yield "a sentence", [Query(claim.claim) for claim in claims]
    phrases = (" ".join(text[start : start + 3]) for text, start in zip(texts, starts, strict=True))
    yield "phrase", [Query(f'"{phrase}"') for phrase in phrases]
    yield "widened", [Query(chance.choice(concepts)) for _ in claims]
    yield (
        "filter + facets",
        [
            Query(chance.choice(found), {"theme": claim.themes, "verdict": (claim.verdict,)}, FILTERS)
            for found, claim in zip(words, claims, strict=True)
        ],
    )
    yield "facets of all", [Query(facets=FILTERS, sort="certainty", page=number) for number in range(1, 6)]
    yield "miss", [Query(f"{word}qzx {word}zqx") for word, *_ in words]


def hostile(kb: KnowledgeBase, seed: int) -> Iterator[tuple[str, list[Query]]]:
    """Yield what nobody types in good faith: noise, heaps of operators, and the commonest words in every form."""
    chance = random.Random(seed)
    words = [token.word for claim in kb.claims.values() for token in tokens(claim.claim)]
    common = [word for word, _ in Counter(words).most_common(40)]
    noise = 'abcdeo ORN"-:*()<>,.%é\U0001f600\x00\n'
    yield "noise", [_hostile("".join(chance.choices(noise, k=chance.randint(1, 400)))) for _ in range(1_000)]
    yield "operators", [_hostile(" ".join(_decorated(chance, words))) for _ in range(1_000)]
    yield "common words", [_hostile(" ".join(chance.sample(common, 40))) for _ in range(10)]
    yield "in the claim", [_hostile(" ".join(f"claim:{word}" for word in chance.sample(common, 25))) for _ in range(10)]
    phrases = (" ".join(f'"{first} {second}"' for first in common[:6] for second in common[:6]) for _ in range(3))
    yield "36 phrases", [_hostile(phrase) for phrase in phrases]
    yield "stars", [_hostile(" ".join(f"{chance.choice(words)[:2]}*" for _ in range(36))) for _ in range(10)]
    yield "10,000 letters", [_hostile(" ".join(chance.choices(words, k=2_000))[:10_000]) for _ in range(10)]


def _decorated(chance: random.Random, words: list[str]) -> Iterator[str]:
    for _ in range(chance.randint(1, 40)):
        before = chance.choice(("", "-", '"', "claim:", "theme:", "due:<", "*", "foo:"))
        yield before + chance.choice(words) + chance.choice(("", "*", '"', " OR", "~"))


def _hostile(text: str) -> Query:
    return Query(text, facets=FILTERS)


def measure(backend: SearchBackend, kind: str, asked: list[Query], passes: int) -> Measure:
    """Ask every query in several passes, after one that does not count."""
    gc.freeze()  # or each full collection would look through all entries, now and then in the middle of a query
    totals = [backend.search(query).total for query in asked]
    best = [min(_milliseconds(backend, query) for _ in range(passes)) for query in asked]
    best.sort()
    return Measure(kind, statistics.median(best), best[int(len(best) * 0.95) - 1], best[-1], statistics.median(totals))


def _milliseconds(backend: SearchBackend, query: Query) -> float:
    began = time.perf_counter()
    backend.search(query)
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    """Read the command line, measure each engine and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--claims", type=Path, metavar="FOLDER", help="a knowledge base")
    place.add_argument("--generated", type=int, metavar="N", help="make one of N claims first")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one (may be given again)")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hostile", action="store_true", help="ask 2,000 random texts and awkward ones, once each")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        root = options.claims or generate(Path(home, "generated"), options.generated)
        kb.store.load(root)  # leaves a snapshot for the processes below
        for name in options.engine or ENGINES:
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                asked = hostile if options.hostile else queries
                passes = 1 if options.hostile else options.passes
                print(pool.submit(report, root, name, Path(home, name), passes, options.seed, kinds=asked).result())


def report(root: Path, name: str, folder: Path, passes: int, seed: int, *, kinds: Kinds) -> str:
    """Measure one engine in this process and return its figures as a table."""
    base = kb.store.load(root).kb
    chosen = engine(name, folder)
    began, busy = time.perf_counter(), time.process_time()
    chosen.build(base)
    built, busy = time.perf_counter() - began, time.process_time() - busy
    began = time.perf_counter()
    backend = chosen.open(base)
    opened = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.rglob("*")) / 1024**2 if folder.exists() else 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    costs = f"built in {built:.2f} s ({busy:.2f} s of CPU), peak {peak:.0f} MiB; {size:.1f} MiB on disk"
    lines = [
        f"{name}: {backend.info.documents} entries; {costs}; opened in {opened * 1_000:.0f} ms",
        f"  {'milliseconds':<16}{'p50':>9}{'p95':>9}{'worst':>9}{'found':>9}",
    ]
    for kind, asked in kinds(base, seed):
        result = measure(backend, kind, asked, passes)
        lines.append(f"  {kind:<16}{result.median:>9.2f}{result.p95:>9.2f}{result.worst:>9.2f}{result.found:>9.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
