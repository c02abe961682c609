"""Measure ranking by meaning on outside data: words alone, likeness alone, and both fused.

    python benchmarks/relevance/semantic.py MODEL FOLDER --split dev --weight 0.6 --weight 0.75
    python benchmarks/relevance/semantic.py MODEL FOLDER

MODEL is a folder with a sentence model such as all-MiniLM-L6-v2, FOLDER one of CheckThat! 2020 Task 2 (see
`outside.py`). Weights are chosen on the split dev; the split test is for reporting. Vectors of the 10,375 claims are
made once, which takes minutes, and kept where `--cache` says. What is fused is what the product fuses: the first 100
claims that its engine finds, by their scores, and the likeness of all claims.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import outside

from kb.errors import IndexUnavailable, KbError
from kb.search.base import MAX_PER_PAGE, Query
from kb.search.engines import DEFAULT, ENGINES, engine, open_or_build
from kb.semantic import fusion
from kb.store import places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.model import KnowledgeBase
    from kb.search.base import Page
    from kb.semantic.backend import Ranking
    from kb.semantic.base import Embedder, Matrix


class Rankers:
    """The three rankings over one knowledge base. What words and model say of a text is found out once."""

    def __init__(
        self, kb: KnowledgeBase, ranking: Ranking, pages: dict[str, Page], likeness: dict[str, Matrix]
    ) -> None:
        self._ids = sorted(kb.claims)
        self._rows = {claim_id: row for row, claim_id in enumerate(self._ids)}
        self._ranking = ranking
        self._pages = pages
        self._likeness = likeness

    def words(self, text: str) -> list[str]:
        """Rank as the engine does."""
        return [hit.id for hit in self._pages[text].hits[: outside.CUT]]

    def meaning(self, text: str) -> list[str]:
        """Rank by likeness alone, polarity not regarded."""
        likeness = self._likeness[text]
        return [self._ids[row] for row in (-likeness).argsort(kind="stable")[: outside.CUT]]

    def both(self, text: str) -> list[str]:
        """Rank as the product does with a model."""
        page = self._pages[text]
        words = {self._rows[hit.id]: hit.score for hit in page.hits}
        scores, _ = self._ranking(text, words, page.reading, page.matches)
        best = sorted(scores, key=lambda row: (-scores[row], row))
        return [self._ids[row] for row in best[: outside.CUT]]


def vectors(kb: KnowledgeBase, embedder: Embedder, folder: Path) -> Matrix:
    """Return the vectors of all claims, made where they are not kept yet, and print how long that takes."""
    from kb.semantic.vectors import Vectors  # noqa: PLC0415 - needs the optional packages

    cache, texts = Vectors(folder, embedder), [kb.claims[claim_id].claim for claim_id in sorted(kb.claims)]
    try:
        return cache.read(kb.digest, texts)
    except IndexUnavailable:
        start = time.perf_counter()
        made = cache.build(kb.digest, texts)
        print(f"{len(texts):,} vectors made, {1000 * (time.perf_counter() - start) / len(texts):.1f} ms each")
        return made


def measured(options: argparse.Namespace) -> int:
    """Measure and print."""
    from kb.semantic.backend import Ranking  # noqa: PLC0415 - needs the optional packages
    from kb.semantic.minilm import load  # noqa: PLC0415

    embedder = load(options.model)
    kb, texts = outside.knowledge_base(options.folder), outside.split(options.folder, options.split)
    backend = open_or_build(engine(options.engine, options.cache), kb).backend
    pages = {text: backend.search(Query(text, per_page=MAX_PER_PAGE)) for text in texts.texts.values()}
    backend.close()
    known = vectors(kb, embedder, options.cache)
    ranking = Ranking(kb, embedder, known)
    start = time.perf_counter()
    likeness = {text: known @ embedder.embed([text])[0] for text in texts.texts.values()}
    print(
        f"{1000 * (time.perf_counter() - start) / len(likeness):.1f} ms a text for its vector and its likeness to all"
    )
    rankers = Rankers(kb, ranking, pages, likeness)
    print(f"{options.split}: {len(texts.relevant)} texts against {len(kb.claims):,} claims, MAP@{outside.CUT}")
    _show("words alone", texts, rankers.words)
    _show("meaning alone", texts, rankers.meaning)
    for weight in options.weight or [fusion.WEIGHT]:
        fusion.WEIGHT = weight
        _show(f"both, weight {weight:.2f}", texts, rankers.both)
    return 0


def _show(name: str, texts: outside.Outside, rank: Callable[[str], Sequence[str]]) -> None:
    print(f"  {name:<20}{outside.measure(texts, rank):.3f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options; say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a folder with a sentence model")
    parser.add_argument("folder", type=Path, help="a folder of CheckThat! 2020 Task 2")
    parser.add_argument("--split", choices=outside.SPLITS, default="test")
    parser.add_argument("--engine", choices=ENGINES, default=DEFAULT)
    parser.add_argument(
        "--weight", type=float, action="append", help="what meaning counts for, from 0 to 1; repeatable"
    )
    parser.add_argument("--cache", type=Path, default=places.cache_dir() / "outside", help="where vectors are kept")
    options = parser.parse_args(arguments)
    if not (options.folder / "corpus.jsonl").is_file():
        print(f"No CheckThat! 2020 Task 2 data in {options.folder}: nothing was measured.", file=sys.stderr)
        return 2
    try:
        return measured(options)
    except (KbError, ImportError) as error:
        print(f"Nothing was measured: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
