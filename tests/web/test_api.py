"""Every route under /api/v1: one envelope, one shape of errors, whole bodies compared."""

from __future__ import annotations

import re

import pytest

from kb import __version__
from kb.library import IndexState
from kb.search.base import SORTS
from tests.factories import claim
from tests.web.shelf import Shelf, base
from webapp import create_app

EXAMPLES = {
    "/api/v1/search": "/api/v1/search?q=mood",
    "/api/v1/complete": "/api/v1/complete?q=mood",
    "/api/v1/match": "/api/v1/match?text=It+lifts+mood.",
    "/api/v1/claims": "/api/v1/claims",
    "/api/v1/claims/{id}": "/api/v1/claims/lifts-mood",
    "/api/v1/caveats": "/api/v1/caveats",
    "/api/v1/caveats/{id}": "/api/v1/caveats/makes-sick",
    "/api/v1/sources": "/api/v1/sources",
    "/api/v1/sources/{id}": "/api/v1/sources/quiet-harbour",
    "/api/v1/references": "/api/v1/references",
    "/api/v1/references/{key}": "/api/v1/references/doe2020",
    "/api/v1/themes": "/api/v1/themes",
    "/api/v1/entries/{kind}/{id}": "/api/v1/entries/claim/lifts-mood",
    "/api/v1/picks/{kind}": "/api/v1/picks/claim",
    "/api/v1/like": "/api/v1/like?q=Testamine+lifts+mood+within+days.",
    "/api/v1/status": "/api/v1/status",
    "/api/v1/openapi.json": "/api/v1/openapi.json",
}
"""Route → a request. `test_openapi.py` holds what they answer against the document, field by field."""


def test_there_is_a_request_for_every_route_that_reads(app):
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    rules = {rule.rule for rule in routes if "GET" in rule.methods}
    assert {re.sub(r"<(?:\w+_)?(\w+)>", r"{\1}", rule) for rule in rules} == set(EXAMPLES)


@pytest.mark.parametrize("route", sorted(EXAMPLES.keys() - {"/api/v1/openapi.json"}))
def test_every_success_is_in_the_envelope(client, route):
    response = client.get(EXAMPLES[route])
    assert (response.status_code, response.mimetype, response.json["ok"]) == (200, "application/json", True)
    assert next(iter(response.json)) == "ok"


@pytest.mark.parametrize("route", EXAMPLES)
def test_an_unknown_parameter_is_refused_on_every_route(client, route):
    address = EXAMPLES[route]
    response = client.get(address + ("&" if "?" in address else "?") + "verdit=supported")
    assert response.status_code == 400
    message = response.json["errors"][0]["message"]
    assert response.json == {
        "ok": False,
        "error": "the address has parameters that cannot be used",
        "errors": [{"field": "verdit", "message": message}],
        "status": 400,
    }
    assert message == ("unknown parameter; did you mean 'verdict'?" if "search" in route else "unknown parameter")


@pytest.mark.parametrize("route", EXAMPLES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "NONSENSE"])
def test_every_other_method_is_refused(client, route, method):
    if (route, method) in {("/api/v1/match", "POST"), ("/api/v1/entries/{kind}/{id}", "PUT")}:
        return
    response = client.open(EXAMPLES[route], method=method)
    assert response.json == {"ok": False, "error": "Method Not Allowed", "errors": [], "status": 405}
    takes = {"/api/v1/match": ", POST", "/api/v1/entries/{kind}/{id}": ", PUT"}
    allowed = f"GET, HEAD, OPTIONS{takes.get(route, '')}"
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("/api/v1", "Not Found"),
        ("/api/v1/", "Not Found"),
        ("/api/v1/nothing/here", "Not Found"),
        ("/api/v1/claims/lifts-mod", "no claim has the id 'lifts-mod'"),
        ("/api/v1/caveats/fade-soon", "no caveat has the id 'fade-soon'"),
        ("/api/v1/sources/south", "no source has the id 'south'"),
        ("/api/v1/references/doe1900", "no reference has the id 'doe1900'"),
        ("/api/v1/claims/%3Cb%3E%00%7F", "no claim has the id '<b> '"),
    ],
)
def test_what_is_not_there(client, address, error):
    response = client.get(address)
    assert response.status_code == 404
    assert response.json == {"ok": False, "error": error, "errors": [], "status": 404}


@pytest.mark.parametrize("kind", [("claims", "raises-mood", "lifts-mood"), ("caveats", "wears-off", "fades-soon")])
def test_former_ids_lead_to_the_present_ones(client, kind):
    name, former, present = kind
    response = client.get(f"/api/v1/{name}/{former}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/api/v1/{name}/{present}")
    assert response.json == {"ok": True, "moved_to": f"/api/v1/{name}/{present}"}


def test_all_wrong_parameters_are_named_at_once(client):
    response = client.get("/api/v1/search?verdict=suported&theme=mod&sort=best&page=0&per_page=101&caveat=fades")
    assert response.status_code == 400
    assert response.json["errors"] == [
        {"field": "theme", "message": "unknown value 'mod'; did you mean 'mood'?"},
        {"field": "verdict", "message": "unknown value 'suported'; did you mean 'supported'?"},
        {"field": "caveat", "message": "unknown value 'fades'; did you mean 'fades-soon'?"},
        {"field": "sort", "message": f"unknown order 'best'; it must be one of: {', '.join(SORTS)}"},
        {"field": "page", "message": "must be a whole number from 1 to 99999, not '0'"},
        {"field": "per_page", "message": "must be a whole number from 1 to 100, not '101'"},
    ]


def test_lists_are_paged(client):
    body = client.get("/api/v1/claims?page=2&per_page=3").json
    assert [entry["id"] for entry in body.pop("claims")] == ["cures-low-mood", "lifts-mood", "old-story"]
    links = {"next": "/api/v1/claims?page=3&per_page=3", "prev": "/api/v1/claims?page=1&per_page=3"}
    assert body == {"ok": True, "total": 7, "page": 2, "pages": 3, "per_page": 3, "links": links}
    assert client.get("/api/v1/claims?page=9").json["claims"] == []
    assert client.get("/api/v1/caveats?page=x").json["errors"] == [
        {"field": "page", "message": "must be a whole number from 1 to 99999, not 'x'"}
    ]


@pytest.mark.parametrize(
    ("address", "following", "before"),
    [
        ("/api/v1/claims", None, None),
        ("/api/v1/claims?per_page=4", "/api/v1/claims?per_page=4&page=2", None),
        ("/api/v1/claims?per_page=4&page=2", None, "/api/v1/claims?per_page=4&page=1"),
        ("/api/v1/claims?per_page=4&page=77", None, "/api/v1/claims?per_page=4&page=2"),
        ("/api/v1/search?q=xyzzy&page=3", None, None),
        (
            "/api/v1/search?theme=mood&theme=sleep&per_page=1&page=2&q=%22testamine%22+%26",
            "/api/v1/search?theme=mood&theme=sleep&per_page=1&page=3&q=%22testamine%22+%26",
            "/api/v1/search?theme=mood&theme=sleep&per_page=1&page=1&q=%22testamine%22+%26",
        ),
    ],
)
def test_links_lead_from_page_to_page(client, address, following, before):
    assert client.get(address).json["links"] == {"next": following, "prev": before}


def test_links_lead_to_everything_exactly_once(client):
    found, address = [], "/api/v1/search?q=testamine&per_page=2"
    while address:
        body = client.get(address).json
        found += [hit["id"] for hit in body["hits"]]
        address = body["links"]["next"]
    assert sorted(found) == sorted({hit["id"] for hit in client.get("/api/v1/search?q=testamine").json["hits"]})
    assert len(found) == body["total"]


def test_a_search_and_a_claim_lead_to_their_exports(client):
    found = client.get("/api/v1/search?q=mood&theme=mood&theme=sleep&page=2&per_page=1").json["exports"]
    assert found == {name: f"/search.{name}?q=mood&theme=mood&theme=sleep" for name in ("csv", "json", "jsonl")}
    exports = client.get("/api/v1/claims/lifts-mood").json["claim"]["exports"]
    assert exports == {
        "claimreview": "/claims/lifts-mood.jsonld",
        "bibtex": "/claims/lifts-mood.bib",
        "csl": "/claims/lifts-mood.csl.json",
    }
    for address in (*found.values(), *exports.values()):
        assert client.get(address).status_code == 200, address
    assert client.get("/api/v1/claims/a-new-life").json["claim"]["exports"]["claimreview"] is None


def test_completions_lead_somewhere(client):
    body = client.get("/api/v1/complete?q=lifts").json
    assert body["query"] == "lifts"
    claims = [found for found in body["completions"] if found["kind"] == "claim"]
    assert claims == [
        {
            "text": "Testamine lifts mood within a day.",
            "kind": "claim",
            "id": "lifts-mood",
            "url": "/api/v1/claims/lifts-mood",
        }
    ]
    for found in client.get("/api/v1/complete?q=mood&limit=20").json["completions"]:
        assert found["url"] is None or client.get(found["url"]).status_code == 200


def test_a_text_is_matched_from_the_address_and_from_the_body(client):
    text = "Testamine lifts mood within a day."
    found = client.get("/api/v1/match", query_string={"text": text}).json
    assert found == client.post("/api/v1/match", json={"text": text}).json
    assert (found["total"], found["matches"][0]["id"]) == (len(found["matches"]), "lifts-mood")


def refusal(status, error, *problems):
    errors = [{"field": field, "message": message} for field, message in problems]
    return {"ok": False, "error": error, "errors": errors, "status": status}


BAD = "the address has parameters that cannot be used"
BAD_BODY = "the body of the request cannot be used"
TOO_LARGE = "the body of the request is larger than any text that is read"
NOT_JSON = "the body of the request must be JSON, and its Content-Type application/json"


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ({"json": {"text": "x" * 20_001}}, refusal(400, BAD_BODY, ("text", "must have at most 20,000 characters"))),
        ({"json": {"text": 7}}, refusal(400, BAD_BODY, ("text", "must be a string"))),
        ({"json": {"text": ""}}, refusal(400, BAD_BODY, ("text", "must not be empty"))),
        ({"json": {}}, refusal(400, BAD_BODY, ("text", "must not be left out"))),
        ({"json": {"text": "x", "txt": "y"}}, refusal(400, BAD_BODY, ("txt", "unknown field"))),
        ({"json": {"text": "x", "\0" * 99: 1}}, refusal(400, BAD_BODY, (" ", "unknown field"))),
        ({"json": ["x"]}, refusal(400, BAD_BODY, ("body", 'must be an object: {"text": "…"}'))),
        (
            {"data": b"{text: x}", "content_type": "application/json"},
            refusal(400, BAD_BODY, ("body", "is not JSON: key must be a string at line 1 column 2")),
        ),
        ({"data": b"x" * 260_001, "content_type": "application/json"}, refusal(413, TOO_LARGE)),
        ({"data": {"text": "x"}}, refusal(415, NOT_JSON)),
        ({}, refusal(415, NOT_JSON)),
    ],
)
def test_a_text_that_cannot_be_matched(client, sent, wanted):
    response = client.post("/api/v1/match", **sent)
    assert (response.status_code, response.json) == (wanted["status"], wanted)


def test_a_text_in_the_address_has_a_limit_too(client):
    response = client.get("/api/v1/match", query_string={"text": "x" * 20_001})
    wanted = refusal(400, BAD, ("text", "must have at most 20,000 characters, not 20,001"))
    assert (response.status_code, response.json) == (400, wanted)


def test_what_is_left_empty_is_refused_and_not_passed_over(client):
    response = client.get("/api/v1/search?q=&theme=&sort=&page=&pages=2")
    wanted = refusal(
        400,
        BAD,
        ("pages", "unknown parameter; did you mean 'page'?"),
        ("theme", "must not be empty; it may be left out"),
        ("sort", "must not be empty; it may be left out"),
        ("page", "must not be empty; it may be left out"),
    )
    assert (response.status_code, response.json) == (400, wanted)


def test_a_claim_in_brief(client):
    found = {entry["id"]: entry for entry in client.get("/api/v1/claims").json["claims"]}
    assert found["lifts-mood"] == {
        "id": "lifts-mood",
        "claim": "Testamine lifts mood within a day.",
        "type": "onset",
        "themes": ["mood", "sleep"],
        "status": "in-review",
        "verdict": "supported",
        "certainty": "low",
        "judgement": "This may be so; the evidence is limited.",
        "caveats": [
            {"id": "makes-sick", "near": "sentence", "short": "Can make people sick"},
            {"id": "fades-soon", "near": "section", "short": "Fades within days"},
            {"id": "not-on-file", "near": "document", "short": "not-on-file"},
        ],
        "sources": ["north", "quiet-harbour"],
        "url": "/api/v1/claims/lifts-mood",
    }


def test_occurrences_have_words_only_where_they_are_the_ones_that_were_pinned(client):
    places = client.get("/api/v1/claims/lifts-mood").json["claim"]["occurrences"]
    assert [(place["source"], place["words"], place["orphan"]) for place in places] == [
        ("burnt-down", None, False),
        ("north", None, False),
        ("quiet-harbour", None, True),
        ("quiet-harbour", "testamine lifts their mood", False),
    ]


def test_without_a_copy_there_are_no_words_anywhere():
    client = create_app(Shelf(texts={}), reload_every=None).test_client()
    for address in ("/api/v1/claims/lifts-mood", "/api/v1/sources/quiet-harbour", "/claims/lifts-mood"):
        assert "lifts their mood" not in client.get(address).text


def test_what_an_article_discloses(client):
    disclosures = client.get("/api/v1/sources/quiet-harbour").json["source"]["disclosures"]
    assert len(disclosures) == 10
    assert disclosures[:2] == [
        {
            "key": "transient-effect",
            "in_words": "The effect fades",
            "disclosed": False,
            "caveats": [],
            "called_for_by": ["cures-low-mood", "lifts-mood"],
        },
        {
            "key": "side-effects",
            "in_words": "Side effects",
            "disclosed": True,
            "caveats": ["makes-sick"],
            "called_for_by": ["lifts-mood"],
        },
    ]


def test_relations_are_seen_from_both_ends(client):
    related = client.get("/api/v1/claims/lifts-mood").json["claim"]["related"]
    assert [(item["claim"], item["type"], item["verdict"], item["url"]) for item in related] == [
        ("cures-low-mood", "contradicts", "refuted", "/api/v1/claims/cures-low-mood"),
        ("gone-claim", "similar", None, None),
        ("better-sleep", "narrower", "unproven", "/api/v1/claims/better-sleep"),
    ]


def test_status(client, shelf):
    body = client.get("/api/v1/status").json
    built_at = body["index"].pop("built_at")
    assert built_at == shelf.index_info().info.built_at.isoformat()
    assert body == {
        "ok": True,
        "name": "Test base",
        "description": "For tests.",
        "licence": "CC0-1.0",
        "notice": "No entry here has been reviewed by a clinician yet.",
        "tool": {"name": "caveat-kb", "version": __version__},
        "digest": "0" * 64,
        "counts": {"claims": 7, "caveats": 3, "sources": 2, "references": 3, "themes": 4},
        "by_status": {"draft": 1, "in-review": 6, "published": 0, "disputed": 1, "withdrawn": 2},
        "problems": 0,
        "index": {"behind": False, "engine": "memory", "digest": "0" * 64, "documents": 7},
    }


def test_status_where_there_is_no_index_yet(shelf):
    shelf.index_info = lambda: IndexState(None, behind=True)
    body = create_app(shelf, reload_every=None).test_client().get("/api/v1/status").json
    assert body["index"] == {"behind": True, "engine": None, "digest": None, "documents": None, "built_at": None}


def test_a_published_entry_changes_the_notice():
    published = claim("checked", status="published", review={"author": "A", "approved_by": "B"})
    client = create_app(Shelf(base(claims=[published])), reload_every=None).test_client()
    notice = "Only entries marked as published have been reviewed; all others have not."
    assert client.get("/api/v1/status").json["notice"] == notice
    assert notice in client.get("/").text
