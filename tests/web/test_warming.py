"""What the first searches would wait for is asked for before anybody does, and the server is not ready until then."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from tests.web.shelf import Shelf, base
from webapp import create_app
from webapp.running import counting, warming
from webapp.running.serving import application

WAIT = 60.0
"""Seconds after which a test gives up; nothing is decided by how long it takes."""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setattr(warming.gc, "freeze", lambda: None)  # what tests make must not stay
    made = Shelf()
    made.root = tmp_path
    (tmp_path / "kb.yaml").touch()
    return made


def serving(shelf):
    return application(shelf, accounts=None, trusted_hosts=["caveat.example"], behind_proxy=None, metrics=True)


@pytest.mark.parametrize("kb", [base(), dataclasses.replace(base(), claims={})], ids=["entries", "no claims"])
def test_every_address_that_is_asked_for_answers(kb):
    client = create_app(Shelf(kb), reload_every=None).test_client()
    for address in warming.addresses(kb):
        assert client.get(address).status_code == 200, address


def test_every_way_to_search_is_tried(shelf, monkeypatch):
    typed = []
    search = shelf.search
    monkeypatch.setattr(shelf, "search", lambda query: typed.append(search(query)) or typed[-1])
    warming.warm(serving(shelf)).join(WAIT)
    read = [page.reading for page in typed]
    assert any(reading.pasted for reading in read)
    assert any(term.phrase for reading in read for term in reading.terms)
    assert any(term.prefix for reading in read for term in reading.terms)
    assert any(term.field for reading in read for term in reading.terms)
    assert any(reading.any_word or not page.total for reading, page in zip(read, typed, strict=True))


def test_it_is_ready_when_all_is_made_ready(shelf, monkeypatch):
    asked, going_on = threading.Event(), threading.Event()
    search = shelf.search

    def slowly(query):
        if threading.current_thread().name == "kb-warming":
            asked.set()
            assert going_on.wait(WAIT)
        return search(query)

    monkeypatch.setattr(shelf, "search", slowly)
    app = serving(shelf)
    client = app.test_client()
    thread = warming.warm(app)
    assert asked.wait(WAIT)
    answer = client.get("/readyz", base_url="http://caveat.example")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert answer.json["reasons"] == ["what the first searches would wait for is being made ready"]
    going_on.set()
    thread.join(WAIT)
    assert client.get("/readyz", base_url="http://caveat.example").status_code == 200


def test_nobody_has_asked_for_these_pages_as_the_figures_see_it(shelf):
    app = serving(shelf)
    warming.warm(app).join(WAIT)
    figures = app.extensions[counting.EXTENSION].registry
    labels = {"method": "GET", "route": "/", "status": "200"}
    assert figures.get_sample_value("caveat_http_requests_total", labels) is None
    client = app.test_client()
    client.get("/?q=testamine", base_url="http://caveat.example").close()  # it has ended when it is read
    assert figures.get_sample_value("caveat_http_requests_total", labels) == 1
