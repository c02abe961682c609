"""Both engines find the same: the reference in plain Python is what Whoosh is measured by."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.base import FILTERS, SORTS, Query
from kb.search.engines import engine, open_or_build
from tests.search.bases import EXACT, filters, generated_bases, texts


def _answers(kb, queries):
    """Return engine → pages, from indexes made for the purpose."""
    with tempfile.TemporaryDirectory() as folder:
        backends = {name: open_or_build(engine(name, Path(folder)), kb).backend for name in EXACT}
        return {name: [backend.search(query) for query in queries] for name, backend in backends.items()}


@settings(max_examples=80)
@given(kb=generated_bases, typed=st.lists(st.tuples(texts, filters), min_size=1, max_size=12))
def test_engines_find_rank_count_and_mark_the_same(kb, typed):
    queries = [Query(text, narrowed, FILTERS, per_page=100) for text, narrowed in typed]
    answers = _answers(kb, queries)
    assert answers["whoosh"] == answers["memory"]


@settings(max_examples=30)
@given(kb=generated_bases, text=texts, sort=st.sampled_from([sort for sort in SORTS if sort != "relevance"]))
def test_engines_order_and_page_the_same(kb, text, sort):
    queries = [Query(text, sort=sort, page=page, per_page=3) for page in (1, 2, 3)]
    ids = {name: [[hit.id for hit in page.hits] for page in pages] for name, pages in _answers(kb, queries).items()}
    assert ids["whoosh"] == ids["memory"]
