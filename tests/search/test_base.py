from __future__ import annotations

import pytest

from kb.search.base import Page, Query, Reading, ReadTerm, Widening

FILTERS = "theme, type, verdict, certainty, source, status, caveat"


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"filters": {"colour": ("red",)}}, ValueError, f"unknown filter 'colour'; it must be one of: {FILTERS}"),
        ({"filters": {"colour": ()}}, ValueError, f"unknown filter 'colour'; it must be one of: {FILTERS}"),
        ({"facets": ("theme", "colour")}, ValueError, f"unknown facet 'colour'; it must be one of: {FILTERS}"),
        (
            {"sort": "date"},
            ValueError,
            "unknown sort 'date'; it must be one of: relevance, certainty, sources, changed, id",
        ),
        ({"filters": {"theme": "mood"}}, TypeError, "filter 'theme' needs a tuple of values, not one text"),
        ({"page": 0}, ValueError, "page must be 1 or more, not 0"),
        ({"per_page": 0}, ValueError, "per_page must be from 1 to 100, not 0"),
        ({"per_page": 101}, ValueError, "per_page must be from 1 to 100, not 101"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(fields, error, message):
    with pytest.raises(error) as raised:
        Query(**fields)
    assert str(raised.value) == message


def test_a_query_says_each_thing_once():
    query = Query("mood", {"theme": ["sleep", "mood", "sleep"], "type": []}, facets=["type", "theme", "type"])
    assert query == Query("mood", {"theme": ("sleep", "mood")}, facets=("type", "theme"))


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5)])
def test_pages_are_counted(total, pages):
    assert Page((), total, 1, 20, {}, Reading()).pages == pages


@pytest.mark.parametrize(
    ("reading", "line"),
    [
        (Reading(), "every entry"),
        (Reading((ReadTerm("mood"),)), "entries with mood"),
        (
            Reading((ReadTerm("TRD", widened=(Widening("trd", "resistant depression"), Widening("x", "y"))),)),
            "entries with TRD (and other words for: resistant depression, y)",
        ),
        (
            Reading((ReadTerm("a b", phrase=True), ReadTerm("c"), ReadTerm("d e", phrase=True, excluded=True))),
            'entries with all of: "a b", c without "d e"',
        ),
        (
            Reading((ReadTerm("a"), ReadTerm("b")), dropped=("the", "of"), any_word=True, cut=True),
            (
                "no entry has all of these, so entries with any of: a, b; not searched for: the, of; "
                "only the beginning of the text was read"
            ),
        ),
    ],
)
def test_a_reading_is_a_line_of_plain_words(reading, line):
    assert str(reading) == line
