"""Measure how well search finds the right claims, beside plain BM25 and SQLite FTS5 over the same text.

    python benchmarks/relevance/run.py
    python benchmarks/relevance/run.py --failures 15      # the worst queries, with what was expected
    python benchmarks/relevance/run.py --pool             # unjudged claims among anybody's first ten
    python benchmarks/relevance/run.py --raise-floor      # what was reached is what tests hold from now on
    python benchmarks/relevance/run.py --queries benchmarks/relevance/fresh.yaml      # never tuned for

nDCG@10 (Järvelin and Kekäläinen 2002, as trec_eval computes it: linear gains, log2 discount) and recall@5 (claims of
grade 2 or 3 among the first five, divided by five or by their number, whichever is less). The product is asked as a
person asks it: the ranking is what the first page shows, the matches of a pasted text first, and where nothing is
found, what "did you mean" finds, or the nearest claims.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from judged import FILE as JUDGED
from judged import Judged, load
from metrics import ndcg, recall
from peers import Fts5, PlainBM25

from kb.library import Library
from kb.search.answer import Corpus
from kb.search.base import Query
from kb.search.engines import DEFAULT, ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.model import KnowledgeBase

CUT = 10
CLAIMS = Path(__file__).parents[2] / "claims"
FLOOR = Path(__file__).with_name("floor.yaml")
MEASURES = ("ndcg", "recall")


class Result(NamedTuple):
    """How one engine did on one query."""

    judged: Judged
    ranking: list[str]
    ndcg: float
    recall: float


def product(library: Library) -> Callable[[str], list[str]]:
    """Return search as a person uses it: text → the claims in the order in which the first page shows them."""

    def search(text: str) -> list[str]:
        query = Query(text, per_page=2 * CUT)
        page = library.search(query)
        if not page.total and page.suggestion:
            page = library.search(Query(page.suggestion, per_page=2 * CUT))
        matched = [match.id for match in page.matches]
        hits = page.hits or library.nearest(query)
        return list(dict.fromkeys([*matched, *(hit.id for hit in hits)]))[:CUT]

    return search


def texts(kb: KnowledgeBase) -> dict[str, str]:
    """Return what the product searches, ids included, as one text a claim: the peers have neither more nor less."""
    documents = Corpus(kb).table.documents()
    return {
        document.id: "\n".join((*chain.from_iterable(document.texts.values()), *document.names))
        for document in documents
    }


def rankers(library: Library) -> dict[str, Callable[[str], list[str]]]:
    """Return every engine under its name, the product first."""
    documents = texts(library.kb)
    plain, fts5 = PlainBM25(documents), Fts5(documents)
    return {
        "caveat": product(library),
        "BM25": lambda text: plain.search(text, CUT),
        "FTS5": lambda text: fts5.search(text, CUT),
    }


def results(queries: Sequence[Judged], search: Callable[[str], list[str]]) -> list[Result]:
    """Ask every query."""
    found = []
    for judged in queries:
        ranking = search(judged.text)
        found.append(Result(judged, ranking, ndcg(ranking, judged.grades), recall(ranking, judged.relevant)))
    return found


def mean(found: Sequence[Result], metric: str) -> float:
    """Return the mean of `ndcg` or `recall`; 1.0 of nothing."""
    return sum(getattr(result, metric) for result in found) / len(found) if found else 1.0


def table(measured: dict[str, list[Result]]) -> str:
    """Return the figures by kind, by split and in all, one line each."""
    queries = [result.judged for result in next(iter(measured.values()))]
    rows: list[tuple[str, Callable[[Judged], bool]]] = [
        (kind, lambda judged, kind=kind: judged.kind == kind) for kind in Counter(judged.kind for judged in queries)
    ]
    rows.append(("for tuning", lambda judged: not judged.held_out))
    rows.append(("held out", lambda judged: judged.held_out))
    rows.append(("all", lambda _: True))
    lines = [
        f"{'':<14}{'':>8}" + "".join(f"{name:>18}" for name in measured),
        f"{'queries':<14}{'number':>8}" + "  nDCG@10 recall@5" * len(measured),
    ]
    for name, wanted in rows:
        chosen = [[result for result in found if wanted(result.judged)] for found in measured.values()]
        figures = "".join(f"{mean(found, 'ndcg'):>9.3f}{mean(found, 'recall'):>9.3f}" for found in chosen)
        lines.append(f"{name:<14}{len(chosen[0]):>8}{figures}")
    return "\n".join(lines)


def raised(floor: str, found: Sequence[Result]) -> str:
    """Return the text of the floor with each figure that was surpassed raised, rounded down to three digits."""
    reached = {name: math.floor(1000 * mean(found, name)) / 1000 for name in MEASURES}
    before = yaml.safe_load(floor)
    comments = [line for line in floor.splitlines() if line.startswith("#")]
    return "\n".join([*comments, *(f"{name}: {max(before[name], reached[name])}" for name in MEASURES)]) + "\n"


def answered(queries: Sequence[Judged], library: Library) -> str:
    """Say how often the caveat that is asked for in plain words is the first that search answers with."""
    asking = [judged for judged in queries if judged.caveats and judged.kind != "field"]
    first = [library.search(Query(judged.text)).caveats[:1] for judged in asking]
    right = sum(judged.caveats.issuperset(found) and bool(found) for judged, found in zip(asking, first, strict=True))
    return f"caveats asked for in plain words that are the first answer: {right} of {len(asking)}"


def failures(found: Sequence[Result], number: int) -> str:
    """Describe the queries with the lowest nDCG: what was expected (with grades) and what came."""
    lines = []
    for result in sorted(found, key=lambda result: result.ndcg)[:number]:
        grades = result.judged.grades
        missing = [claim for claim in sorted(grades, key=lambda claim: -grades[claim]) if claim not in result.ranking]
        lines += [
            f"{result.ndcg:.3f} {result.recall:.3f}  [{result.judged.kind}] {result.judged.text}",
            "    came:    " + " ".join(f"{claim}={grades.get(claim, 0)}" for claim in result.ranking),
            "    missing: " + " ".join(f"{claim}={grades[claim]}" for claim in missing[:CUT]),
        ]
    return "\n".join(lines)


def pool(measured: dict[str, list[Result]]) -> str:
    """Return, for each query, the claims without a grade among the first ten of any engine: what is yet to judge."""
    lines = []
    for answers in zip(*measured.values(), strict=True):
        judged = answers[0].judged
        seen = dict.fromkeys(claim for answer in answers for claim in answer.ranking if claim not in judged.grades)
        lines.append(f"[{judged.kind}] {judged.text}\n    {' '.join(seen)}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; nothing is written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--claims", type=Path, default=CLAIMS, help="the knowledge base that the queries were judged on"
    )
    parser.add_argument("--engine", choices=ENGINES, default=DEFAULT, help="the product's back end")
    parser.add_argument("--split", choices=("all", "tuning", "held-out"), default="all", help="which queries to ask")
    parser.add_argument("--queries", type=Path, default=JUDGED, help="other judged queries, such as fresh.yaml")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show the N worst queries as well")
    parser.add_argument("--pool", action="store_true", help="list what was found and never judged; no figures")
    parser.add_argument("--raise-floor", action="store_true", help="hold what the memory engine reaches; no figures")
    options = parser.parse_args(arguments)
    if options.raise_floor:
        library = Library.open(CLAIMS, engine="memory")
        found = results(load(library.kb), product(library))
        FLOOR.write_text(raised(FLOOR.read_text(encoding="utf-8"), found), encoding="utf-8")
        return 0
    library = Library.open(options.claims, engine=options.engine)
    splits = {"all": (True, False), "tuning": (False,), "held-out": (True,)}
    queries = [judged for judged in load(library.kb, options.queries) if judged.held_out in splits[options.split]]
    measured = {name: results(queries, search) for name, search in rankers(library).items()}
    if options.pool:
        print(pool(measured))
        return 0
    print(table(measured))
    print(answered(queries, library))
    if options.failures:
        print(f"\nThe worst of {next(iter(measured))}:\n{failures(next(iter(measured.values())), options.failures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
