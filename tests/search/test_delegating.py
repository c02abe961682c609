"""An engine that finds by itself finds, counts and marks what the reference engine does."""

from __future__ import annotations

from hypothesis import given, settings

from kb.search.memory import MemoryEngine
from tests.search.agreement import LIMITS, TYPED, bases, check_agreement, check_pages, queries, small_limits
from tests.search.contract import SearchContract
from tests.search.finders import PlainEngine


class TestDelegating(SearchContract):
    @staticmethod
    def engine(folder):
        return PlainEngine(folder)


@settings(max_examples=80, deadline=None)
@given(kb=bases, asked=queries, limits=LIMITS)
def test_it_answers_as_the_reference_engine_does(kb, asked, limits):
    backend, reference = PlainEngine().open(kb), MemoryEngine().open(kb)
    with small_limits(*limits):
        for query in asked:
            check_agreement(backend, reference, query)
    assert [backend.complete(text, 9) for text in TYPED] == [reference.complete(text, 9) for text in TYPED]


@settings(max_examples=25, deadline=None)
@given(kb=bases, asked=queries, limits=LIMITS)
def test_its_pages_make_up_the_whole(kb, asked, limits):
    backend = PlainEngine().open(kb)
    with small_limits(*limits):
        for query in asked[:3]:
            check_pages(backend, query)
