"""Downloads over HTTP: the same set in the same order as the search page, honest headers, harmless text."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from xml.etree import ElementTree as ET

import pytest
from flask import url_for

from kb.export import Addresses
from kb.export.history import History
from kb.library import Library
from tests.export import bibtex
from tests.factories import claim
from tests.on_disk import write
from tests.web.shelf import Shelf, base
from webapp import create_app

SEARCHES = ["", "q=testamine", "q=mood&sort=id", "verdict=supported&verdict=refuted&sort=certainty", "q=xylophone"]
LOCAL = "http://localhost"
HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \"'"


def ids(client, search: str) -> list[str]:
    """Return the ids that the JSON API gives for a search, over all its pages of one."""
    found, page = [], 1
    while True:
        body = client.get(f"/api/v1/search?{search}&per_page=1&page={page}").json
        found += [hit["id"] for hit in body["hits"]]
        if page >= body["pages"]:
            return found
        page += 1


@pytest.mark.parametrize("search", SEARCHES)
def test_the_result_set_is_whole_and_in_its_order(client, search):
    wanted = ids(client, search)
    rows = csv.DictReader(io.StringIO(client.get(f"/search.csv?{search}").text, newline=""), strict=True)
    assert [row["id"] for row in rows] == wanted
    lines = client.get(f"/search.jsonl?{search}").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == wanted
    whole = client.get(f"/search.json?{search}").json
    assert [entry["id"] for entry in whole["claims"]] == wanted
    assert whole["total"] == len(wanted)


def test_the_page_asked_for_makes_no_difference(client):
    assert client.get("/search.jsonl?page=9&per_page=1").data == client.get("/search.jsonl").data


def test_a_claim_has_the_shape_that_the_api_gives_it_without_what_is_private(client):
    for line in client.get("/search.jsonl").text.splitlines():
        exported = json.loads(line)
        served = client.get(f"/api/v1/claims/{exported['id']}").json["claim"]
        for place in served["occurrences"]:
            del place["words"], place["orphan"]
        served.pop("exports", None)
        assert json.loads(re.sub(rf'"{LOCAL}/', '"/', json.dumps(exported))) == served


def test_no_export_has_the_words_of_an_article(client):
    addresses = ["/search.csv", "/search.json", "/search.jsonl", "/claims/lifts-mood.jsonld", "/changes.atom"]
    assert "lifts their mood" in client.get("/claims/lifts-mood").text  # a copy is attached
    for address in addresses:
        assert "lifts their mood" not in client.get(address).text


@pytest.mark.parametrize(
    ("address", "content_type", "name"),
    [
        ("/search.csv", "text/csv; charset=utf-8; header=present", "claims.csv"),
        ("/search.json", "application/json", "claims.json"),
        ("/search.jsonl", "application/jsonl; charset=utf-8", "claims.jsonl"),
        ("/claims/lifts-mood.bib", "application/x-bibtex; charset=utf-8", "lifts-mood.bib"),
        ("/claims/lifts-mood.csl.json", "application/vnd.citationstyles.csl+json", "lifts-mood.csl.json"),
        ("/claims/lifts-mood.jsonld", "application/ld+json", None),
        ("/changes.atom", "application/atom+xml; charset=utf-8", None),
    ],
)
def test_headers(client, address, content_type, name):
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, content_type)
    assert response.headers.get("Content-Disposition") == (f'attachment; filename="{name}"' if name else None)
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", response.headers["ETag"])


@pytest.mark.parametrize("ending", ["jsonld", "bib", "csl.json"])
def test_former_ids_lead_to_the_present_ones(client, ending):
    response = client.get(f"/claims/raises-mood.{ending}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/claims/lifts-mood.{ending}")
    assert client.get(f"/claims/nothing.{ending}").status_code == 404


@pytest.mark.parametrize("address", ["/search.csv", "/search.json", "/search.jsonl"])
def test_wrong_parameters_are_refused_before_anything_is_written(client, address):
    response = client.get(f"{address}?verdict=suported&sort=best")
    assert response.status_code == 400
    assert "Content-Disposition" not in response.headers
    assert "did you mean" in response.text


def test_references_of_a_claim(client):
    parsed = bibtex.parse(client.get("/claims/lifts-mood.bib").text)
    items = client.get("/claims/lifts-mood.csl.json").json
    assert list(parsed) == [item["id"] for item in items] == ["doe2020", "roe2021"]  # lost1999 is not on file
    assert client.get("/claims/a-new-life.bib").text == ""
    assert client.get("/claims/a-new-life.csl.json").json == []


def test_a_claim_review_is_the_same_in_the_page_and_by_itself(client):
    review = client.get("/claims/lifts-mood.jsonld").get_json(force=True)
    assert review["url"] == f"{LOCAL}/claims/lifts-mood"
    assert review["datePublished"] == "2026-03-04"
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/claims/lifts-mood").text)
    assert [json.loads(block) for block in blocks] == [review]


@pytest.mark.parametrize("claim_id", ["a-new-life", "bare-draft"])
def test_what_is_not_judged_has_no_claim_review(client, claim_id):
    assert client.get(f"/claims/{claim_id}.jsonld").status_code == 404
    assert "ld+json" not in client.get(f"/claims/{claim_id}").text.replace(f"{claim_id}.jsonld", "")


def test_hostile_text_stays_inside_its_data_block():
    entry = claim("hostile", claim=f"Testamine {HOSTILE}", rationale=HOSTILE)
    client = create_app(Shelf(base(claims=[entry])), reload_every=None).test_client()
    html = client.get("/claims/hostile").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert not re.search(r"[<>&]", block)
    assert json.loads(block)["claimReviewed"] == entry.claim
    assert "alert(1)</script>" not in html
    assert client.get("/claims/hostile.jsonld").get_json(force=True) == json.loads(block)


def test_the_policy_lets_no_data_block_run(client):
    """A data block is not a script to the policy; without `unsafe-inline` nothing else inline would run either."""
    assert "unsafe-inline" not in client.get("/claims/lifts-mood").headers["Content-Security-Policy"]


def test_addresses_in_exports_are_those_of_the_routes(client, app):
    with app.test_request_context():
        made = Addresses("")
        assert made.home() == url_for("search.results")
        assert made.feed() == url_for("exports.changes")
        assert made.claim("x") == url_for("claims.claim", claim_id="x")
        assert made.caveat("x") == url_for("caveats.caveat", caveat_id="x")
        assert made.json("claims", "x") == url_for("api.claim", claim_id="x")
        assert made.json("caveats", "x") == url_for("api.caveat", caveat_id="x")
        assert made.json("references", "x") == url_for("api.reference", key="x")
    response = client.get("/search.jsonl", base_url="https://kb.example/below")
    assert json.loads(response.text.splitlines()[0])["html_url"].startswith("https://kb.example/below/claims/")


def test_a_commit_renews_the_feed_although_no_file_changed(tmp_path, monkeypatch):
    monkeypatch.setattr("webapp.exports._HISTORY_SECONDS", -1)
    root = write(base(), tmp_path / "claims")
    client = create_app(Library(root, engine="memory", cache=False)).test_client()
    before = client.get("/changes.atom")
    assert "there is no git" in before.text
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Begin")):
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=root, check=True)  # noqa: S607 - whichever git there is
    after = client.get("/changes.atom", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    found = ET.fromstring(after.data)  # noqa: S314 - we wrote it
    titles = {element.text for element in found.iter("{http://www.w3.org/2005/Atom}title")}
    assert "Added: Testamine lifts mood within a day." in titles


def test_the_history_is_not_read_for_every_request(client, monkeypatch):
    reads = []
    monkeypatch.setattr("webapp.exports.history", lambda *_: reads.append(1) or History((), from_git=True))
    assert client.get("/changes.atom").data == client.get("/changes.atom").data
    assert reads == [1]
