"""A table narrows and counts as somebody would who looks at every claim, whichever way is quicker."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import documents
from kb.search.documents import COLUMNS, Chosen, Table, keywords
from kb.search.widen import Vocabulary
from tests.search.bases import generated_bases


def _table(kb):
    return Table(kb, Vocabulary(kb.concepts))


def _expected(kb, ids, name):
    counted = Counter(value for claim_id in ids for value in keywords(kb.claims[claim_id])[name])
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


@pytest.mark.parametrize("quick", [1, 10**9], ids=["by rows", "by bits"])
@given(kb=generated_bases, chance=st.randoms(use_true_random=False))
def test_what_is_counted_is_what_claims_have(quick, kb, chance):
    table = _table(kb)
    rows = [row for row in range(len(table)) if chance.random() < 0.7]
    ids = [table.ids[row] for row in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_QUICK", quick)
        for name in COLUMNS:
            assert list(table.counts(name, Chosen(rows)).items()) == _expected(kb, ids, name)
            assert list(table.counts(name, Chosen(rows), ["zz"]))[-1:] == ["zz"]


@given(kb=generated_bases, chance=st.randoms(use_true_random=False))
def test_what_passes_filters_has_any_value_of_each(kb, chance):
    table = _table(kb)
    rows = [row for row in range(len(table)) if chance.random() < 0.9]
    for one, other in (("verdict", "caveat"), ("source", "theme"), ("caveat", "source")):
        filters = {name: tuple(value for value, _ in _expected(kb, kb.claims, name)[:2]) for name in (one, other)}
        has = {
            name: {row for row in rows if {*filters[name]} & {*keywords(kb.claims[table.ids[row]])[name]}}
            for name in filters
        }
        assert set(table.narrow(rows, filters)) == has[one] & has[other]
        assert set(table.narrow(rows, filters, besides=one)) == has[other]
    assert not table.narrow(rows, {"caveat": ("no-such",)})
