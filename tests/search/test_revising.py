"""An index that is brought up to date answers as one that is built from nothing, whatever was edited before."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.model import Status
from kb.search.base import FILTERS, SORTS, Query
from kb.search.engines import engine, open_or_build
from kb.search.inputs import Inputs, changed
from tests.factories import caveat, claim, reference
from tests.search.bases import EXACT, generated_bases, named, texts

_IDS = ["a-first", "claim-0", "claim-1", "claim-3", "claim-5", "claim-55", "zebra"]
_TEXTS = ["mood aches with oldazine", "TESTA does not cause aches", "zebras doze.", "treatment-resistant depression"]
_STATUSES = ["in-review", "published", "withdrawn"]
_CAVEATS = ["caveat-8", "caveat-12", "caveat-20", "fades-soon"]
_RULES = [[], [{"all": ["testamine", "headache"]}], [{"any": ["trd", "oldazine"]}]]

_EDITS = st.one_of(
    st.tuples(
        st.just("claim"),
        st.sampled_from(_IDS),
        st.fixed_dictionaries(
            {"claim": st.sampled_from(_TEXTS)},
            optional={
                "status": st.sampled_from(_STATUSES),
                "themes": st.sampled_from([["mood"], ["sleep", "nausea"]]),
                "caveats": st.sampled_from(_CAVEATS).map(lambda owed: [{"caveat": owed, "near": "section"}]),
                "recognise": st.sampled_from(_RULES),
                "related": st.sampled_from(_IDS).map(lambda other: [{"claim": other, "type": "similar"}]),
                "certainty": st.just({"level": "high"}),
                "aliases": st.just(["former-name"]),
            },
        ),
    ),
    st.tuples(st.just("status"), st.sampled_from(_IDS), st.sampled_from(_STATUSES)),
    st.tuples(st.just("gone"), st.sampled_from(_IDS), st.none()),
    st.tuples(st.just("caveat"), st.sampled_from(_CAVEATS), st.sampled_from(_TEXTS)),
    st.tuples(st.just("no caveat"), st.sampled_from(_CAVEATS), st.none()),
    st.tuples(st.just("reference"), st.just("doe2020"), st.sampled_from(_TEXTS)),
    st.tuples(st.just("theme"), st.sampled_from(["mood", "sleep", "new-theme"]), st.sampled_from(_TEXTS)),
    st.tuples(st.just("comment"), st.just(""), st.none()),
)
_QUERIES = [Query(text) for text in ("ache", "zebra", "doze", "acheing zebar", "mood -oldazine", '"does not cause"')]
_QUERIES += [Query("claim:res* OR theme:sleep"), Query("TESTA causes migraine for people with oldazine and the TRD.")]
_QUERIES += [Query(sort=sort) for sort in SORTS]
_QUERIES += [Query("caveat:fades-soon"), Query("verdict:refuted mood", {"theme": ("mood", "sleep")})]
_TYPED = ("mo", "ze", "dep", "zebra d", "lif")


def _edited(kb, edit):
    """Return another state, as the store would give it: entries that did not change are the same objects."""
    what, key, value = edit
    claims, caveats, references, themes = dict(kb.claims), dict(kb.caveats), dict(kb.references), dict(kb.themes)
    if what == "claim":
        claims[key] = claim(key, **value)
    elif what == "status" and key in claims:
        claims[key] = claims[key].model_copy(update={"status": Status(value)})
    elif what == "gone":
        claims.pop(key, None)
    elif what == "caveat":
        caveats[key] = caveat(key, caveat=value, short=value[:9])
    elif what == "no caveat":
        caveats.pop(key, None)
    elif what == "reference":
        references[key] = reference(title=value)
    elif what == "theme":
        themes["efficacy"] = {**themes["efficacy"], key: value}
    kb = dataclasses.replace(
        kb, claims=dict(sorted(claims.items())), caveats=caveats, references=references, themes=themes
    )
    beside = repr((named(kb).digest, references, themes)).encode()
    return dataclasses.replace(kb, digest=hashlib.sha256(beside).hexdigest())


def _answers(backend, queries):
    return (
        [backend.search(query) for query in queries],
        [backend.nearest(query) for query in queries],
        [backend.match(query.text) for query in queries],
        [backend.complete(text, 9) for text in _TYPED],
    )


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(kb=generated_bases, steps=st.lists(st.tuples(st.lists(_EDITS, min_size=1, max_size=5), texts), max_size=3))
def test_after_any_edits_it_answers_as_one_built_from_nothing(name, kb, steps):
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as fresh:
        backend = open_or_build(engine(name, Path(kept)), kb).backend
        for edits, typed in steps:
            for edit in edits:
                kb = _edited(kb, edit)
            queries = [dataclasses.replace(query, facets=FILTERS) for query in (*_QUERIES, Query(typed))]
            built = open_or_build(engine("memory", Path(fresh)), kb).backend
            backend = backend.updated(kb)
            assert (backend.info.digest, backend.info.documents) == (kb.digest, len(kb.claims))
            assert _answers(backend, queries) == _answers(built, queries)
        reopened = open_or_build(engine(name, Path(kept)), kb).backend
        assert _answers(reopened, _QUERIES) == _answers(backend, _QUERIES)


@given(kb=generated_bases, edits=st.lists(_EDITS, max_size=4))
def test_check_sums_tell_what_comparing_tells(kb, edits):
    later = kb
    for edit in edits:
        later = _edited(later, edit)
    assert Inputs.of(kb).changed(later) == changed(kb, later)
    assert Inputs.model_validate_json(Inputs.of(kb).model_dump_json()).changed(kb) == frozenset()
