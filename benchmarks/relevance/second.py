"""Say how much of what was judged relevant a second judge puts among five claims: what search could reach at best.

    python benchmarks/relevance/second.py

`second.yaml` holds that judge's choice for each query that asks for a meaning (no fields, caveats or misspellings).
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import mean

import yaml
from judged import load
from metrics import recall

from kb import store

HERE = Path(__file__).parent


def figures() -> dict[str, float]:
    """Return kind of query → recall@5 of the second judge's choice, and that of all."""
    chosen = {row["query"]: row["best"] for row in yaml.safe_load((HERE / "second.yaml").read_text(encoding="utf-8"))}
    found: dict[str, list[float]] = defaultdict(list)
    for query in load(store.load(HERE.parents[1] / "claims").kb):
        if query.text in chosen:
            share = recall(chosen.pop(query.text), query.relevant)
            found[query.kind].append(share)
    if chosen:
        raise ValueError(f"no such query: {', '.join(chosen)}")
    found["all"] = [share for shares in found.values() for share in shares]
    return {kind: mean(shares) for kind, shares in found.items()}


if __name__ == "__main__":
    for name, figure in figures().items():
        print(f"{name:10} {figure:.3f}")
