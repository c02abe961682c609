"""ClaimReview: every verdict has its number, nothing is invented, and nobody is said to have reviewed what was not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from kb.export import Addresses, claimreview
from kb.model import CertaintyLevel, Status, Verdict
from tests.export import small
from tests.factories import claim, source

RATINGS = yaml.safe_load((Path(__file__).parent / "ratings.yaml").read_text(encoding="utf-8"))
DAY = dt.datetime(2026, 3, 4, 23, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
APPROVED = {"author": "A", "approved_by": "B", "approved_on": "2026-02-01"}


def review(entry, **changes):
    kb = small.base(claims=[entry], **changes)
    return claimreview.claim_review(kb, entry, Addresses(small.SITE), DAY)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.NOT_CHECKABLE])
@pytest.mark.parametrize("level", [*CertaintyLevel, None])
def test_every_verdict_and_certainty_has_a_number_and_words(verdict, level):
    entry = claim(verdict=verdict.value, certainty={"level": level.value} if level else None)
    rating = review(entry)["reviewRating"]
    assert [rating["ratingValue"], rating["alternateName"]] == RATINGS[verdict.value][level.value if level else "none"]
    assert (rating["worstRating"], rating["bestRating"]) == (1, 5)


def test_the_decision_record_has_the_same_numbers():
    text = (Path(__file__).parents[2] / "docs/decisions/0004-claimreview-ratings.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line[:3] in "| 1| 2| 3| 4| 5"
    ]
    for number, verdicts, certainty, _ in (row for row in rows if row[0].isdigit()):
        for verdict in verdicts.split(" or "):
            for level, (value, _) in RATINGS[verdict].items():
                named = "not graded" if level == "none" else level.replace("-", " ")
                listed = certainty.replace(" or ", ", ").split(", ")
                assert (value == int(number)) == (certainty == "any" or named in listed), (verdict, level)


@pytest.mark.parametrize(
    ("status", "approval", "said"),
    [
        ("in-review", {"author": "A"}, [claimreview.NOT_REVIEWED]),
        ("in-review", APPROVED, [claimreview.NOT_REVIEWED]),
        ("published", {"author": "A"}, [claimreview.NOT_REVIEWED]),
        ("published", APPROVED, []),
        ("disputed", APPROVED, [claimreview.DISPUTED, claimreview.NOT_REVIEWED]),
    ],
)
def test_the_explanation_says_what_has_not_been_reviewed(status, approval, said):
    explained = review(claim(status=status, review=approval))["reviewRating"]["ratingExplanation"]
    assert explained == " ".join(["One small trial points this way.", *said])


@pytest.mark.parametrize(
    ("entry", "has"),
    [
        (claim(verdict="not-checkable", certainty=None), False),
        (claim(status="draft"), False),
        (claim(status="withdrawn"), False),
        (claim(status="disputed"), True),
        (claim(verdict="unproven"), True),
    ],
)
def test_what_is_not_judged_has_no_review(entry, has):
    assert claimreview.has_review(entry) is has
    assert len(list(claimreview.claim_reviews(small.base(), [entry], Addresses(), {}))) == (2 if has else 1)


def test_the_date_is_that_of_the_approval_or_else_of_the_last_change():
    assert review(claim(status="published", review=APPROVED))["datePublished"] == "2026-02-01"
    assert review(claim(status="in-review", review=APPROVED))["datePublished"] == "2026-03-05"
    undated = claimreview.claim_review(small.base(), claim(), Addresses(), None)
    assert "datePublished" not in undated


def test_without_a_site_no_address_is_made_up():
    made = claimreview.claim_review(small.base(), claim(), Addresses(), None)
    assert "url" not in made
    assert made["author"] == {"@type": "Organization", "name": "Caveat: Test base"}


ARTICLES = [
    source("one", title="First", publisher="North Clinic", date="2024-05-06", address="https://north.example/"),
    source("two", title="Second", publisher="South Clinic", date="2023-01-02", address="ftp://south.example/"),
    source("three", title="Third"),
]


def item(*source_ids):
    entry = claim(occurrences=[small.place(source_id) for source_id in source_ids])
    return review(entry, sources=ARTICLES)["itemReviewed"]


FIRST = {
    "@type": "CreativeWork",
    "url": "https://north.example/",
    "name": "First",
    "datePublished": "2024-05-06",
    "publisher": {"@type": "Organization", "name": "North Clinic"},
}
SECOND = {
    "@type": "CreativeWork",
    "name": "Second",
    "datePublished": "2023-01-02",
    "publisher": {"@type": "Organization", "name": "South Clinic"},
}
THIRD = {"@type": "CreativeWork", "name": "Third"}


def test_where_all_is_known_the_first_article_is_named():
    assert item("one", "two") == {
        "@type": "Claim",
        "author": [{"@type": "Organization", "name": name} for name in ("North Clinic", "South Clinic")],
        "datePublished": "2023-01-02",
        "firstAppearance": SECOND,
        "appearance": [FIRST, SECOND],
    }


@pytest.mark.parametrize("unknown", ["three", "burnt-down"])
def test_where_something_is_not_known_nothing_is_guessed(unknown):
    shown = [FIRST, THIRD] if unknown == "three" else [FIRST]
    assert item("one", unknown) == {"@type": "Claim", "appearance": shown}


def test_a_claim_that_no_article_makes_has_no_appearance():
    assert item() == {"@type": "Claim"}


def test_every_status_was_thought_of():
    assert set(Status) == {"draft", "in-review", "published", "disputed", "withdrawn"}
