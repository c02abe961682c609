"""Every route under /api/v1: one envelope, the fields that docs/api.md names and no others, whole bodies compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb import __version__
from kb.library import IndexState
from tests.factories import claim
from tests.web.shelf import Shelf, base
from webapp import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")

EXAMPLES = {
    "/api/v1/search": ["/api/v1/search?q=mood"],
    "/api/v1/claims": ["/api/v1/claims"],
    "/api/v1/claims/{id}": ["/api/v1/claims/lifts-mood"],
    "/api/v1/caveats": ["/api/v1/caveats"],
    "/api/v1/caveats/{id}": ["/api/v1/caveats/makes-sick", "/api/v1/caveats/fades-soon"],
    "/api/v1/sources": ["/api/v1/sources"],
    "/api/v1/sources/{id}": ["/api/v1/sources/quiet-harbour"],
    "/api/v1/references": ["/api/v1/references"],
    "/api/v1/references/{key}": ["/api/v1/references/doe2020"],
    "/api/v1/themes": ["/api/v1/themes"],
    "/api/v1/status": ["/api/v1/status"],
}
"""Route → requests whose answers together have every field of it. A route without one fails `test_routes`."""


def routes(app: Any) -> set[str]:
    """Return the API's routes as the documentation writes them."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    return {re.sub(r"<(?:\w+_)?(\w+)>", r"{\1}", rule) for rule in rules}


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every leaf; `[]` stands for any item, and an empty list or mapping is a leaf."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from paths(inner, f"{path}[]")
    else:
        yield f"{path}[]" if isinstance(value, list) else path


def tables() -> dict[str, list[tuple[str, str]]]:
    """Return for each heading of the documentation the rows of its table of fields."""
    found = {}
    for part in re.split(r"^### ", DOCS, flags=re.MULTILINE)[1:]:
        title = part.partition("\n")[0].removeprefix("GET ")
        _, _, table = part.partition("| Field | Meaning |\n|---|---|\n")
        found[title] = re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, re.MULTILINE)
    return found


def documented(route: str) -> set[str]:
    """Return the paths that the documentation names for a route, shapes written out."""
    known = tables()
    shapes = {title.lower().replace(" ", "-"): title for title in known}
    found = set()
    for path, meaning in known[route]:
        link = re.search(r"\[[^]]+\]\(#([\w-]+)\)", meaning)
        found |= {f"{path}.{inner}" for inner, _ in known[shapes[link[1]]]} if link else {path}
    return found


def folded(path: str) -> str:
    """Return a path with the names that are data, not fields, as the documentation writes them."""
    path = re.sub(r"^facets\.[\w-]+\.[\w-]+$", "facets.{filter}.{value}", path)
    return re.sub(r"highlights\.\w+\[\]", "highlights.{field}[]", path)


def test_routes(app):
    assert routes(app) == set(EXAMPLES)
    assert {title for title in tables() if title.startswith("/")} == set(EXAMPLES)


@pytest.mark.parametrize("route", EXAMPLES)
def test_a_success_has_the_documented_fields_and_no_others(client, route):
    found = set()
    for address in EXAMPLES[route]:
        response = client.get(address)
        assert (response.status_code, response.mimetype, response.json["ok"]) == (200, "application/json", True)
        assert next(iter(response.json)) == "ok"
        found |= {folded(path) for path in paths(response.json)}
    # A list or value that is empty in one answer and filled in another shows both its own path and those inside.
    found = {
        path
        for path in found
        if not any(other != path and re.match(re.escape(path) + r"[.\[]", other) for other in found)
    }
    assert found == documented(route)


@pytest.mark.parametrize("route", EXAMPLES)
def test_an_unknown_parameter_is_refused_on_every_route(client, route):
    address = EXAMPLES[route][0]
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
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_other_method_is_refused(client, route, method):
    response = client.open(EXAMPLES[route][0], method=method)
    assert response.json == {"ok": False, "error": "Method Not Allowed", "errors": [], "status": 405}
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


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
        {"field": "sort", "message": "unknown order 'best'; it must be one of: relevance, certainty, sources, id"},
        {"field": "page", "message": "must be a whole number from 1 to 99999, not '0'"},
        {"field": "per_page", "message": "must be a whole number from 1 to 100, not '101'"},
    ]


def test_lists_are_paged(client):
    body = client.get("/api/v1/claims?page=2&per_page=3").json
    assert [entry["id"] for entry in body.pop("claims")] == ["cures-low-mood", "lifts-mood", "old-story"]
    assert body == {"ok": True, "total": 7, "page": 2, "pages": 3, "per_page": 3}
    assert client.get("/api/v1/claims?page=9").json["claims"] == []
    assert client.get("/api/v1/caveats?page=x").json["errors"] == [
        {"field": "page", "message": "must be a whole number from 1 to 99999, not 'x'"}
    ]


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
