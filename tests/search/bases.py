"""Knowledge bases that the search tests ask: a small fixed one, and generated ones."""

# ruff: noqa: RUF001 - typographic apostrophes are part of the matter

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.factories import caveat, claim, evidence, knowledge_base, reference, source

if TYPE_CHECKING:
    from kb.model import KnowledgeBase

EXACT = ("memory", "whoosh")
"""Engines in this process that need nothing else and answer the same to the last digit."""

CONCEPTS: dict[str, dict[str, Any]] = {
    "trd": {"label": "treatment-resistant depression", "terms": ["TRD", "treatment-resistant depression"]},
    "headache": {"terms": ["headache", "migraine", "pain * head"]},
    "testamine": {"label": "testamine and its brands", "terms": ["testamine"], "exact": ["TESTA"]},
    "any-drug": {"label": "any drug", "terms": ["medicine"], "includes": ["testamine", "oldazine"]},
    "oldazine": {"terms": ["oldazine"]},
    "happiness": {"terms": ["happiness", "mood"], "widen": False},
}


def base() -> KnowledgeBase:
    """Return eleven claims whose words, values and places are the matter of the contract."""
    nothing = {"evidence": [], "rationale": "See below.", "caveats": []}
    return named(
        knowledge_base(
            concepts=CONCEPTS,
            sources=[source("page-one"), source("page-two")],
            references={"doe2020": reference(title="A trial of sleep"), "roe2021": reference(title="Letters")},
            caveats=[
                caveat("fades-soon", caveat="The relief fades within days."),
                caveat("may-harm", caveat="It may harm the bladder when taken for long.", themes=["nausea"]),
            ],
            claims=[
                _claim("acts-fast", "Testamine lifts mood within 24 hours.", ["page-one", "page-two"]),
                _claim(
                    "aches", "Testamine does cause headache.", themes=["nausea"], type="safety", verdict="contested"
                ),
                _claim("aches-not", "Testamine does not cause headache.", ["page-two"], themes=["nausea"], **nothing),
                _claim("brand", "TESTA is sold in pharmacies.", type="access", status="published", **nothing),
                _claim("calm", "Naïve patients’ sleep doesn’t change; café-goers’ does.", themes=["sleep"], **nothing),
                _claim("eases-trd", "People with TRD feel better.", themes=["mood", "sleep"], **nothing),
                _claim(
                    "fewer-points",
                    "Scores fell by -1.5 points, or 5% of 1,200.",
                    certainty={"level": "high"},
                    **nothing,
                ),
                _claim("old-drug", "Oldazine helps the resistant. Treatment depression is another matter.", **nothing),
                _claim("pressure", "Blood pressure rises, and pains in the head follow.", **nothing),
                _claim("relief", "Treatment-resistant depression gives way.", certainty=_VERY_LOW, **nothing),
                _claim(
                    "welcome",
                    "Guests are never kept waiting.",
                    verdict="not-checkable",
                    certainty=None,
                    caveats=[{"caveat": "may-harm", "near": "section"}, {"caveat": "gone", "near": "document"}],
                    evidence=[evidence("missing"), evidence("roe2021", finding="Nobody waited.")],
                    asked=["how long is the queue", "queue jumping"],
                ),
            ],
        ),
    )


_VERY_LOW = {"level": "very-low", "reasons": ["risk-of-bias", "imprecision"]}


def _claim(claim_id: str, text: str, places: list[str] | None = None, **fields: Any) -> Any:
    occurrences = [
        {
            "source": place,
            "selector": {"start": 0, "end": 9},
            "digest": "0" * 16,
            "section": "Top",
            "strength": "plain",
        }
        for place in places or []
    ]
    return claim(claim_id, claim=text, occurrences=occurrences, **fields)


def named(kb: KnowledgeBase) -> KnowledgeBase:
    """Return the base under a digest of its content, as the store would give it."""
    content = repr((sorted(kb.claims.items()), sorted(kb.caveats.items()), sorted(kb.concepts.items())))
    return dataclasses.replace(kb, digest=hashlib.sha256(content.encode()).hexdigest())


WORDS = ["ache", "aches", "not", "does", "cause", "TRD", "treatment", "resistant", "depression", "5%", "-1.5", "the"]
OTHER_WORDS = ["mood", "doesn’t", "café", "follow-up", "TESTA", "testa", "medicine", "oldazine", "US", "zebra"]
_WORD = st.sampled_from(WORDS + OTHER_WORDS)
_SENTENCE = st.lists(_WORD, min_size=3, max_size=9).map(" ".join).map(lambda text: text.ljust(8, "."))


def _generated(rows: list[tuple[str, str, str, list[str], str | None, str]]) -> KnowledgeBase:
    claims, caveats = [], {}
    for number, (text, beside, finding, themes, level, verdict) in enumerate(rows):
        caveats[f"caveat-{len(beside)}"] = caveat(f"caveat-{len(beside)}", caveat=beside)
        claims.append(
            _claim(
                f"claim-{number}",
                text,
                ["clinic-page"] if number % 2 else [],
                themes=themes,
                verdict=verdict,
                certainty={"level": level} if level else None,
                evidence=[evidence(finding=finding)],
                caveats=[{"caveat": f"caveat-{len(beside)}", "near": "section"}],
                asked=[finding[:80], beside[:40]] if number % 3 == 1 and finding[:40] != beside[:40] else [],
            ),
        )
    return named(knowledge_base(claims=claims, caveats=caveats.values(), concepts=CONCEPTS))


_ROW = st.tuples(
    _SENTENCE,
    _SENTENCE,
    _SENTENCE,
    st.lists(st.sampled_from(["mood", "sleep", "nausea"]), min_size=1, max_size=2, unique=True),
    st.sampled_from([None, "low", "high"]),
    st.sampled_from(["supported", "refuted"]),
)
generated_bases = st.lists(_ROW, max_size=12).map(_generated)

_PHRASE = st.lists(_WORD, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
_TYPED = st.one_of(_WORD, _PHRASE)
_OTHERS = [
    "OR",
    "acheing",
    "treat*",
    "claim:not",
    "claim:res*",
    "theme:sleep",
    "-verdict:refuted",
    "due:2030",
    "type:x",
]
texts = st.lists(st.one_of(_TYPED, _TYPED.map("-{}".format), st.sampled_from(_OTHERS)), max_size=9).map(" ".join)
filters = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.lists(st.sampled_from(["mood", "sleep", "gone"]), max_size=2).map(tuple),
        "certainty": st.lists(st.sampled_from(["low", "high"]), max_size=2).map(tuple),
        "verdict": st.just(("supported",)),
        "source": st.just(("clinic-page",)),
    },
)
