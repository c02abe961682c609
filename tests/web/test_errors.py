"""Every exception has a status; every failure is a friendly page or the one JSON shape; nothing typed breaks a page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import errors as kb_errors
from kb.errors import IndexUnavailable, KbError, KnowledgeBaseNotFound
from tests.web.html import Page
from tests.web.shelf import Shelf
from webapp import create_app
from webapp.errors import STATUS_OF


def test_every_exception_of_the_library_has_a_status():
    named = {thing for thing in vars(kb_errors).values() if isinstance(thing, type) and issubclass(thing, KbError)}
    assert {error.__name__ for error in named - {KbError} - set(STATUS_OF)} == set()


def failing(error):
    shelf = Shelf()

    def search(_query):
        raise error

    shelf.search = search
    return create_app(shelf, reload_every=None).test_client()


def test_search_out_of_order_is_503_and_never_nothing_found(caplog):
    client = failing(IndexUnavailable("the index cannot be written: disk full"))
    response = client.get("/api/v1/search?q=mood")
    assert (response.status_code, response.json) == (
        503,
        {"ok": False, "error": "the index cannot be written: disk full", "errors": [], "status": 503},
    )
    page = client.get("/?q=mood")
    assert page.status_code == 503
    assert Page(page.text).faults == []
    assert "Search is out of order" in page.text
    assert "No claim found" not in page.text
    assert "disk full" in caplog.text


def test_our_own_faults_are_logged_and_not_told(caplog):
    client = failing(RuntimeError("secret path /home/x"))
    response = client.get("/api/v1/search")
    assert (response.status_code, response.json) == (
        500,
        {"ok": False, "error": "internal error", "errors": [], "status": 500},
    )
    page = client.get("/")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert Page(page.text).faults == []
    assert "secret path" in caplog.text


def test_files_that_are_gone_are_503(shelf):
    def gone():
        raise KnowledgeBaseNotFound("there is no kb.yaml in /somewhere")

    shelf.reload_if_changed = gone
    client = create_app(shelf, reload_every=0).test_client()
    assert client.get("/about").status_code == 503
    assert client.get("/api/v1/status").json["status"] == 503
    assert client.get("/static/style.css", buffered=True).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "There is no such page"),
        ("/claims/lifts-mod", 404, "No claim has the id 'lifts-mod'."),
        ("/caveats/x", 404, "No caveat has the id 'x'."),
        ("/sources/x", 404, "No source has the id 'x'."),
        ("/references/x", 404, "No reference has the id 'x'."),
        ("/?page=abc", 400, "page must be a whole number from 1 to 99999, not 'abc'"),
        ("/?page=-1", 400, "page must be a whole number from 1 to 99999, not '-1'"),
        ("/?page=٣", 400, "page must be a whole number from 1 to 99999, not '٣'"),
        ("/?verdict=true", 400, "verdict unknown value 'true'"),
        ("/?theme=slep", 400, "theme unknown value 'slep'; did you mean 'sleep'?"),
        ("/?sort=best", 400, "sort unknown order 'best'"),
        ("/?source=%3Cscript%3E", 400, "source unknown value '<script>'"),
    ],
)
def test_friendly_error_pages(client, address, status, words):
    response = client.get(address)
    page = Page(response.text)
    assert response.status_code == status
    assert words in page.text
    assert page.faults == []
    assert "/" in page.links


def test_a_missing_page_says_so_once(client):
    text = Page(client.get("/nowhere").text).text
    assert "There is no such page" in text
    assert "Not Found" not in text


def test_a_wrong_id_offers_the_right_one(client):
    assert "/claims/lifts-mood" in Page(client.get("/claims/lifts-mod").text).links


def test_pages_take_no_other_method(client):
    response = client.post("/about")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert Page(response.text).faults == []


HOSTILE = [
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raise %}",
    "\x00\x01\x1b[31m\x7f\x9f\u2028",
    "%00%ff%fe",
    "\ud83d\ude00 \u202eevil".encode("utf-16", "surrogatepass").decode("utf-16"),
    "'; DROP TABLE claims; --",
    "a" * 50_000,
    "((((\"'*?~^[]{}\\/:",
    "claim:* OR id:[a TO z]",
    "mood" * 3_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_searches_are_only_text(client, text):
    page = client.get("/", query_string={"q": text})
    assert page.status_code == 200
    assert Page(page.text).faults == []
    assert len(page.data) < 100_000
    assert not {character for character in page.text if ord(character) < 32} - {"\n"}
    assert "<img" not in page.text
    body = client.get("/api/v1/search", query_string={"q": text})
    assert (body.status_code, body.json["ok"]) == (200, True)


@pytest.mark.parametrize(
    "query", ["q=%ff%fe%80", "q=%ed%a0%80", "%00=%00", "q", "=", "&&&", "q=1&q=2", "page=1&page=x"]
)
def test_broken_query_strings(client, query):
    assert client.get(f"/?{query}").status_code == 200


@pytest.fixture(scope="module")
def client_of_module():
    return create_app(Shelf(), reload_every=None).test_client()


NAMES = st.sampled_from(["q", "theme", "verdict", "certainty", "source", "status", "type", "caveat", "sort", "page"])


@settings(max_examples=150)
@given(pairs=st.lists(st.tuples(NAMES | st.text(max_size=8), st.text(max_size=40)), max_size=6))
def test_any_parameters_give_a_page_or_a_friendly_refusal(client_of_module, pairs):
    for address in ("/", "/api/v1/search"):
        response = client_of_module.get(
            address, query_string=[(name.encode("utf-8", "replace"), value) for name, value in pairs]
        )
        assert response.status_code in {200, 400}
        if response.mimetype == "text/html":
            assert Page(response.text).faults == []


@settings(max_examples=100)
@given(
    entry_id=st.text(max_size=120),
    kind=st.sampled_from(["claims", "caveats", "sources", "references", "api/v1/claims"]),
)
def test_any_id_gives_an_answer(client_of_module, kind, entry_id):
    response = client_of_module.get(f"/{kind}/{quote(entry_id, safe='')}")
    assert response.status_code in {200, 301, 302, 308, 404}
