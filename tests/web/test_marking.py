"""Marks on the page of a claim: what was searched for, in the words that were searched for or other ones."""

from __future__ import annotations

import re
from urllib.parse import quote_plus

import pytest


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("", []),
        ("zebra", []),
        ("mood", ["mood"]),
        ("MOODS day", ["mood", "day"]),
        ('"lifts mood"', ["lifts mood"]),
        ("mood -day", ["mood"]),
        ("<b>", []),
        ("mood " * 60, []),
    ],
)
def test_the_claim_is_marked(client, typed, marked):
    html = client.get(f"/claims/lifts-mood?q={quote_plus(typed)}").text
    title = re.search(r'<h1 class="statement">(.*?)</h1>', html, re.DOTALL)
    assert title
    assert re.findall("<mark>(.*?)</mark>", title[1]) == marked


def test_other_words_for_the_same_thing_are_marked_too(client):
    html = client.get("/claims/lifts-mood?q=vomiting").text
    assert "<mark>" not in html.split("What must be said")[0]
    html = client.get("/claims/split-opinions?q=nausea").text
    assert "<title>Testamine is well tolerated." in html


def test_what_was_typed_is_shown_as_text(client):
    html = client.get("/claims/lifts-mood?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "Results for &lt;script&gt;alert(1)&lt;/script&gt;" in html
