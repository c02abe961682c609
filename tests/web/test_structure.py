"""Every page that can be reached: it answers, its links lead somewhere, its structure is sound, it is light."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest

from kb.library import Library
from kb.words import NOT_REVIEWED_NOTICE
from tests.on_disk import write
from tests.web.html import Page
from tests.web.shelf import Shelf, attach_article, base
from webapp import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

MOST_BYTES = 100_000
HISTORIES = 8
"""Of the real entries every eighth has its history opened: git walks through all commits for each of them."""


def crawl(client: FlaskClient, start: str = "/", *, filtered: bool = True, histories: int = 1) -> dict[str, Page]:
    """Follow every internal link from `start`; return each HTML page by its address, after checking its answer.

    Without `filtered`, links to searches are left alone: there are too many ways to combine filters. Of the links to
    histories, one of so many is followed.
    """
    waiting, pages = [start], {}
    seen, met = {start}, 0
    while waiting:
        address = waiting.pop()
        response = client.get(address, follow_redirects=True)
        assert response.status_code == 200, address
        if address.startswith("/api/v1/") and response.mimetype == "application/json":
            assert response.json.get("ok") is True or "openapi" in response.json
        if response.mimetype != "text/html":
            continue
        assert len(response.data) < MOST_BYTES, f"{address}: {len(response.data)} bytes"
        page = Page(response.text)
        pages[address] = page
        for link in page.links:
            target = urldefrag(link).url
            wanted = target.startswith("/") and (filtered or "?" not in target)
            if wanted and target not in seen:
                seen.add(target)
                met += target.startswith("/history/")
                if not target.startswith("/history/") or met % histories == 0:
                    waiting.append(target)
    return pages


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """Return every page over the made-up entries."""
    return crawl(create_app(Shelf(), reload_every=None, audits_per_minute=None).test_client())


def test_every_page_of_the_made_up_base_is_sound(pages):
    assert {address: page.faults for address, page in pages.items() if page.faults} == {}
    assert {"/", "/about", "/claims/lifts-mood", "/caveats/makes-sick", "/sources/north", "/references/doe2020"} <= set(
        pages
    )


def test_every_page_says_that_nothing_is_reviewed(pages):
    assert [address for address, page in pages.items() if NOT_REVIEWED_NOTICE not in page.text] == []


def test_links_into_a_page_find_their_place(pages):
    lost = []
    for page in pages.values():
        for link in page.links:
            address, fragment = urldefrag(link)
            if fragment and address in pages:
                ids = {attributes.get("id") for _, attributes in pages[address].elements}
                lost += [link] if fragment not in ids else []
    assert lost == []


def test_an_empty_base_has_sound_pages_too(tmp_path: Path):
    empty = base(claims=[], caveats=[], sources=[], references={"doe2020": base().references["doe2020"]}, themes={})
    library = Library(write(empty, tmp_path), engine="memory", cache=False)
    pages = crawl(create_app(library).test_client())
    assert {address: page.faults for address, page in pages.items() if page.faults} == {}
    assert "No claim found" in pages["/"].text


def test_the_whole_way_from_files_to_pages(tmp_path: Path):
    library = Library(write(base(), tmp_path / "kb"), engine="whoosh", cache=False)
    attach_article(library, tmp_path)
    client = create_app(library).test_client()
    assert "testamine lifts their mood" in Page(client.get("/claims/lifts-mood").text).text
    assert client.get("/api/v1/search?q=sleep").json["hits"][0]["id"] == "better-sleep"
    assert client.get("/api/v1/status").json["index"]["behind"] is False


@pytest.fixture(scope="module")
def corpus() -> FlaskClient:
    """Return a client over the entries of this repository."""
    root = Path(__file__).parents[2] / "claims"
    return create_app(Library(root, engine="memory", cache=False), reload_every=None).test_client()


def test_every_page_of_the_real_entries_is_sound_and_light(corpus):
    pages = crawl(corpus, filtered=False, histories=HISTORIES)
    assert {address: page.faults for address, page in pages.items() if page.faults} == {}
    assert sum(address.startswith("/history/") for address in pages) > HISTORIES


def test_a_page_stays_light_however_much_is_pasted(corpus):
    claims = [entry["claim"] for entry in corpus.get("/api/v1/claims?per_page=100").json["claims"]]
    for text in (" ".join(claims), " ".join(reversed(claims)), "ketamine depression infusion " * 80):
        response = corpus.get("/", query_string={"q": text})
        assert response.status_code == 200
        assert len(response.data) < MOST_BYTES
