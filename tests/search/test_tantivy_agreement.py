"""Tantivy finds, counts and marks what the reference engine does, whatever was edited since its index was built."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="the extra `fast` is not installed")

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.engines import engine, open_or_build
from kb.search.memory import MemoryEngine
from kb.search.tantivy import finder
from tests.search.agreement import LIMITS, TYPED, bases, check_agreement, check_pages, queries, small_limits
from tests.search.edits import EDITS, edited


def _check(backend, reference, asked, limits):
    with small_limits(*limits):
        for query in asked:
            check_agreement(backend, reference, query)
        check_pages(backend, asked[0])
    assert [backend.complete(text, 9) for text in TYPED] == [reference.complete(text, 9) for text in TYPED]


@contextlib.contextmanager
def _putting_together(small):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finder, "_SMALL", small)
        patch.setattr(finder, "_TIMES", min(small, finder._TIMES))
        yield


@settings(max_examples=50, deadline=None)
@given(kb=bases, asked=queries, limits=LIMITS)
def test_it_answers_as_the_reference_engine_does(kb, asked, limits):
    with tempfile.TemporaryDirectory() as folder:
        _check(open_or_build(engine("tantivy", Path(folder)), kb).backend, MemoryEngine().open(kb), asked, limits)


@settings(max_examples=25, deadline=None)
@given(
    kb=bases,
    steps=st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=5), queries), min_size=1, max_size=3),
    limits=LIMITS,
    small=st.sampled_from([0, 1, finder._SMALL]),
)
def test_after_any_edits_it_answers_as_the_reference_engine_does(kb, steps, limits, small):
    """Where `small` is 0, each change stays in an index of its own."""
    with tempfile.TemporaryDirectory() as folder, _putting_together(small):
        kept = engine("tantivy", Path(folder))
        backend = open_or_build(kept, kb).backend
        for edits, asked in steps:
            for edit in edits:
                kb = edited(kb, edit)
            backend = backend.updated(kb)
            assert (backend.info.digest, backend.info.documents) == (kb.digest, len(kb.claims))
            _check(backend, MemoryEngine().open(kb), asked, limits)
        reopened = open_or_build(kept, kb).backend
        _check(reopened, MemoryEngine().open(kb), asked, limits)
