"""Every format of one small base, compared whole; the golden files also show what exports look like."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kb.export import Addresses, atom, claimreview, csv, entries, references, sqlite
from kb.export.history import Change, History
from kb.history import ChangeKind
from tests.export import small

GOLDEN = Path(__file__).parent / "golden"
SITE = Addresses(small.SITE)
DAY = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


def dumped(content: bytes) -> str:
    """Return every row of every table as text, one line each."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        names = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not name.startswith("claims_fts")
        ]
        return "".join(
            f"{name} {json.dumps(row, ensure_ascii=False)}\n"
            for name in names
            for row in database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name out of the schema
        )


def feed(crossings):
    changes = (
        Change(ChangeKind.CHANGED, "claim", "hostile", DAY, "c3", "Mend \x00 & <b>"),
        Change(ChangeKind.REMOVED, "caveat", "gone", DAY, "c3", "Mend \x00 & <b>"),
        Change(ChangeKind.WITHDRAWN, "claim", "withdrawn-one", DAY - dt.timedelta(days=1), "c2", "Withdraw"),
        Change(ChangeKind.ADDED, "caveat", "makes-sick", DAY - dt.timedelta(days=2), "c1", ""),
        Change(ChangeKind.RENAMED, "claim", "lifts-mood", DAY - dt.timedelta(days=2), "c1", "Begin"),
    )
    return atom.feed(crossings.kb, History(changes, from_git=True), SITE)


RENDERED = {
    "claims.csv": lambda known, claims: "".join(csv.rows(known, claims, SITE)).replace("\r\n", "\n"),
    "claims.json": lambda known, claims: "".join(entries.json_object(known, claims, SITE, "what was asked")),
    "claims.jsonl": lambda known, claims: "".join(entries.json_lines(known, claims, SITE)),
    "tables.txt": lambda known, claims: dumped(sqlite.database(known, claims, SITE)),
    "metadata.json": lambda known, _: sqlite.metadata(known, SITE),
    "claimreview.json": lambda known, claims: "".join(
        claimreview.claim_reviews(known.kb, claims, SITE, {"hostile": DAY})
    ),
    "references.bib": lambda known, _: "".join(references.bibtex(known.kb.references)),
    "references.csl.json": lambda known, _: "".join(references.csl_json(known.kb.references)),
    "changes.atom": lambda known, _: feed(known),
}


@pytest.mark.parametrize("name", RENDERED)
def test_a_format_is_its_golden_file(name, golden):
    known = small.crossings()
    golden(GOLDEN / name, RENDERED[name](known, tuple(known.kb.claims.values())))


@pytest.mark.parametrize("name", [name for name in RENDERED if name.endswith(".json")])
def test_an_empty_base_is_still_json(name):
    known = small.crossings(claims=[], caveats=[])
    assert json.loads(RENDERED[name](known, ())) is not None


def test_every_golden_file_is_compared():
    assert {path.name for path in GOLDEN.iterdir()} == set(RENDERED)
