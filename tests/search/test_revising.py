"""An index that is brought up to date answers as one that is built from nothing, whatever was edited before."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.search.base import FILTERS, SORTS, Query
from kb.search.engines import engine, open_or_build
from kb.search.inputs import Inputs, changed
from tests.search.bases import EXACT, generated_bases, texts
from tests.search.edits import EDITS, edited

_QUERIES = [Query(text) for text in ("ache", "zebra", "doze", "acheing zebar", "mood -oldazine", '"does not cause"')]
_QUERIES += [Query("claim:res* OR theme:sleep"), Query("TESTA causes migraine for people with oldazine and the TRD.")]
_QUERIES += [Query(sort=sort) for sort in SORTS]
_QUERIES += [Query("caveat:fades-soon"), Query("verdict:refuted mood", {"theme": ("mood", "sleep")})]
_TYPED = ("mo", "ze", "dep", "zebra d", "lif")


def _answers(backend, queries):
    return (
        [backend.search(query) for query in queries],
        [backend.nearest(query) for query in queries],
        [backend.match(query.text) for query in queries],
        [backend.complete(text, 9) for text in _TYPED],
    )


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(kb=generated_bases, steps=st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=5), texts), max_size=3))
def test_after_any_edits_it_answers_as_one_built_from_nothing(name, kb, steps):
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as fresh:
        backend = open_or_build(engine(name, Path(kept)), kb).backend
        for edits, typed in steps:
            for edit in edits:
                kb = edited(kb, edit)
            queries = [dataclasses.replace(query, facets=FILTERS) for query in (*_QUERIES, Query(typed))]
            built = open_or_build(engine("memory", Path(fresh)), kb).backend
            backend = backend.updated(kb)
            assert (backend.info.digest, backend.info.documents) == (kb.digest, len(kb.claims))
            assert _answers(backend, queries) == _answers(built, queries)
        reopened = open_or_build(engine(name, Path(kept)), kb).backend
        assert _answers(reopened, _QUERIES) == _answers(backend, _QUERIES)


@given(kb=generated_bases, edits=st.lists(EDITS, max_size=4))
def test_check_sums_tell_what_comparing_tells(kb, edits):
    later = kb
    for edit in edits:
        later = edited(later, edit)
    assert Inputs.of(kb).changed(later) == changed(kb, later)
    assert Inputs.model_validate_json(Inputs.of(kb).model_dump_json()).changed(kb) == frozenset()
