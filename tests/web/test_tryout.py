"""The page that explains the API and tries it out: every form works, and nothing else can be asked through it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.html import Page
from tests.web.shelf import Shelf
from webapp import create_app
from webapp.operations import OPERATIONS
from webapp.tryout import MOST_SHOWN

READING = [operation for operation in OPERATIONS if operation.method == "get"]


def test_there_is_a_form_for_every_route_that_reads(client):
    response = client.get("/api")
    assert response.status_code == 200
    assert Page(response.text).faults == []
    assert len(response.data) < 100_000
    for operation in READING:
        assert f'<details id="{operation.name}">' in response.text
        for parameter in operation.parameters:
            assert f'id="{operation.name}-{parameter.name}"' in response.text


@pytest.mark.parametrize("operation", READING, ids=lambda operation: operation.name)
def test_every_form_as_it_is_filled_in_finds_something(client, shelf, operation):
    filled = {
        parameter.name: (parameter.example(shelf.kb) if parameter.example else "") or ""
        for parameter in operation.parameters
    }
    response = client.get("/api/try", query_string={"path": f"/api/v1{operation.path}", **filled})
    assert response.status_code == 200
    assert Page(response.text).faults == []
    assert "Answer: 200 OK" in Page(response.text).text
    assert f'<details id="{operation.name}" open>' in response.text
    assert len(response.data) < 100_000


def test_without_anything_asked_there_are_only_the_forms(client):
    assert client.get("/api/try").text == client.get("/api").text


def test_request_command_headers_and_body_are_shown(client):
    response = client.get("/api/try?path=/api/v1/search&q=o%27clock&verdict=refuted&sort=&page=1")
    text = Page(response.text).text
    address = "/api/v1/search?q=o%27clock&verdict=refuted&page=1"
    asked = client.get(address)
    assert address in Page(response.text).links
    assert f"GET http://localhost{address}" in text
    assert f"curl -s 'http://localhost{address}'" in text
    assert asked.headers["ETag"] in text
    assert json.dumps(asked.json["facets"]["verdict"]) in " ".join(text.split()).replace("{ ", "{").replace(" }", "}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/claims/lifts-mood", "200 OK"),
        ("/api/v1/claims/raises-mood", "301 Moved Permanently"),
        ("/api/v1/claims?page=0", "400 Bad Request"),
        ("/api/v1/claims/x%00%ff", "404 Not Found"),
        ("/api/v1/claims/<script>alert(1)", "404 Not Found"),
    ],
)
def test_a_whole_address_is_asked_as_it_is(client, path, status):
    response = client.get("/api/try", query_string={"path": path})
    assert response.status_code == 200
    assert f"Answer: {status}" in Page(response.text).text
    assert Page(response.text).faults == []
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/about",
        "/gaps",
        "/api",
        "/api/try?path=/api/v1/status",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v1/../../about",
        "/static/style.css",
        "http://127.0.0.1:22/api/v1/status",
        "https://elsewhere.example/api/v1/status",
        "//elsewhere.example/api/v1/status",
        "\\\\elsewhere.example\\api",
        "file:///etc/passwd",
        "http://[::",
        "/api/v1/claims/a/../b",
        "/api/v1/claims/a%2Fb",
    ],
)
def test_nothing_but_the_api_is_asked(client, path):
    response = client.get("/api/try", query_string={"path": path})
    assert response.status_code == 400
    assert Page(response.text).faults == []
    assert "must be an address under /api/v1 that can be read" in response.text


def test_a_long_answer_is_cut_and_says_so(client):
    text = Page(client.get("/api/try?path=/api/v1/openapi.json").text).text
    assert "Only the beginning is shown." in text
    assert len(text) < MOST_SHOWN + 20_000


def test_the_answer_of_the_page_is_its_own(client):
    first = client.get("/api/try?path=/api/v1/status")
    assert first.headers["ETag"] != client.get("/api/v1/status").headers["ETag"]
    again = client.get("/api/try?path=/api/v1/status", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_failure_of_the_api_is_shown_and_does_not_break_the_page(shelf, caplog):
    def broken(_query):
        raise RuntimeError("secret")

    shelf.search = broken
    response = create_app(shelf, reload_every=None).test_client().get("/api/try?path=/api/v1/search")
    assert response.status_code == 200
    assert "Answer: 500 Internal Server Error" in Page(response.text).text
    assert "secret" not in response.text
    assert "secret" in caplog.text


@pytest.fixture(scope="module")
def client_of_module():
    return create_app(Shelf(), reload_every=None).test_client()


@settings(max_examples=150)
@given(
    path=st.text(max_size=60) | st.builds("/api/v1/{}".format, st.text(max_size=40)),
    given_=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=30), max_size=3),
)
def test_whatever_is_asked_is_answered(client_of_module, path, given_):
    response = client_of_module.get("/api/try", query_string={**given_, "path": path})
    assert response.status_code in {200, 400}
    assert Page(response.text).faults == []
