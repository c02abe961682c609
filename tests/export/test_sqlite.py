"""The database: keys that hold, search that finds, and nothing half written."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from kb.errors import KbError
from kb.export import Addresses, sqlite
from tests.export import small
from tests.factories import claim, evidence

TABLES = (
    *("about", "caveat_themes", "caveats", "claim_caveats", "claim_themes", "claims", "evidence", "occurrences"),
    *("references", "relations"),
)


def opened(known, claims=None) -> sqlite3.Connection:
    chosen = tuple(known.kb.claims.values()) if claims is None else claims
    database = sqlite3.connect(":memory:")
    database.deserialize(sqlite.database(known, chosen, Addresses(small.SITE)))
    return database


def test_every_table_has_a_primary_key_and_its_foreign_keys_hold():
    with closing(opened(small.crossings())) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for table in (*TABLES[1:], "sources", "themes"):
            columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
            assert any(column[5] for column in columns), table
        keys = {
            (table, row[3], row[2])
            for table in TABLES
            for row in database.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        }
    assert {
        ("claim_caveats", "claim", "claims"),
        ("claim_caveats", "caveat", "caveats"),
        ("evidence", "claim", "claims"),
        ("evidence", "caveat", "caveats"),
        ("evidence", "reference", "references"),
        ("occurrences", "claim", "claims"),
        ("occurrences", "caveat", "caveats"),
        ("occurrences", "source", "sources"),
        ("relations", "claim", "claims"),
        ("relations", "other", "claims"),
    } <= keys


def test_claims_are_found_by_any_form_of_a_word():
    with closing(opened(small.crossings())) as database:
        found = database.execute(
            "SELECT id FROM claims WHERE rowid IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH 'lifting')"
        ).fetchall()
    assert found == [("lifts-mood",)]


def test_a_part_of_the_claims_has_no_loose_ends():
    known = small.crossings()
    with closing(opened(known, [known.kb.claims["hostile"]])) as database:
        assert database.execute("SELECT id FROM claims").fetchall() == [("hostile",)]
        assert database.execute("SELECT * FROM relations").fetchall() == []
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("field", "table"),
    [
        ({"evidence": [evidence("lost1999")]}, "evidence"),
        ({"caveats": [{"caveat": "not-on-file", "near": "section"}]}, "claim_caveats"),
        ({"occurrences": [small.place("burnt-down")]}, "occurrences"),
        ({"themes": ["no-such-theme"]}, "claim_themes"),
    ],
)
def test_an_entry_that_names_another_which_is_not_there_is_refused(field, table):
    known = small.crossings(claims=[claim(**field)])
    with pytest.raises(KbError) as refused:
        sqlite.database(known, tuple(known.kb.claims.values()), Addresses())
    assert str(refused.value) == f"an entry names another that is not on file ({table}); `kb lint` says which"


def test_the_same_caveat_twice_is_one_row():
    owed = {"caveat": "fades-soon", "near": "section"}
    known = small.crossings(claims=[claim(caveats=[owed, owed | {"near": "document"}])])
    with closing(opened(known)) as database:
        assert database.execute("SELECT count(*) FROM claim_caveats").fetchone() == (1,)


def test_metadata_speaks_of_tables_and_columns_that_there_are():
    known = small.crossings()
    tables = json.loads(sqlite.metadata(known, Addresses()))["databases"]["claims"]["tables"]
    with closing(opened(known)) as database:
        for table, shown in tables.items():
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
            named = {shown.get("label_column"), shown.get("sort"), *shown.get("facets", ())} - {None}
            assert named <= columns, table
