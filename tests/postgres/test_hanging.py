"""A server that hangs, with all of its connections open: nobody waits for it without end, and it may come back."""

from __future__ import annotations

import itertools
import time
from http import HTTPStatus

import pytest

from kb.errors import IndexUnreachable
from kb.library import Library
from kb.search.base import Query
from kb.search.postgres import connections
from kb.search.postgres.engine import PostgresEngine
from tests.search.bases import base
from tests.search.contract import ids
from tests.search.edits import edited
from webapp import create_app

PATIENCE = 60.0
"""Seconds within which it must be found that a server is back."""


@pytest.fixture
def hanging(cluster):
    """Return a server that no other test needs."""
    server = cluster.new("hanging")
    yield server
    server.stop("immediate")


@pytest.fixture
def impatient(monkeypatch):
    """Let who asks wait a second or two: what answers at all is waited for again below, and nothing is lost."""
    monkeypatch.setattr(connections, "TIMEOUT", 1.0)
    monkeypatch.setattr(connections, "REST", 0.5)
    monkeypatch.setitem(connections._DEFAULTS, "connect_timeout", "2")


def in_time(ask, good):
    """Ask until the answer is a good one."""
    until = time.monotonic() + PATIENCE
    while not good(answer := ask()):
        assert time.monotonic() < until, answer
        time.sleep(0.1)
    return answer


def eventually(ask):
    """Ask until the server answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except IndexUnreachable:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.mark.usefixtures("impatient")
def test_pages_say_that_it_does_not_answer_until_it_does(root, hanging, caplog):
    library = Library(root, engine="postgres", dsn=hanging.dsn())
    eventually(library.index)
    client = create_app(library, reload_every=None).test_client()

    asked = map("/api/v1/search?q=water+{}".format, itertools.count())  # what was found before is remembered

    def search():
        return client.get(next(asked))

    def ready():
        return client.get("/readyz")

    def answers(answer):
        return answer.status_code == HTTPStatus.OK

    in_time(search, answers)
    in_time(ready, answers)
    with hanging.frozen():
        for _ in range(2):  # first over the connection that was open, then over none
            refused = search()
            assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
            assert "PostgreSQL cannot be reached" in refused.json["error"]
        page = client.get("/?q=cold")
        assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "Search is out of order" in page.text
        assert ready().json == {"ready": False, "reasons": ["the search engine does not answer"]}
    assert "building it anew" not in caplog.text
    assert in_time(search, answers).json["total"]
    in_time(ready, answers)


@pytest.mark.usefixtures("impatient")
def test_a_save_does_not_wait_for_it_without_end(hanging):
    kb, engine = base(), PostgresEngine(hanging.dsn())
    eventually(lambda: engine.build(kb))
    backend = eventually(lambda: engine.open(kb))
    later = edited(kb, ("claim", "calm", {"claim": "Zebras doze."}))
    with hanging.frozen(), pytest.raises(IndexUnreachable):
        backend.updated(later)
    found = eventually(lambda: backend.updated(later))
    assert ids(eventually(lambda: found.search(Query("zebra")))) == ["calm"]
    engine.close()


def test_what_takes_long_is_waited_for_as_long_as_the_server_lets_it(primary, monkeypatch):
    monkeypatch.setattr(connections, "TIMEOUT", 0.1)
    monkeypatch.setattr(connections, "GRACE", 0.1)
    found = connections.Connections(primary.dsn(options="-c statement_timeout=60s"))
    assert found.read(lambda connection: connection.execute("SELECT 7 FROM pg_sleep(0.5)").fetchone()) == (7,)
    found.close()


def test_where_servers_have_just_let_somebody_wait_nobody_waits(primary, monkeypatch):
    found = connections.Connections(primary.dsn())
    monkeypatch.setattr(found, "_hung", (time.monotonic() + PATIENCE, "nobody answers"))
    with pytest.raises(IndexUnreachable, match=r"^nobody answers$"):
        found.read(lambda connection: connection.execute("SELECT 1"))
    monkeypatch.setattr(found, "_hung", (time.monotonic(), "nobody answers"))
    assert found.read(lambda connection: connection.execute("SELECT 7").fetchone()) == (7,)
    found.close()
