"""The work of saving: every save is found, and a round leaves the entries as they were."""

from __future__ import annotations

import sqlite3

from works import saving

from kb.store import digest
from tests.lake import write_lake


def test_a_round_saves_finds_and_puts_everything_back(tmp_path, monkeypatch):
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path / "home"))
    root = write_lake(tmp_path / "claims")
    before = digest(root)
    saving.open_library(root, "whoosh", None)
    done = saving.saves(0)
    assert len(done) == saving.SAVES
    assert all(one.finding > 0 for one in done)
    assert digest(root) == before
    assert len(saving.saves(saving.SAVES)) == saving.SAVES


def test_sqlite_finds_each_change(tmp_path):
    path = tmp_path / "claims.db"
    with sqlite3.connect(path) as rows:
        rows.executescript(
            "CREATE TABLE claims (claim, rationale, scope_population);"
            "INSERT INTO claims VALUES ('One eases pain.', '', ''), ('Two lifts mood.', '', '');"
            "CREATE VIRTUAL TABLE claims_fts USING fts5(claim, rationale, scope_population, content=claims);"
            "INSERT INTO claims_fts(claims_fts) VALUES ('rebuild');"
        )
    assert len(saving.saves_in_sqlite(path, 0)) == saving.SAVES
