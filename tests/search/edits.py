"""Edits of a generated knowledge base, as the store would give the state after each."""

from __future__ import annotations

import dataclasses
import hashlib

from hypothesis import strategies as st

from kb.model import Status
from tests.factories import caveat, claim, reference
from tests.search.bases import named

_IDS = ["a-first", "claim-0", "claim-1", "claim-3", "claim-5", "claim-55", "zebra"]
_TEXTS = ["mood aches with oldazine", "TESTA does not cause aches", "zebras doze.", "treatment-resistant depression"]
_STATUSES = ["in-review", "published", "withdrawn"]
_CAVEATS = ["caveat-8", "caveat-12", "caveat-20", "fades-soon"]
_RULES = [[], [{"all": ["testamine", "headache"]}], [{"any": ["trd", "oldazine"]}]]

EDITS = st.one_of(
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


def edited(kb, edit):
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
