"""What an engine that ranks by itself must have in common with the reference engine: all but the order."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from hypothesis import strategies as st

from kb.search import delegating, indexed
from kb.search.base import FILTERS, SORTS, Query
from tests.search.bases import OTHER_WORDS, WORDS, filters, generated_bases, named, texts

TYPED = ("mo", "ze", "dep", "zebra d", "acheing")


@st.composite
def _related_bases(draw):
    """Draw a base in which some claims are related to others, and some are found by rules."""
    kb = draw(generated_bases)
    pairs = draw(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6))
    rules = draw(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["trd", "headache", "testamine"])), max_size=4))
    claims = dict(kb.claims)
    for one, concept in rules:
        if f"claim-{one}" in claims:
            _edit(claims, one, recognise=[{"all": [concept]}])
    for one, other in pairs:
        if f"claim-{one}" in claims:
            _edit(claims, one, related=[{"claim": f"claim-{other}", "type": "similar"}])
    return named(dataclasses.replace(kb, claims=claims))


def _edit(claims, number, **fields):
    claim = claims[f"claim-{number}"]
    said = claim.model_dump(mode="json", exclude_defaults=True) | fields
    claims[f"claim-{number}"] = type(claim).model_validate(said)


bases = _related_bases()
_PLAIN = st.lists(st.sampled_from([*WORDS, *OTHER_WORDS]), min_size=1, max_size=3, unique=True).map(" ".join)
"""Only plain words bring what is related to what they find."""
queries = st.lists(
    st.builds(
        Query, st.one_of(texts, _PLAIN), filters, st.just(FILTERS), st.sampled_from(SORTS), per_page=st.just(100)
    ),
    min_size=1,
    max_size=12,
)

LIMITS = st.sampled_from([(1, 2), (3, 2), (3, 4), (100, 10)])
"""How many claims are the first, and how many are enough: never more than are the first."""


@contextmanager
def small_limits(window, enough):
    """Let few claims be many, so that a base of a dozen has what a base of thousands has."""
    with ExitStack() as stack:
        for module, name, value in [
            (delegating, "WINDOW", window),
            (delegating, "_CHUNK", window),
            (delegating, "ENOUGH", enough),
            (indexed, "ENOUGH", enough),
        ]:
            stack.enter_context(patch.object(module, name, value))
        yield


def check_agreement(backend, reference, query):
    """Check that two indexes answer alike: of pasted prose, what is certain; else all but scores and order."""
    page, expected = backend.search(query), reference.search(query)
    assert (page.reading, page.suggestion) == (expected.reading, expected.suggestion)
    assert _certain(page.matches) == _certain(expected.matches)
    if page.reading.pasted:
        assert {match.id for match in page.matches if match.certain} <= {hit.id for hit in page.hits} or query.filters
        return
    assert page.total == expected.total
    assert page.facets == expected.facets
    assert [list(counts) for counts in page.facets.values()] == [list(counts) for counts in expected.facets.values()]
    assert _unordered(page) == _unordered(expected)
    if query.sort != "relevance":
        assert [hit.id for hit in page.hits] == [hit.id for hit in expected.hits]
    assert len(backend.nearest(query)) == len(reference.nearest(query))


def check_pages(backend, query):
    """Check that pages of any size make up the whole."""
    whole = backend.search(query).hits
    for size in (1, 2, 5):
        pages = range(1, -(-len(whole) // size) + 1)
        found = [backend.search(dataclasses.replace(query, per_page=size, page=page)).hits for page in pages]
        assert [hit for hits in found for hit in hits] == list(whole)


def _certain(matches):
    return {(match.id, match.score, match.reasons, match.denied) for match in matches if match.certain or match.denied}


def _unordered(page):
    return {hit.id: (hit.highlights, frozenset(hit.related)) for hit in page.hits}
