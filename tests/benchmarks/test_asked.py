"""The queries that engines and peers are asked."""

from __future__ import annotations

import random
import sqlite3

from works.asked import asked, mistyped
from works.finding import _in_sqlite

from kb.search.engines import engine
from tests.web.shelf import base


def test_every_kind_is_asked_the_same_for_the_same_seed():
    queries = list(asked(base(), 3, seed=1))
    assert queries == list(asked(base(), 3, seed=1)) != list(asked(base(), 3, seed=2))
    kinds = [query.kind for query in queries]
    assert {kinds.count(kind) for kind in kinds} == {3}
    assert len(set(kinds)) == 8


def test_only_what_needs_it_is_raw_in_datasette():
    raw = {query.kind for query in asked(base(), 5) if "_searchmode=raw" in query.theirs}
    assert raw == {"OR", "prefix"}


def test_a_typing_error_swaps_two_letters():
    chance = random.Random(1)  # noqa: S311 - seeded, not secret
    wrong = mistyped("depression", chance)
    assert wrong != "depression"
    assert sorted(wrong) == sorted("depression")
    assert mistyped("mood", chance) == "mood"


def test_engines_and_sqlite_understand_all_of_them(tmp_path):
    rows = sqlite3.connect(":memory:")
    rows.executescript(
        "CREATE TABLE claims (claim, verdict, certainty, type, status);"
        "CREATE VIRTUAL TABLE claims_fts USING fts5(claim, content=claims, tokenize='porter unicode61');"
    )
    claims = base().claims.values()
    rows.executemany("INSERT INTO claims VALUES (?, ?, '', '', '')", [(one.claim, one.verdict.value) for one in claims])
    rows.execute("INSERT INTO claims_fts(claims_fts) VALUES ('rebuild')")
    ours = engine("memory", tmp_path).open(base())
    for query in asked(base(), 5):
        found, found_there = ours.search(query.query).total, _in_sqlite(rows, query)
        if query.kind in {"word", "OR", "AND", "phrase", "facets", "prefix"}:
            assert found_there, query
            assert found, query
        assert found or query.kind == "typing error", query
