"""Measure how well search finds the claim that a pasted sentence was written for.

    python benchmarks/relevance/said.py

`corpus/said` has six sentences for each claim, by writers who had seen neither rules, vocabulary nor queries: two plain
ones, a scrap of a promise, a wordy one, one beside another thought, and one in rather different words. The claim is the
one right answer, so the figures are shares of sentences that have it first, among five and among ten.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from peers import Fts5, PlainBM25
from run import CLAIMS, product, texts

from kb.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SAID = Path(__file__).parents[2] / "corpus" / "said"
KINDS = ("plain", "scrap of a promise", "wordy", "beside another", "other words")
KIND_OF = (0, 0, 1, 2, 3, 4)
"""Place among a claim's sentences → kind."""
CUTS = (1, 5, 10)


def sentences() -> list[tuple[str, str, str]]:
    """Return (kind, claim, sentence) of all files."""
    said = [item for file in sorted(SAID.glob("*.yaml")) for item in yaml.safe_load(file.read_text("utf-8")).items()]
    return [(KINDS[KIND_OF[place]], claim, text) for claim, row in said for place, text in enumerate(row["says"])]


def shares(asked: Iterable[tuple[str, str, str]], search: Callable[[str], Sequence[str]]) -> dict[str, list[float]]:
    """Return kind → the number of its sentences, and the share of them that has the claim within each cut."""
    ranks: dict[str, list[int]] = {kind: [] for kind in (*KINDS, "all")}
    for kind, claim, text in asked:
        found = list(search(text))
        rank = found.index(claim) + 1 if claim in found else sys.maxsize
        ranks[kind].append(rank)
        ranks["all"].append(rank)
    return {
        kind: [len(those), *(sum(rank <= cut for rank in those) / len(those) for cut in CUTS)]
        for kind, those in ranks.items()
    }


def main() -> int:
    """Print a line for each kind: the product, plain BM25 and FTS5."""
    library = Library.open(CLAIMS, engine="memory")
    documents, asked = texts(library.kb), sentences()
    plain, fts5 = PlainBM25(documents), Fts5(documents)
    measured = [
        shares(asked, product(library)),
        shares(asked, lambda text: plain.search(text, CUTS[-1])),
        shares(asked, lambda text: fts5.search(text, CUTS[-1])),
    ]
    print(f"{'':<20}{'':>8}{'caveat':>21}{'BM25':>21}{'FTS5':>21}")
    print(f"{'sentences':<20}{'number':>8}" + "  first  of 5  of 10" * len(measured))
    for kind in measured[0]:
        figures = "".join(
            f"{first:7.3f}{five:7.3f}{ten:7.3f}" for _, first, five, ten in (each[kind] for each in measured)
        )
        print(f"{kind:<20}{measured[0][kind][0]:>8}{figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
