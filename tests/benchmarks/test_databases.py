"""Databases for one run: made empty, and gone afterwards."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from harness.databases import Databases

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")

from psycopg.conninfo import conninfo_to_dict  # noqa: E402 - an extra, which may be missing


class Connection:
    """Keeps what it is told instead of a server."""

    def __init__(self):
        self.told = []

    def execute(self, statement):
        self.told.append(statement)


def test_each_is_made_empty_and_dropped_in_the_end(monkeypatch):
    connection = Connection()
    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: nullcontext(connection))
    databases = Databases("host=/run/pg user=owner dbname=mine")
    made = conninfo_to_dict(databases.anew("http_10"))
    assert made == {"host": "/run/pg", "user": "owner", "dbname": "caveat_bench_http_10"}
    databases.anew("http_10")
    databases.drop()
    drop, create = "DROP DATABASE IF EXISTS caveat_bench_http_10 WITH (FORCE)", "CREATE DATABASE caveat_bench_http_10"
    assert connection.told == [drop, create, drop, create, drop]
