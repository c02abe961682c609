"""One SQLite file, ready for Datasette: tables with keys, and full-text search over the claims."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb import words
from kb.errors import KbError
from kb.export.tables import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.crossings import Crossings
    from kb.export.addresses import Addresses
    from kb.export.tables import Row
    from kb.model import Claim

SCHEMA = """
CREATE TABLE themes (
  id TEXT PRIMARY KEY, "group" TEXT NOT NULL, description TEXT NOT NULL
);
CREATE TABLE claims (
  id TEXT PRIMARY KEY, claim TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, verdict TEXT NOT NULL,
  certainty TEXT, certainty_reasons TEXT NOT NULL, judgement TEXT NOT NULL, rationale TEXT NOT NULL,
  scope_drug TEXT, scope_route TEXT, scope_population TEXT, scope_horizon TEXT, no_caveat TEXT,
  review TEXT NOT NULL, author TEXT NOT NULL, approved_by TEXT, approved_on TEXT, due TEXT, url TEXT,
  asked TEXT NOT NULL
);
CREATE TABLE caveats (
  id TEXT PRIMARY KEY, caveat TEXT NOT NULL, short TEXT NOT NULL, suggested_disclosure TEXT NOT NULL, "key" TEXT,
  status TEXT NOT NULL, restates_article INTEGER NOT NULL, review TEXT NOT NULL, author TEXT NOT NULL,
  approved_by TEXT, approved_on TEXT, due TEXT, url TEXT
);
CREATE TABLE sources (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT, locality TEXT, date TEXT, address TEXT, note TEXT,
  sha256 TEXT NOT NULL, chars INTEGER NOT NULL
);
CREATE TABLE "references" (
  id TEXT PRIMARY KEY, citation TEXT NOT NULL, type TEXT NOT NULL, design TEXT NOT NULL, title TEXT NOT NULL,
  issued INTEGER, container_title TEXT, doi TEXT, pmid TEXT, url TEXT, finding TEXT NOT NULL, limits TEXT, note TEXT,
  read TEXT NOT NULL, to_confirm TEXT NOT NULL
);
CREATE TABLE claim_themes (
  claim TEXT NOT NULL REFERENCES claims(id), theme TEXT NOT NULL REFERENCES themes(id), PRIMARY KEY (claim, theme)
);
CREATE TABLE caveat_themes (
  caveat TEXT NOT NULL REFERENCES caveats(id), theme TEXT NOT NULL REFERENCES themes(id), PRIMARY KEY (caveat, theme)
);
CREATE TABLE claim_caveats (
  claim TEXT NOT NULL REFERENCES claims(id), caveat TEXT NOT NULL REFERENCES caveats(id), near TEXT NOT NULL,
  PRIMARY KEY (claim, caveat)
);
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY, claim TEXT REFERENCES claims(id), caveat TEXT REFERENCES caveats(id),
  reference TEXT NOT NULL REFERENCES "references"(id), direction TEXT NOT NULL, directness TEXT NOT NULL,
  design TEXT NOT NULL, finding TEXT NOT NULL, CHECK ((claim IS NULL) <> (caveat IS NULL))
);
CREATE TABLE occurrences (
  id INTEGER PRIMARY KEY, claim TEXT REFERENCES claims(id), caveat TEXT REFERENCES caveats(id),
  source TEXT NOT NULL REFERENCES sources(id), start INTEGER NOT NULL, "end" INTEGER NOT NULL, digest TEXT NOT NULL,
  section TEXT NOT NULL, strength TEXT NOT NULL, CHECK ((claim IS NULL) <> (caveat IS NULL))
);
CREATE TABLE relations (
  claim TEXT NOT NULL REFERENCES claims(id), other TEXT NOT NULL REFERENCES claims(id), type TEXT NOT NULL, note TEXT,
  PRIMARY KEY (claim, other)
);
CREATE TABLE about (
  name TEXT NOT NULL, description TEXT NOT NULL, licence TEXT NOT NULL, notice TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX evidence_claim ON evidence(claim);
CREATE INDEX evidence_caveat ON evidence(caveat);
CREATE INDEX evidence_reference ON evidence(reference);
CREATE INDEX occurrences_claim ON occurrences(claim);
CREATE INDEX occurrences_caveat ON occurrences(caveat);
CREATE INDEX occurrences_source ON occurrences(source);
CREATE INDEX claim_caveats_caveat ON claim_caveats(caveat);
CREATE INDEX claim_themes_theme ON claim_themes(theme);
CREATE INDEX relations_other ON relations(other);
CREATE VIRTUAL TABLE claims_fts USING fts5(
  claim, rationale, scope_population, asked, content="claims", tokenize="porter unicode61"
);
"""
"""Dates are `YYYY-MM-DD`, ids in a list joined by `; `, texts by ` | `. Tables and columns may be added, none goes."""


def database(crossings: Crossings, claims: Sequence[Claim], addresses: Addresses) -> bytes:
    """Return a database file with these claims, and all caveats, sources, references and themes.

    Raise `KbError` where an entry names another that is not on file: its row would point nowhere.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN")
        for table, rows in tables(crossings, claims, addresses).items():
            _fill(connection, table, rows)
        connection.execute("INSERT INTO claims_fts(claims_fts) VALUES ('rebuild')")
        connection.execute("COMMIT")
        return connection.serialize()


def metadata(crossings: Crossings, addresses: Addresses) -> str:
    """Return Datasette's metadata for a database in `claims.db`: what it is, and how its tables are best shown."""
    about = crossings.kb.about
    notice = f"{words.review_notice(crossings.published)} Nothing here is medical advice."
    shown = {
        "claims": {"label_column": "claim", "facets": ["verdict", "certainty", "type", "status"], "sort": "id"},
        "caveats": {"label_column": "short", "facets": ["key", "status"], "sort": "id"},
        "sources": {"label_column": "title"},
        "references": {"label_column": "citation", "facets": ["design", "read"], "sort": "id"},
        "themes": {"label_column": "description", "facets": ["group"]},
        "evidence": {"facets": ["direction", "directness", "design"]},
        "occurrences": {"facets": ["source", "strength"]},
    }
    content: dict[str, Any] = {
        "title": about.name,
        "description": f"{about.description} {notice}",
        "license": about.licence,
        "source": f"Caveat: {about.name}",
        "source_url": addresses.home(),
        "databases": {"claims": {"tables": shown}},
    }
    return json.dumps({name: value for name, value in content.items() if value}, ensure_ascii=False, indent=2) + "\n"


def _fill(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    marks = ", ".join("?" * len(rows[0]))
    try:
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608 - table names are ours
    except sqlite3.IntegrityError as error:
        raise KbError(f"an entry names another that is not on file ({table}); `kb lint` says which") from error
