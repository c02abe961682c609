"""Every labelled set of corpus/ is in one format, is measured by `make score` and is named in corpus/README.md.

What is said of a failure names documents and units by number only: whoever runs the tests must not come to read the
sets that are kept unread.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SETS = sorted(file.parent.name for file in (ROOT / "corpus").glob("*/labels.jsonl"))

UNITS = {"sentence", "list-item", "table-row", "heading", "question", "testimonial", "call-to-action"}
ABOUT_KETAMINE = {"ketamine", "esketamine", "ketamine-veterinary", "ketamine-anesthesia", "ketamine-recreational"}
SUBJECTS = ABOUT_KETAMINE | {"other-treatment", "condition", "none"}
BASES = {"seed-kb", "external", None}
GROUPS = yaml.safe_load((ROOT / "claims" / "themes.yaml").read_text(encoding="utf-8"))
THEMES = {theme for group in GROUPS.values() for theme in group}


def rows(name, file):
    return [json.loads(line) for line in (ROOT / "corpus" / name / file).read_text(encoding="utf-8").splitlines()]


def units_of(name):
    """Return each unit with a number to speak of it."""
    return [(f"{row['doc']}:{row['sent_no']}", row) for row in rows(name, "labels.jsonl")]


def failing(name, holds):
    return [at for at, row in units_of(name) if not holds(row)]


def test_the_sets_are_found():
    assert {"labelled", "fresh", "blind", "unread", "sealed", "kept", "withheld"} <= set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_measured_and_named(name):
    assert f"kb score corpus/{name}" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"| `{name}` |" in (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_values_are_of_the_lists(name):
    assert not failing(name, lambda row: row["unit"] in UNITS)
    assert not failing(name, lambda row: row["subject"] in SUBJECTS)
    assert not failing(name, lambda row: set(row["claims"]) | set(row["contradicts"]) <= THEMES)
    assert not failing(name, lambda row: row["contradiction_basis"] in BASES)


@pytest.mark.parametrize("name", SETS)
def test_labels_agree_with_each_other(name):
    assert not failing(name, lambda row: set(row["caveat_keys"]) <= set(row["claims"]))
    assert not failing(name, lambda row: row["contradicted"] == (row["contradiction_basis"] is not None))
    assert not failing(
        name, lambda row: (row["kb"] != "na") == (row["subject"] in ABOUT_KETAMINE and row["claim_like"])
    )


@pytest.mark.parametrize("name", SETS)
def test_spans_hold_text_in_order(name):
    texts = {file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "corpus" / name).glob("*.txt")}
    span = {at: texts[row["doc"]][row["start"] : row["end"]] for at, row in units_of(name)}
    assert not [at for at, text in span.items() if not text or text != text.strip()]
    assert not [
        after
        for (_, one), (after, two) in pairwise(units_of(name))
        if one["doc"] == two["doc"] and two["start"] < one["end"]
    ]
    assert not [
        at
        for at, row in units_of(name)
        for word in row["absolute_words"] + row["hype_words"]
        if word.casefold() not in span[at].casefold()
    ]


@pytest.mark.parametrize("name", SETS)
def test_documents_count_their_units(name):
    units = [row for _, row in units_of(name)]
    index = {row["id"]: row for row in rows(name, "index.jsonl")}
    documents = {row["doc"]: row for row in rows(name, "docs.jsonl")}
    texts = {file.stem for file in (ROOT / "corpus" / name).glob("*.txt")}
    assert set(index) == set(documents) == texts == {row["doc"] for row in units}
    for doc, said in documents.items():
        own = [row for row in units if row["doc"] == doc]
        assert index[doc]["units"] == len(own)
        assert said["overstated_units"] == sum(row["overstated"] for row in own)
        assert said["contradicted_units"] == sum(row["contradicted"] for row in own)
        assert said["claim_like_units"] == sum(row["claim_like"] for row in own)


@pytest.mark.parametrize("name", sorted(folder.name for folder in (ROOT / "corpus" / "agreement").iterdir()))
def test_a_second_reader_labels_the_same_units(name):
    second = f"agreement/{name}"
    documents = {row["doc"] for row in rows(second, "docs.jsonl")}
    place = ("doc", "sent_no", "start", "end", "unit")
    first = [[row[key] for key in place] for _, row in units_of(name) if row["doc"] in documents]
    assert [[row[key] for key in place] for _, row in units_of(second)] == first
    assert not failing(second, lambda row: row["subject"] in SUBJECTS)
    assert not failing(second, lambda row: set(row["claims"]) | set(row["caveat_keys"]) <= THEMES)
    assert not failing(second, lambda row: row["kb"] in {"yes", "partial", "no", "na"})


def test_agreement_is_printed():
    printed = subprocess.run(
        [sys.executable, ROOT / "corpus" / "agreement.py"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert printed[0].split() == ["labelled", "blind"]
    figures = {line.split()[0]: [float(value) for value in line.split()[1:]] for line in printed[1:]}
    table = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    for name, values in figures.items():
        assert f"| {name} | " + " | ".join(f"{value:.2f}" for value in values) in table
