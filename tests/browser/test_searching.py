"""Searching as a person does it: words, filters, order, widenings, nothing found, a pasted sentence, taking away."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import NOTHING, SENTENCE
from tests.browser.going import follow


def claims(page):
    return page.locator(".card h3").all_inner_texts()


def total(page):
    return int(page.locator("h2#results").inner_text().removeprefix("All ").split()[0].replace(",", ""))


def test_a_search_finds_marks_and_leads_to_the_claim_with_its_marks(open_page):
    page = open_page("/")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("suicidal thoughts")
    follow(page.get_by_role("button", name="Search"))
    expect(page).to_have_title("suicidal thoughts · Ketamine therapy · Caveat")
    assert total(page) > 0
    assert page.locator(".card mark").count() > 0
    title = claims(page)[0]
    follow(page.locator(".card h3 a").first)
    expect(page.locator("h1")).to_have_text(title)
    assert page.locator("main mark").count() > 0
    follow(page.get_by_role("link", name="Results for suicidal thoughts"))
    assert claims(page)[0] == title


def test_filters_combine_count_and_lift(open_page):
    page = open_page("/?q=depression")
    all_of_them = total(page)
    offer = page.locator("button.choice[name=verdict]").first
    promised = int(offer.locator(".number").inner_text())
    follow(offer)
    assert total(page) == promised < all_of_them
    assert "verdict=" in page.url
    follow(page.locator("button.choice[name=caveat]").first)
    assert "caveat=" in page.url
    chips = page.get_by_role("list", name="Filters in force")
    assert chips.get_by_role("link").count() == 3
    follow(chips.get_by_role("link", name="Verdict:"))
    assert "verdict=" not in page.url
    follow(page.get_by_role("link", name="Remove all"))
    assert total(page) == all_of_them


def test_a_widening_is_taken_out_and_put_back(open_page):
    page = open_page("/?q=TRD")
    widened = total(page)
    words = page.get_by_role("list", name="Other words looked for")
    for _ in range(words.get_by_role("link", name="(remove)").count()):
        follow(words.get_by_role("link", name="(remove)").first)
    assert "nowiden=" in page.url
    assert total(page) < widened or "No claim" in page.locator("h2#results").inner_text()
    for _ in range(words.get_by_role("link", name="(put back)").count()):
        follow(words.get_by_role("link", name="(put back)").first)
    assert total(page) == widened


def test_orders_are_links(open_page):
    page = open_page("/?q=depression")
    orders = page.get_by_role("navigation", name="Order")
    for name in ("Surest first", "In most articles", "Last changed", "By name"):
        follow(orders.get_by_role("link", name=name))
        expect(orders.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
    assert claims(page)


def test_nothing_found_can_be_recorded_as_a_gap(open_page):
    page = open_page(f"/?q={NOTHING}")
    expect(page.locator("h2#results")).to_have_text("No claim found")
    page.get_by_role("button", name="Record this gap").click()
    expect(page.locator("main").get_by_role("status")).to_contain_text("Recorded.")
    expect(page.get_by_role("cell", name=NOTHING)).to_be_visible()


def test_a_misspelt_word_is_mended(open_page):
    page = open_page("/?q=depresion")
    expect(page.locator(".reading")).to_contain_text("looked for “depression”")
    expect(page.locator(".cards h3").first).to_be_visible()
    assert total(page) > 0


def test_a_pasted_sentence_gives_the_claims_that_it_makes_with_reasons(open_page):
    page = open_page("/")
    page.locator("#q").fill(SENTENCE)
    follow(page.get_by_role("button", name="Search"))
    made = page.get_by_role("region", name="This text makes")
    assert made.get_by_role("listitem").locator("h3").count() >= 2
    assert "Because" in made.locator(".why").first.inner_text()
    assert "within hours" in made.inner_text().casefold()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_results_can_be_taken_away_in_their_order(open_page, form):
    page = open_page("/?q=relapse&sort=id")
    found = total(page)
    names = {"csv": "CSV", "json": "JSON", "jsonl": "JSON lines"}
    with page.expect_download() as started:
        page.locator(".take-away").get_by_role("link", name=names[form], exact=True).click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
    elif form == "json":
        body = json.loads(text)
        rows = body if isinstance(body, list) else body["claims"]
    else:
        rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == found
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)


AWKWARD = [
    '"',
    "-",
    "OR",
    "*",
    ":",
    "verdict:",
    '-"',
    "((",
    "AND OR NOT",
    "🙂",
    "\u200b",
    "x" * 1500,
    "due:<",
    "<b>",
    "%",
    "\\",
]


def test_nothing_that_is_typed_goes_wrong(open_page):
    page = open_page("/")
    for typed in AWKWARD:
        page.goto(f"/?q={quote_plus(typed)}")
        assert page.locator("h1").count() == 1, typed
        assert page.locator(".error-page").count() == 0, typed


def test_former_ids_say_what_happened(open_page):
    page = open_page("/claims/eases-depresion")
    page.get_by_role("link", name="eases-depression").click()
    expect(page.locator("h1")).to_contain_text("depression")


def test_a_claim_can_be_cited(open_page):
    page = open_page("/claims/eases-depression")
    review = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert review["@type"] == "ClaimReview"
    for name in ("BibTeX", "CSL-JSON", "JSON-LD"):
        with page.expect_download() as started:
            page.get_by_role("link", name=f"as {name}").click()
        assert started.value.path().stat().st_size > 0
