"""A knowledge base with long lists of everything: each page stays small, and each list can be read to its end."""

from __future__ import annotations

import re

import pytest

from tests.web.html import Page
from tests.web.large import IDS, MANY, long_lists
from tests.web.shelf import Shelf
from webapp import create_app
from webapp.windows import BRIEFS, LISTED, PLACES

MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def client():
    return create_app(Shelf(long_lists()), reload_every=None).test_client()


def parts(client, address):
    """Yield every part of a list, by the links that lead from one to the next."""
    following = address
    while following:
        response = client.get(following)
        assert response.status_code == 200
        assert len(response.data) < MOST_BYTES
        page = Page(response.text)
        assert page.faults == []
        yield page
        following = next((link["href"] for link in page.all("a") if link.get("rel") == "next"), None)


@pytest.mark.parametrize(
    ("address", "listed", "total", "size"),
    [
        ("/caveats", r"/caveats/([\w-]+)", MANY + 1, LISTED),
        ("/references", r"/references/(\w+)", MANY + 1, LISTED),
        ("/sources/long-read", r"/claims/([\w-]+)", MANY, PLACES),
        ("/caveats/fades-soon", r"/claims/([\w-]+)", MANY, BRIEFS),
        ("/references/work7", r"/claims/([\w-]+)", MANY, BRIEFS),
        ("/references/doe2020?page=1", r"/caveats/([\w-]+)", MANY + 1, BRIEFS),
    ],
)
def test_a_long_list_is_shown_in_parts_that_have_everything_once(client, address, listed, total, size):
    pages = list(parts(client, address))
    found = [
        [match[1] for link in dict.fromkeys(page.links) if (match := re.fullmatch(listed, link))] for page in pages
    ]
    assert [len(ids) for ids in found] == [size] * (total // size) + [total % size]
    assert len({entry for ids in found for entry in ids}) == total
    assert f" 1 to {size} of {total}" in pages[0].text
    assert f" to {total} of {total}" in pages[-1].text


def test_a_section_of_an_article_stands_with_its_places_in_whatever_part(client):
    first, second, third = parts(client, "/sources/long-read")
    assert [heading for level, heading in first.headings if level == 3][-1:] == ["Opening"]
    assert [heading for level, heading in second.headings if level == 3][-2:] == ["Opening", "Half way"]
    assert [heading for level, heading in third.headings if level == 3][-1:] == ["Half way"]


def test_where_a_claim_stands_leads_to_the_part_that_has_it(client):
    (link,) = [link for link in Page(client.get(f"/claims/{IDS[300]}").text).links if "#at-" in link]
    address, anchor = link.split("#")
    page = Page(client.get(address).text)
    assert anchor in {attributes.get("id") for attributes in page.all("li")}
    assert f"/claims/{IDS[300]}" in page.links
    assert "at=" not in next(each["href"] for each in page.all("a") if each.get("rel") == "prev")


@pytest.mark.parametrize("address", ["/", "/?q=testamine", "/themes", "/sources", "/overview/claims", "/help/search"])
def test_other_pages_stay_small(client, address):
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200
    assert len(response.data) < MOST_BYTES


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_part_that_there_is_not_is_refused(client, page):
    assert client.get(f"/caveats?page={page}").status_code == 400


def test_an_unknown_place_leads_to_the_first_part(client):
    assert f" 1 to {PLACES} of {MANY}" in Page(client.get("/sources/long-read?at=7").text).text
