from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.library.pasting import Pasting
from kb.search.base import Query
from kb.search.memory import MemoryEngine
from tests.factories import claim, knowledge_base
from tests.search.bases import named

CASES = yaml.safe_load(Path(__file__).with_name("pasting.yaml").read_text(encoding="utf-8"))

CONCEPTS = {
    "drug": {"label": "the drug", "terms": ["testamine"]},
    "subject-esketamine": {"label": "another drug", "terms": ["otherine"]},
    "eases": {"label": "eases", "terms": ["eases", "ease", "helps with"]},
    "pain": {"label": "pain", "terms": ["pain", "aches"]},
    "quick": {"label": "works fast", "terms": ["within hours", "fast"]},
    "sick": {"label": "sickness", "terms": ["sick"]},
    "negation": {"terms": ["no", "not", "never"], "widen": False},
    "harm": {"label": "harm", "terms": ["harm", "harms", "risks"]},
}


def _rule(*needed, unless=()):
    return [{"all": ["drug", *needed], "unless": list(unless)}]


KB = named(
    knowledge_base(
        concepts=CONCEPTS,
        claims=[
            claim("eases-pain", claim="Testamine eases pain.", recognise=_rule("eases", "pain", unless=["negation"])),
            claim("acts-fast", claim="It acts fast.", recognise=_rule("quick", unless=["negation", "harm"])),
            claim("makes-sick", claim="Testamine makes some people sick.", recognise=_rule("sick")),
            claim("no-harm", claim="Testamine does no harm.", recognise=_rule("negation", "harm")),
        ],
    )
)
PASTING = Pasting(KB)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_a_text_is_read_clause_by_clause(case):
    found = list(PASTING(case["text"]))
    assert {match.id for match in found if match.certain} == set(case.get("makes", ()))
    assert {match.id for match in found if match.denied} == set(case.get("denies", ()))
    reasons = [reason for match in found for reason in match.reasons]
    assert set(case.get("because", ())) <= set(reasons)


def test_search_asks_the_reader_and_lifts_only_what_is_said():
    text = "Testamine eases pain within hours, and it does not make you sick."
    backend = MemoryEngine().open(KB)
    plain = {match.id for match in backend.match(text) if match.certain}
    backend.read_by(PASTING)
    page = backend.search(Query(text))
    assert "eases-pain" not in plain
    assert [(match.id, match.certain, match.denied) for match in page.matches[:3]] == [
        ("eases-pain", True, False),
        ("acts-fast", True, False),
        ("makes-sick", False, True),
    ]
    assert [hit.id for hit in page.hits][:2] == ["eases-pain", "acts-fast"]


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "\ud800", "no " * 3_000, "and it " * 2_000, "?" * 9_000])
def test_anything_may_be_pasted(text):
    assert all(0 < match.score <= 1 for match in PASTING(text))
