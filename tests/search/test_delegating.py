"""An engine that finds by itself finds, counts and marks what the reference engine does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.memory import MemoryEngine
from tests.search.agreement import TYPED, bases, check_agreement, check_pages, queries, small_limits
from tests.search.contract import SearchContract
from tests.search.finders import PlainEngine


class TestDelegating(SearchContract):
    @staticmethod
    def engine(folder):
        return PlainEngine(folder)


@settings(max_examples=80, deadline=None)
@given(kb=bases, asked=queries, window=st.sampled_from([1, 3, 100]), enough=st.sampled_from([2, 10]))
def test_it_answers_as_the_reference_engine_does(kb, asked, window, enough):
    backend, reference = PlainEngine().open(kb), MemoryEngine().open(kb)
    with small_limits(window, enough):
        for query in asked:
            check_agreement(backend, reference, query)
    assert [backend.complete(text, 9) for text in TYPED] == [reference.complete(text, 9) for text in TYPED]


@settings(max_examples=25, deadline=None)
@given(kb=bases, asked=queries, window=st.sampled_from([1, 3, 100]))
def test_its_pages_make_up_the_whole(kb, asked, window):
    backend = PlainEngine().open(kb)
    with small_limits(window, 2):
        for query in asked[:3]:
            check_pages(backend, query)
