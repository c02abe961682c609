"""What pages say, in the order in which they must say it."""

from __future__ import annotations

import pytest

from tests.factories import claim
from tests.web.html import Page
from tests.web.shelf import Shelf, base
from webapp import create_app


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return Page(response.text)


def headings(found):
    return [text for _, text in found.headings]


def in_order(text, *parts):
    """Return the parts that do not follow each other in the text; none is what a test wants."""
    missing, reached = [], 0
    for part in parts:
        place = text.find(part, reached)
        if place < 0:
            missing.append(part)
        else:
            reached = place + len(part)
    return missing


def test_a_claim_says_its_caveats_before_its_evidence(client):
    found = page(client, "/claims/lifts-mood")
    assert headings(found) == [
        "Testamine lifts mood within a day.",
        "Supported",
        "What must be said with it",
        "Can make people sick",
        "Fades within days",
        "not-on-file",
        "Evidence",
        "Where the articles say it",
        "burnt-down, which is not on file",
        "Testamine in the North",
        "Quiet Harbour Clinic",
        "Contradictions and neighbours",
        "How people ask",
        "About this entry",
    ]


def test_how_people_ask_stands_below_all_else_and_leads_to_the_search_for_it(client):
    found = page(client, "/claims/lifts-mood")
    assert 'How people ask how soon will I feel better does it work "overnight" & <b>last</b> About' in found.text
    assert "/?q=how+soon+will+I+feel+better" in found.links
    assert "How people ask" not in page(client, "/claims/better-sleep").text


def test_everything_that_a_claim_must_say(client):
    text = page(client, "/claims/lifts-mood").text
    assert (
        in_order(
            text,
            "This may be so; the evidence is limited.",
            "Low certainty",
            "Our confidence is limited: the true effect may be substantially different",
            "Lowered for imprecision",
            "One small trial points this way.",
            "Not yet reviewed by a clinician",
            "In the same sentence",
            "Some people feel sick afterwards.",
            "Suggested disclosure, to paste",
            "You may feel sick for a few hours.",
            "In the same section",
            "The effect fades within days.",
            "For most people the effect fades within days.",
            "In the same document",
            "This caveat is owed, but it is not on file.",
            "Supports direct evidence randomised controlled trial",
            "12 people felt better than with placebo.",
            "Doe 2020 Doe J. [not confirmed] Testamine for low mood. Journal of Tests. 2020;7(2):11-19 [not confirmed]",
            "doi:10.1000/test(2020)1",
            "PubMed 12345",
            "journal.example",
            "Disputes indirect evidence laboratory or animal study",
            "Not read in the original. Its numbers were taken from a published report of the work, not from the work.",
            "Neutral direct evidence expert opinion",
            "Reference lost1999 is not on file.",
            "Opening Hedged",
            "The attached copy has other words at this place",
            "Feel better Plain",
            "testamine lifts their mood",
            "Contradicts",
            'Testamine <em>cures</em> "low mood" & keeps it away.',
            "One says days, the other for good.",
            "Similar gone-claim , which is not on file".replace(" ,", ","),
            "Narrower",
            "Testamine improves sleep.",
            "Mood is the wider matter.",
            "Route oral",
            "Lifts mood",
            "by nobody yet",
            "1 January 2030",
            "lifts-mood , formerly raises-mood".replace(" ,", ","),
        )
        == []
    )


@pytest.mark.parametrize(
    ("status", "review", "words"),
    [
        ("in-review", {}, "Approved by nobody yet"),
        ("withdrawn", {}, "Approved never"),
        ("withdrawn", {"first_approved": "2024-03-01"}, "Approved by nobody now; for the first time on 1 March 2024"),
        ("in-review", {"first_approved": "2024-03-01"}, "Approved by nobody now; for the first time on 1 March 2024"),
        (
            "withdrawn",
            {"approved_by": "B. Reviewer", "approved_on": "2024-05-02", "first_approved": "2024-03-01"},
            "Approved by B. Reviewer, 2 May 2024",
        ),
    ],
)
def test_a_page_says_whether_the_entry_was_ever_approved(status, review, words):
    entry = claim("lifts-mood", status=status, review={"author": "A. Editor"} | review)
    shown = create_app(Shelf(base(claims=[entry])), reload_every=None).test_client()
    assert words in page(shown, "/claims/lifts-mood").text


def test_links_of_evidence_lead_to_the_work(client):
    links = page(client, "/claims/lifts-mood").links
    assert "https://doi.org/10.1000/test(2020)1" in links
    assert "https://pubmed.ncbi.nlm.nih.gov/12345/" in links
    assert "https://journal.example/doe?x=1&y=2" in links
    assert [link for link in links if not link.startswith(("/", "#", "https://"))] == []


def test_markup_in_entries_is_text(client):
    for address in ("/", "/claims/cures-low-mood", "/references/roe2021", "/sources/quiet-harbour", "/themes"):
        html = client.get(address).text
        assert "<em>" not in html
        assert "<script>" not in html
    assert 'Testamine <em>cures</em> "low mood" & keeps it away.' in page(client, "/claims/cures-low-mood").text


def test_a_claim_that_owes_no_caveat_says_why(client):
    assert "No caveat is owed. A date misleads nobody." in page(client, "/claims/old-story").text
    assert "Owes no caveat: A date misleads nobody." in page(client, "/?q=1950").text


def test_a_claim_whose_caveats_are_open_says_so(client):
    assert "Which caveats it owes has not been settled yet." in page(client, "/claims/bare-draft").text


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("a-new-life", "Withdrawn. It no longer stands."),
        ("a-new-life", "No evidence is cited: no reference here could settle it."),
        ("cures-low-mood", "Disputed. Somebody objects with reasons"),
        ("cures-low-mood", "Raised for large effect"),
        ("old-story", "This is on record."),
        ("bare-draft", "Draft, not yet reviewed by a clinician"),
        ("bare-draft", "In none of the articles on file."),
    ],
)
def test_states_of_a_claim(client, claim, words):
    assert words in page(client, f"/claims/{claim}").text


@pytest.mark.parametrize("path", ["/claims/raises-mood", "/caveats/wears-off"])
def test_former_ids_lead_to_the_present_ones(client, path):
    response = client.get(path)
    present, was = {
        "/claims/raises-mood": ("/claims/lifts-mood", "raises-mood"),
        "/caveats/wears-off": ("/caveats/fades-soon", "wears-off"),
    }[path]
    assert (response.status_code, response.headers["Location"]) == (301, f"{present}?was={was}")
    assert f"Renamed. The address had its former name, {was}." in page(client, response.headers["Location"]).text
    assert "Renamed." not in page(client, f"{present}?was=never").text


def test_the_list_of_claims_is_the_search_page(client):
    assert client.get("/claims").headers["Location"] == "/"


def test_caveats_stand_under_their_disclosures(client):
    found = page(client, "/caveats")
    assert headings(found) == [
        "Caveats",
        "The effect fades",
        "Fades within days",
        "Side effects",
        "Can make people sick",
        "Other caveats",
        "Ask first",
    ]
    assert "1 claim owes it" in found.text


def test_a_caveat(client):
    text = page(client, "/caveats/makes-sick").text
    assert (
        in_order(
            text,
            "Caveat · Side effects",
            "Some people feel sick afterwards.",
            "What to write",
            "You may feel sick for a few hours.",
            "1 claim owes it",
            "Testamine lifts mood within a day.",
            "In the same sentence",
            "Evidence",
            "It restates what an article itself concedes.",
            "Where articles concede it",
            "Quiet Harbour Clinic",
            "Some people feel sick for an hour.",
            "side-effects",
        )
        == []
    )


def test_a_withdrawn_caveat_says_so(client):
    assert "Withdrawn. It no longer stands." in page(client, "/caveats/ask-a-doctor").text


def test_an_article_shows_claims_at_their_places_and_what_it_leaves_out(client):
    text = page(client, "/sources/quiet-harbour").text
    assert (
        in_order(
            text,
            "Feel better: testamine at Quiet Harbour",
            "Quiet Harbour Clinic · Port Example · 7 June 2023",
            "What it discloses, and what it leaves out",
            "this article's 2 claims",
            "Left out The effect fades",
            "Called for by 2 claims here",
            "Disclosed Side effects Can make people sick",
            "Left out Maintenance",
            "From top to bottom",
            "1 place in the attached copy no longer holds the words that were pinned.",
            "Feel better Testamine lifts mood within a day.",
            "Relief is certain!",
            "Is it safe?",
            "Concedes: Can make people sick",
            "No claim (call-to-action: asks for a call)",
            "https://harbour.example/testamine?a=1&b=2",
        )
        == []
    )
    assert "Call us today." not in text


def test_an_article_without_a_copy_shows_paraphrases_only(client):
    text = page(client, "/sources/north").text
    assert "No copy of its text is attached on this machine, so only paraphrases are shown." in text
    assert "The date is not known." in text


def test_references_mark_what_was_not_confirmed(client):
    text = page(client, "/references/doe2020").text
    assert (
        in_order(
            text,
            "Doe J. [not confirmed] Testamine for low mood. Journal of Tests. 2020;7(2):11-19 [not confirmed]",
            "Not confirmed: page, authors. These were not seen in the record.",
            "Read in the original.",
            "12 people felt better than with placebo.",
            "What weakens it Small",
            "It is neutral to this claim",
            "It supports this claim",
            "The effect fades within days.",
        )
        == []
    )
    assert "Not read in the original." in page(client, "/references/roe2021").text


def test_an_address_that_is_no_web_address_is_not_a_link(client):
    assert [link for link in page(client, "/references/roe2021").links if "script" in link or "doi" in link] == []


def test_themes_name_their_claims(client):
    text = page(client, "/themes").text
    assert (
        in_order(
            text,
            "Safety and care",
            "Nausea & sickness",
            "Testamine is well tolerated.",
            "No claim yet: A theme without claims",
        )
        == []
    )


def test_about_explains_every_word(client):
    text = page(client, "/about").text
    for words in ("Supported", "Not checkable", "Very low certainty", "On record", "In the same section", "GRADE"):
        assert words in text
    assert "Not medical advice" in text


def test_every_entry_links_to_its_twin(client):
    for path in ("/claims/lifts-mood", "/caveats/fades-soon", "/sources/north", "/references/doe2020", "/themes"):
        twins = [link["href"] for link in page(client, path).all("link") if link.get("type") == "application/json"]
        assert [f"/api/v1{path}"] == twins
        assert client.get(twins[0]).status_code == 200
