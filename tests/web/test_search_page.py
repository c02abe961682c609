"""The search page: results, filters, order and paging, all in the address."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl, urlsplit

import pytest

from kb.library import IndexState
from kb.search.base import Hit, IndexInfo, Match
from tests.factories import claim
from tests.web.html import Page
from tests.web.shelf import Shelf, base
from webapp import create_app, narrowing


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return Page(response.text)


def parameters(link):
    return sorted(parse_qsl(urlsplit(link).query))


def results(found):
    """Return the claims of the results, in order."""
    titles = [text for level, text in found.headings if level == 3]
    return [title for title in titles if title.startswith(("Testamine", "A new"))]


def test_the_start_page_lists_all_claims_and_what_the_evidence_says_of_them(client):
    found = page(client, "/")
    assert found.headings[0] == (1, "Test base: what is claimed, and how sure is the evidence?")
    assert "7 claims from 2 articles" in found.text
    assert "Supported 3 Refuted 1 Contested 1 Unproven 1 Not checkable 1" in found.text
    assert len(results(found)) == 7
    assert results(found)[0] == "Testamine lifts mood within a day."


def test_a_result_shows_verdict_certainty_caveats_articles_and_status(client):
    text = page(client, "/?q=within+a+day").text
    start = text.index("Supported Low certainty Onset and duration")
    assert text[start:].startswith(
        "Supported Low certainty Onset and duration Testamine lifts mood within a day. "
        "This may be so; the evidence is limited. "
        "Must be said with it Can make people sick Fades within days not-on-file"
    )
    assert "Said by Testamine in the North, Quiet Harbour Clinic · Not yet reviewed by a clinician" in text[start:]


def test_matches_are_marked_and_markup_is_not(client):
    html = client.get("/?q=cures").text
    assert "Testamine &lt;em&gt;<mark>cures</mark>&lt;/em&gt; &#34;low mood&#34; &amp; keeps it away." in html


def test_how_the_text_was_read(client):
    assert "5 with all of: mood, day; then entries with some of them." in page(client, "/?q=mood+day").text
    assert 'Entries with "low mood" without day.' in page(client, "/?q=%22low+mood%22+-day").text
    assert "Entries with nausea." in page(client, "/?q=nausea").text


def test_each_widening_can_be_taken_out_and_put_back(client):
    found = page(client, "/?q=nausea&theme=nausea")
    assert "nausea → also as vomiting" in found.text
    without = "/?q=nausea&theme=nausea&nowiden=vomit"
    assert without in found.links
    narrower = page(client, without)
    assert "vomiting +(put back)" in narrower.text
    assert "/?q=nausea&theme=nausea" in narrower.links
    hidden = [(field["name"], field["value"]) for field in narrower.all("input") if field.get("type") == "hidden"]
    assert hidden.count(("nowiden", "vomit")) == 2


def test_a_widening_that_the_vocabulary_no_longer_has_is_passed_over(client):
    assert "gone" not in client.get("/?q=nausea&nowiden=gone").text


def test_contradictions_stand_on_the_card(client):
    text = page(client, "/?q=within+a+day").text
    assert 'Contradicted by Testamine <em>cures</em> "low mood" & keeps it away.' in text


def test_in_order_of_change_the_day_is_shown(client):
    assert "Changed 4 March 2026" in page(client, "/?sort=changed").text
    assert "Changed 4 March 2026" not in page(client, "/").text


def test_caveats_can_be_filtered_by_if_they_are_on_file(client):
    offers = [button["value"] for button in page(client, "/").all("button") if button.get("name") == "caveat"]
    assert offers == ["fades-soon", "makes-sick"]


def test_a_search_goes_on_to_the_claim_and_back(client):
    found = page(client, "/?q=better+sleep")
    assert "/claims/better-sleep?q=better+sleep" in found.links
    claim_page = client.get("/claims/better-sleep?q=better+sleep").text
    assert '<h1 class="statement">Testamine improves <mark>sleep</mark>.</h1>' in claim_page
    assert "/?q=better+sleep" in Page(claim_page).links


def test_a_pasted_text_gives_the_claims_that_it_makes(shelf, client, monkeypatch):
    matches = (Match("better-sleep", 1.0, ("“sleep” means sleep",), True), Match("gone", 1.0, (), True))
    search = shelf.search
    monkeypatch.setattr(shelf, "search", lambda query: dataclasses.replace(search(query), matches=matches))
    text = page(client, "/?q=Our+guests+say+that+their+sleep+got+better.").text
    assert "This text makes 1 claim on file Unproven Very low certainty Testamine improves sleep." in text
    assert "Because “sleep” means sleep" in text
    assert "Record this gap" not in text


def test_what_a_pasted_text_denies_stands_apart(shelf, client, monkeypatch):
    denied = Match("better-sleep", 0.7, ("“sleep” means sleep", "negated by “not”"), certain=False, denied=True)
    search = shelf.search
    monkeypatch.setattr(shelf, "search", lambda query: dataclasses.replace(search(query), matches=(denied,)))
    text = page(client, "/?q=Our+guests+say+that+their+sleep+got+no+better.").text
    assert "This text denies 1 claim on file" in text
    assert "Because “sleep” means sleep; negated by “not”" in text
    assert "Perhaps it also makes" not in text
    assert client.get("/api/v1/search?q=sleep").json["matches"][0]["denied"] is True


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("overnight", True),  # in how people ask, and nowhere else
        ("mood+overnight", False),  # no more of the words than the claim itself has
        ("mood", False),
    ],
)
def test_a_result_says_how_people_ask_for_it_where_that_has_more_of_the_words(client, typed, said):
    found = page(client, f"/?q={typed}")
    assert "Testamine lifts mood within a day." in found.text
    assert ('People ask: does it work "overnight" & <b>last</b>' in found.text) == said


def test_a_result_without_the_words_says_what_it_is_related_to(shelf, client, monkeypatch):
    hits = (Hit("better-sleep", 1.0), Hit("lifts-mood", 0.1, related=("better-sleep", "gone")))
    search = shelf.search
    monkeypatch.setattr(shelf, "search", lambda query: dataclasses.replace(search(query), hits=hits, total=2))
    found = page(client, "/?q=sleep")
    assert found.text.count("Related to Testamine improves sleep.") == 1
    assert [hit["related"] for hit in client.get("/api/v1/search?q=sleep").json["hits"]] == [
        [],
        ["better-sleep", "gone"],
    ]


def test_a_text_that_is_only_alike_says_so_and_may_be_recorded(shelf, client, monkeypatch):
    matches = (Match("better-sleep", 0.4, ("similar words",), False),)
    search = shelf.search
    monkeypatch.setattr(shelf, "search", lambda query: dataclasses.replace(search(query), matches=matches, total=0))
    text = page(client, "/?q=Dreams+come+easily+to+all+of+our+many+guests.").text
    assert "No claim on file clearly says this. These come close:" in text
    assert "Similar words" in text
    assert "Record this gap" in text


def test_a_text_too_long_to_read_says_so(client):
    assert "Only the beginning of the text was read." in page(client, f"/?q={'mood+' * 1000}").text


def test_filters_are_in_the_address_and_can_be_lifted_one_by_one(client):
    found = page(client, "/?q=testamine&verdict=supported&verdict=refuted&theme=mood&sort=id")
    chips = [link for link in found.links if link.startswith("/?") and "q=testamine" in link and "sort=id" in link]
    assert [parameters(link) for link in chips[:3]] == [
        [("q", "testamine"), ("sort", "id"), ("verdict", "refuted"), ("verdict", "supported")],
        [("q", "testamine"), ("sort", "id"), ("theme", "mood"), ("verdict", "refuted")],
        [("q", "testamine"), ("sort", "id"), ("theme", "mood"), ("verdict", "supported")],
    ]
    assert "Theme: Lifts mood" in found.text
    assert "Verdict: Supported" in found.text


def test_filters_offer_what_is_there_with_counts_and_keep_the_search(client):
    found = page(client, "/?q=testamine&verdict=supported")
    offers = [(button["name"], button["value"]) for button in found.all("button") if "name" in button]
    assert ("verdict", "refuted") in offers
    assert ("verdict", "supported") not in offers
    assert ("source", "quiet-harbour") in offers
    hidden = [(field["name"], field["value"]) for field in found.all("input") if field.get("type") == "hidden"]
    assert hidden == [("verdict", "supported"), ("q", "testamine"), ("verdict", "supported")]
    assert client.get("/?q=testamine&verdict=supported&source=quiet-harbour").status_code == 200


def test_every_offer_leads_to_as_many_results_as_it_says(client):
    found = page(client, "/?q=testamine")
    for button in found.all("button"):
        if "name" in button:
            body = client.get("/api/v1/search", query_string={"q": "testamine", button["name"]: button["value"]}).json
            assert body["total"] > 0


def test_orders(client):
    assert "Best match" not in page(client, "/").text
    found = page(client, "/?q=testamine&sort=certainty")
    current = [attributes["href"] for attributes in found.all("a") if attributes.get("aria-current") == "true"]
    assert parameters(current[-1]) == [("q", "testamine"), ("sort", "certainty")]
    assert results(found)[0] == "Testamine was first made in 1950."


def test_pages():
    many = [claim(f"claim-number-{number:02}") for number in range(45)]
    client = create_app(Shelf(base(claims=many)), reload_every=None).test_client()
    second = page(client, "/?q=testamine&page=2&sort=id")
    assert "Page 2 of 3" in second.text
    assert second.all("ol")[0]["start"] == "21"
    turns = [parameters(attributes["href"]) for attributes in second.all("a") if attributes.get("rel")]
    assert turns == [
        [("q", "testamine"), ("sort", "id")],
        [("page", "3"), ("q", "testamine"), ("sort", "id")],
    ]
    beyond = page(client, "/?page=9")
    assert "These results end on page 3." in beyond.text


def test_nothing_found_is_friendly(client):
    text = page(client, "/?q=zebra&verdict=supported").text
    assert "No claim found" in text
    assert "No claim on file matches zebra under these filters." in text
    assert "Search again without filters" in text
    assert "Record this gap" not in text


def test_nothing_found_offers_the_nearest_and_to_record_the_gap(shelf, client, monkeypatch):
    monkeypatch.setattr(shelf, "nearest", lambda _: (Hit("better-sleep", 0.5), Hit("gone", 0.4)))
    found = page(client, "/?q=zebra")
    assert "Nearest claims Testamine improves sleep. Unproven Very low certainty" in found.text
    forms = [(form.get("action"), form["method"]) for form in found.all("form")]
    assert ("/gaps", "post") in forms
    assert {"type": "hidden", "name": "text", "value": "zebra"} in found.all("input")


def test_a_caveat_that_answers_stands_before_the_claims_and_not_before_some_of_them(client):
    text = page(client, "/?q=fades+within+days").text
    answer = "A caveat on this Fades within days The effect fades within days. Not yet reviewed by a clinician"
    assert text.index(answer) < text.index("Must be said with it")
    for narrowed in ("/?q=fades+within+days&verdict=supported", "/?q=fades+within+days&page=2", "/?q=testamine"):
        assert "caveat on this" not in page(client, narrowed).text


def test_a_suggestion_is_a_link(shelf, client, monkeypatch):
    search = shelf.search
    offered = {"suggestion": "mood & <b>", "mended": False}
    monkeypatch.setattr(shelf, "search", lambda query: dataclasses.replace(search(query), **offered))
    found = page(client, "/?q=moood")
    assert "Did you mean mood & <b>?" in found.text
    assert "/?q=mood+%26+%3Cb%3E" in found.links


@pytest.mark.parametrize(("typed", "offered"), [("testamine+zebra", True), ("zebra", False), ("testamine", False)])
def test_where_claims_merely_have_some_of_the_words_a_link_leads_down_to_what_is_missing(client, typed, offered):
    found = page(client, f"/?q={typed}")
    assert ("#missing" in {link.get("href") for link in found.all("a")}) == offered
    if offered:
        assert "missing" in {heading.get("id") for heading in found.all("h2")}


def test_nobody_is_asked_for_what_was_looked_for_at_once(client):
    found = page(client, "/?q=testamnie+sleeep")
    assert "looked for “testamine sleep”, since no entry has some words of “testamnie sleeep”" in found.text
    assert "Did you mean" not in found.text


def test_an_index_that_is_behind_is_said_and_hits_that_are_gone_are_left_out(shelf, client, monkeypatch):
    info = IndexInfo("memory", "f" * 64, 7, shelf.index_info().info.built_at)
    monkeypatch.setattr(shelf, "index_info", lambda: IndexState(info, behind=True))
    smaller = base(claims=[claim("better-sleep", claim="Testamine improves sleep.")])
    monkeypatch.setattr(shelf, "kb", smaller)
    found = page(client, "/?q=sleep")
    assert "Files have changed since the search index was built." in found.text
    assert results(found) == ["Testamine improves sleep."]


@pytest.mark.parametrize("extra", ["utm_source=mail", "fbclid=1"])
def test_parameters_that_links_pick_up_do_no_harm(client, extra):
    assert client.get(f"/?q=mood&{extra}").status_code == 200


def choices(found, name):
    """Return the values that a filter offers and those in force, in the order of the page."""
    buttons = [attributes for tag, attributes in found.elements if tag == "button"]
    return [attributes["value"] for attributes in buttons if attributes.get("name") == name]


def test_of_too_many_values_those_with_most_results_and_those_chosen_are_offered(client, monkeypatch):
    every = choices(page(client, "/"), "verdict")
    monkeypatch.setattr(narrowing, "MOST_OPTIONS", 1)
    found = page(client, "/")
    assert choices(found, "verdict") == every[:1] == ["supported"]
    assert f"and {len(every) - 1} others with fewer claims" in found.text
    assert choices(page(client, "/?verdict=refuted"), "verdict") == []


def test_where_nothing_is_found_only_what_would_find_something_is_offered(client):
    assert "Narrow the results" not in page(client, "/?q=xylophone&verdict=supported").text
    assert choices(page(client, "/?q=cures&verdict=supported"), "verdict") == ["refuted"]


def test_a_card_is_drawn_anew_when_its_entry_changes(shelf, client, monkeypatch):
    assert "Said by Quiet Harbour" in page(client, "/?q=lifts+mood").text
    before = shelf.kb
    renamed = {name: one.model_copy(update={"publisher": "Loud Harbour"}) for name, one in before.sources.items()}
    monkeypatch.setattr(shelf, "kb", dataclasses.replace(before, sources=renamed, digest="another"))
    said = page(client, "/?q=lifts+mood").text
    assert "Said by Loud Harbour" in said
    assert "Said by Quiet Harbour" not in said
