"""Check the text analysis and its scale on outside data: tweets that repeat claims, matched to the claims fact-checked.

    python benchmarks/relevance/outside.py FOLDER            # a folder of CheckThat! 2020 Task 2, test split
    python benchmarks/relevance/outside.py FOLDER --split dev

The folder holds corpus.jsonl (_id, title, text), queries.SPLIT.jsonl (_id, text) and qrels.SPLIT.tsv. Nothing of it is
kept. Each of the 10,375 claims becomes an entry of a knowledge base in memory, its title and text together being what
is claimed; the product's own engine indexes it, and each tweet is searched for like any pasted text. MAP@5 is the
task's own measure. Other rankers can be measured on the same data: see `measure`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from metrics import average_precision

from kb.model import Claim, Examples, KnowledgeBase
from kb.search.base import Query
from kb.search.engines import DEFAULT, ENGINES, engine, open_or_build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kb.search.base import SearchBackend

CUT = 5
SPLITS = ("train", "dev", "test")


class Outside(NamedTuple):
    """One split: its texts, and for each the ids of the right claims."""

    texts: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def split(folder: Path, name: str) -> Outside:
    """Read the texts of a split with their right claims."""
    relevant: dict[str, set[str]] = {}
    with (folder / f"qrels.{name}.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    texts = {line["_id"]: line["text"] for line in _lines(folder / f"queries.{name}.jsonl")}
    return Outside(texts, {query: frozenset(claims) for query, claims in relevant.items()})


def knowledge_base(folder: Path) -> KnowledgeBase:
    """Make a knowledge base of the claims, in memory: no themes, caveats or vocabulary, and no verdicts that count."""
    claims = {line["_id"]: _claim(line) for line in _lines(folder / "corpus.jsonl")}
    digest = hashlib.sha256((folder / "corpus.jsonl").read_bytes()).hexdigest()
    return KnowledgeBase(
        about=None, digest=digest, themes={}, concepts={}, references={}, sources={}, caveats={}, claims=claims
    )


def _claim(line: Mapping[str, str]) -> Claim:
    """Return an entry without the checks of ours: these claims are longer, and nobody reviewed them here."""
    return Claim.model_construct(
        id=line["_id"],
        claim=f"{line['title']}\n{line['text']}",
        type="background",
        themes=(),
        status="draft",
        verdict="not-checkable",
        certainty=None,
        rationale="",
        scope=None,
        evidence=(),
        caveats=(),
        no_caveat=None,
        occurrences=(),
        recognise=(),
        examples=Examples(),
        related=(),
        aliases=(),
        review=None,
    )


def measure(texts: Outside, rank: Callable[[str], Sequence[str]]) -> float:
    """Return the MAP@5 of a ranker, a function from a text to ids of claims, best first."""
    scores = [average_precision(rank(texts.texts[query]), relevant, CUT) for query, relevant in texts.relevant.items()]
    return sum(scores) / len(scores)


def ranker(backend: SearchBackend) -> Callable[[str], list[str]]:
    """Return search as somebody uses it who pastes a text: the claims matched, then the claims found."""

    def rank(text: str) -> list[str]:
        page = backend.search(Query(text, per_page=CUT))
        return list(dict.fromkeys([match.id for match in page.matches] + [hit.id for hit in page.hits]))

    return rank


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of CheckThat! 2020 Task 2")
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--engine", choices=ENGINES, default=DEFAULT)
    options = parser.parse_args(arguments)
    if not (options.folder / "corpus.jsonl").is_file():
        print(f"No CheckThat! 2020 Task 2 data in {options.folder}: nothing was measured.", file=sys.stderr)
        return 2
    kb, texts = knowledge_base(options.folder), split(options.folder, options.split)
    with tempfile.TemporaryDirectory() as folder:
        backend = open_or_build(engine(options.engine, Path(folder)), kb).backend
        start = time.perf_counter()
        score = measure(texts, ranker(backend))
        seconds = time.perf_counter() - start
        backend.close()
    print(
        f"MAP@5 {score:.3f} on {options.split}: {len(texts.relevant)} texts against {len(kb.claims):,} claims, "
        f"{1000 * seconds / len(texts.relevant):.0f} ms a text ({options.engine})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
