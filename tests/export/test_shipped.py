"""Every entry of this repository goes out in every format, and comes back."""

from __future__ import annotations

import csv as reader
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kb import store
from kb.crossings import Crossings
from kb.export import Addresses, claimreview, csv, entries, references, sqlite
from kb.model import Verdict
from tests.export import bibtex

SITE = Addresses("https://kb.example")


@pytest.fixture(scope="module")
def known():
    return Crossings(store.load(Path(__file__).parents[2] / "claims", cache=False).kb)


@pytest.fixture(scope="module")
def claims(known):
    return tuple(known.kb.claims.values())


def test_csv(known, claims):
    rows = list(reader.DictReader(io.StringIO("".join(csv.rows(known, claims, SITE)), newline=""), strict=True))
    assert [(row["id"], row["claim"].removeprefix("'")) for row in rows] == [
        (claim.id, claim.claim) for claim in claims
    ]
    assert all(row["caveats"] or row["no_caveat"] for row in rows)


def test_json_and_json_lines_say_the_same(known, claims):
    whole = json.loads("".join(entries.json_object(known, claims, SITE)))
    lines = [json.loads(line) for line in "".join(entries.json_lines(known, claims, SITE)).splitlines()]
    assert whole["claims"] == lines
    assert whole["total"] == len(lines) == len(claims)


def test_sqlite(known, claims):
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(sqlite.database(known, claims, SITE))
        counted = {
            table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - names as above
            for table in ("claims", "caveats", "sources", "references", "themes", "claims_fts", "evidence")
        }
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    kb = known.kb
    assert counted == {
        "claims": len(claims),
        "caveats": len(kb.caveats),
        "sources": len(kb.sources),
        "references": len(kb.references),
        "themes": len(kb.theme_descriptions),
        "claims_fts": len(claims),
        "evidence": sum(len(entry.evidence) for entry in (*claims, *kb.caveats.values())),
    }


def test_claim_reviews(known, claims):
    reviews = json.loads("".join(claimreview.claim_reviews(known.kb, claims, SITE, {})))
    judged = [claim for claim in claims if claim.verdict is not Verdict.NOT_CHECKABLE]
    assert [review["claimReviewed"] for review in reviews] == [claim.claim for claim in judged]
    assert all(claimreview.NOT_REVIEWED in review["reviewRating"]["ratingExplanation"] for review in reviews)
    assert all(review["itemReviewed"]["appearance"] for review in reviews)


def test_references(known):
    works = known.kb.references
    items = json.loads("".join(references.csl_json(works)))
    parsed = bibtex.parse("".join(references.bibtex(works)))
    assert [item["id"] for item in items] == list(parsed) == list(works)
    assert [bibtex.plain(fields["title"]) for fields in parsed.values()] == [work.title for work in works.values()]
    for key, work in works.items():
        assert all(name in parsed[key].get("note", "") for name in work.to_confirm)
