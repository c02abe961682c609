"""Pages of other sites may read the API, without credentials, and never the words of private copies."""

from __future__ import annotations

import pytest

READING = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Location"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
ELSEWHERE = {"Origin": "https://elsewhere.example"}
WORDS = "testamine lifts their mood"


def granted(response):
    return {name: value for name, value in response.headers.items() if name.startswith("Access-Control-")}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/search?q=mood", 200),
        ("/api/v1/claims/raises-mood", 301),
        ("/api/v1/claims?page=x", 400),
        ("/api/v1/claims/x", 404),
        ("/api/v1/nowhere", 404),
        ("/api/v1/openapi.json", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_answer_to_reading_may_be_read(client, method, address, status):
    response = client.open(address, method=method, headers=ELSEWHERE)
    assert (response.status_code, granted(response)) == (status, READING)
    assert "Origin" in response.headers["Vary"]


def test_an_answer_that_still_holds_may_be_read_too(client):
    etag = client.get("/api/v1/claims", headers=ELSEWHERE).headers["ETag"]
    response = client.get("/api/v1/claims", headers=ELSEWHERE | {"If-None-Match": etag})
    assert (response.status_code, granted(response)) == (304, READING)


def test_a_browser_that_asks_first_is_told_what_it_may(client):
    asked = ELSEWHERE | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    response = client.options("/api/v1/claims", headers=asked)
    assert (response.status_code, granted(response)) == (200, READING | PREFLIGHT)
    assert "ETag" not in response.headers
    assert "POST" not in client.options("/api/v1/match", headers=asked).headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_but_reading_is_granted(client, method):
    assert granted(client.open("/api/v1/match", method=method, json={"text": "mood"}, headers=ELSEWHERE)) == {}


@pytest.mark.parametrize("address", ["/", "/about", "/claims/lifts-mood", "/api", "/static/style.css", "/nowhere"])
def test_pages_are_for_this_site_only(client, address):
    assert granted(client.get(address, headers=ELSEWHERE, buffered=True)) == {}


ADDRESSES = ["/api/v1/claims/lifts-mood", "/api/v1/sources/quiet-harbour"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("origin", [None, "http://localhost", "https://localhost"])
def test_this_site_reads_the_words_of_private_copies(client, address, origin):
    assert WORDS in client.get(address, headers={"Origin": origin} if origin else {}).text


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/caveats/makes-sick"])
@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "", "http://localhost:8001", "http://localhost.example"]
)
def test_other_sites_never_do(client, address, origin):
    response = client.get(address, headers={"Origin": origin})
    assert response.status_code == 200
    for words in (WORDS, "Relief is certain!", "Some people feel sick for an hour.", "Call us today."):
        assert words not in response.text


def test_other_sites_learn_nothing_else_less(client):
    own = client.get("/api/v1/claims/lifts-mood").json["claim"]
    given = client.get("/api/v1/claims/lifts-mood", headers=ELSEWHERE).json["claim"]
    assert given.pop("occurrences") == [place | {"words": None} for place in own.pop("occurrences")]
    assert given == own


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_this_site_has_at_hand_is_not_confirmed_to_another(client, address):
    etag = client.get(address).headers["ETag"]
    response = client.get(address, headers=ELSEWHERE | {"If-None-Match": etag})
    assert response.status_code == 200
    assert response.headers["ETag"] != etag
