# ruff: noqa: INP001  (a script, not a package)
"""Say how far a second reader agrees with the labels: what an audit could reach at best, by the same figures.

    python corpus/agreement.py

`corpus/agreement/SET` holds the labels of somebody who had the definitions and the labels of other documents of
`corpus/labelled`, and nothing else. Each figure counts what `kb score` counts, with the second reader in the place
of the audit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import yaml

from kb.audit.scoring import OURS, TALLIES, Score, score
from kb.model import DisclosureKey

CORPUS = Path(__file__).parent
SETS = ("labelled", "blind")
_KEYS = {key.value for key in DisclosureKey}


def agreement(name: str) -> Score:
    """Compare the second reader's labels of a set with the first reader's, those documents alone that both read."""
    read = {row["doc"] for row in _rows(CORPUS / "agreement" / name / "docs.jsonl")}
    return score(CORPUS / name, _report(CORPUS / "agreement" / name), only=read)


def _report(folder: Path) -> dict[str, Any]:
    """Return labels in the form of an audit's report, as far as figures are made from it."""
    documents = {row["doc"]: _document(row) for row in _rows(folder / "docs.jsonl")}
    for unit in _rows(folder / "labels.jsonl"):
        span = {"start": unit["start"], "end": unit["end"]}
        document = documents[unit["doc"]]
        if unit["subject"] in OURS and unit["claims"]:
            polarity = "negated" if unit["negated"] else "asserted"
            strength = "hedged" if unit["hedged"] else "plain"
            said = {"match": "certain", "themes": unit["claims"], "polarity": polarity, "strength": strength}
            document["mentions"].append(span | said)
        unlisted = unit["subject"] in OURS and unit["claim_like"] and unit["kb"] == "no"
        for rule, level, found in (
            ("overstated", "warning", unit["overstated"]),
            ("contradicted", "warning", unit["contradicted"]),
            ("unlisted-claim", "note", unlisted),
        ):
            if found:
                document["findings"].append(span | {"rule": rule, "level": level})
    groups = yaml.safe_load((CORPUS.parent / "claims" / "themes.yaml").read_text(encoding="utf-8"))
    return {
        "documents": list(documents.values()),
        "kb": {"themes": [theme for group in groups.values() for theme in group]},
    }


def _document(row: dict[str, Any]) -> dict[str, Any]:
    disclosed = sorted(_KEYS - set(row["required_disclosures_missing"]))
    balance = {"disclosed": disclosed, "rating": row["fair_balance"]}
    return {"path": f"{row['doc']}.txt", "mentions": [], "findings": [], "balance": balance}


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Print F1 of each figure, a column a set."""
    found = {name: agreement(name) for name in SETS}
    click.echo(f"{'':14}" + "".join(f"{name:>10}" for name in SETS))
    for figure in (*TALLIES, "balance", "quiet"):
        values = [result.figures()[figure] for result in found.values()]
        click.echo(
            f"{figure:14}" + "".join(f"{value:10.3f}" if value is not None else f"{'-':>10}" for value in values)
        )


if __name__ == "__main__":
    main()
