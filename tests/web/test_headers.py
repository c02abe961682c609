"""Response headers: on every answer, of every kind."""

from __future__ import annotations

import dataclasses

import pytest

from tests.web.shelf import Shelf, base
from webapp import create_app
from webapp.headers import SECURITY_HEADERS, build

ADDRESSES = [
    "/",
    "/claims/lifts-mood",
    "/nowhere",
    "/?page=x",
    "/api/v1/search",
    "/api/v1/nowhere",
    "/static/style.css",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "/claims/raises-mood", "/static/nothing.css"])
def test_security_headers_are_on_every_answer(client, address):
    headers = client.get(address, buffered=True).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    sources = {source for directive in policy.split("; ") for source in directive.split()[1:]}
    assert sources == {"'none'", "'self'"}


@pytest.mark.parametrize("address", ["/", "/claims/lifts-mood", "/api/v1/claims", "/about"])
def test_a_page_that_is_known_is_not_sent_again(client, address):
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_an_etag_is_of_one_address_only(client):
    etag = client.get("/about").headers["ETag"]
    assert client.get("/themes", headers={"If-None-Match": etag}).status_code == 200
    assert client.get("/nowhere", headers={"If-None-Match": "*"}).status_code == 404
    assert client.get("/about", headers={"If-None-Match": "*"}).status_code == 200


def test_an_etag_changes_with_the_files_the_copies_and_the_index(shelf, client):
    def etag():
        return client.get("/claims/lifts-mood").headers["ETag"]

    seen = [etag()]
    shelf.texts = {}
    seen.append(etag())
    shelf.kb = dataclasses.replace(base(), digest="1" * 64)
    seen.append(etag())
    changed = dataclasses.replace(
        shelf.index_info(), info=dataclasses.replace(shelf.index_info().info, digest="2" * 64)
    )
    shelf.index_info = lambda: changed
    seen.append(etag())
    assert len(set(seen)) == 4


def test_errors_are_not_kept(client):
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert client.get("/?page=x").headers["Cache-Control"] == "no-store"
    assert "ETag" not in client.get("/?page=x").headers


def test_the_style_sheet_of_this_build_is_kept_for_good(client):
    assert f"/static/style.css?v={build()}" in client.get("/").text
    kept = "public, max-age=31536000, immutable"
    assert client.get(f"/static/style.css?v={build()}", buffered=True).headers["Cache-Control"] == kept
    assert client.get("/static/style.css?v=old", buffered=True).headers["Cache-Control"] == "no-cache"


def test_head_has_the_headers_of_get(client):
    got, head = client.get("/about"), client.head("/about")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", got.headers["ETag"])


def test_edits_are_looked_for_once_in_a_while():
    shelf = Shelf()
    client = create_app(shelf, reload_every=0).test_client()
    client.get("/about")
    client.get("/static/style.css", buffered=True)
    client.get("/themes")
    assert shelf.reloads == 2
    patient = create_app(shelf, reload_every=3_600).test_client()
    patient.get("/about")
    assert shelf.reloads == 2


def test_a_host_that_is_not_trusted_is_refused(shelf):
    client = create_app(shelf, reload_every=None, trusted_hosts=["127.0.0.1", "localhost"]).test_client()
    assert client.get("/about", headers={"Host": "localhost:8000"}).status_code == 200
    for address in ("/about", "/sources/quiet-harbour", "/api/v1/status", "/static/style.css"):
        response = client.get(address, headers={"Host": "evil.example"})
        assert response.status_code == 400, address
        assert "lifts their mood" not in response.text
