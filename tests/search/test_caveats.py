from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.library import Library
from kb.search.base import Query
from kb.search.caveats import MOST
from kb.search.memory import MemoryEngine
from tests.factories import caveat, claim, knowledge_base
from tests.search.bases import named

CLAIMS = Path(__file__).parents[2] / "claims"
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "caveats.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library():
    return Library.open(CLAIMS, engine="memory")


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query for query, _ in CASES])
def test_a_question_is_answered_by_its_caveats(library, query, expected):
    assert library.search(Query(query)).caveats == tuple(expected)


def _answered(kb, query):
    return MemoryEngine().open(named(kb)).search(Query(query)).caveats


BASE = [
    caveat(each, short=f"{each} harm".capitalize(), caveat=f"It may harm the {each}.", suggested_disclosure="It may.")
    for each in ("bladder", "heart", "liver", "kidney", "stomach", "skin", "hair", "memory")
]


def _base(*caveats):
    return knowledge_base(claims=[claim("aa")], caveats=caveats)


def test_a_caveat_that_was_withdrawn_answers_nothing():
    gone = {"reason": "error", "by": "Editors", "date": "2026-01-01"}
    withdrawn = caveat("bladder-too", short="Bladder harm", status="withdrawn", withdrawal=gone)
    assert _answered(_base(*BASE, withdrawn), "bladder") == ("bladder",)


def test_no_more_than_a_few_are_offered():
    same = [caveat(f"lungs-{number}", short="Lung trouble") for number in range(MOST + 1)]
    assert _answered(_base(*BASE, *same), "lung trouble") == ("lungs-0", "lungs-1")


def test_one_that_answers_far_less_well_is_left_out():
    beside = caveat("lungs", short="Lung trouble", caveat="It may trouble the lungs and the bladder.")
    assert _answered(_base(*BASE, beside), "bladder") == ("bladder",)


def test_a_verb_that_anything_is_asked_with_is_not_asked_for():
    assert _answered(_base(*BASE), "do I get bladder") == ("bladder",)


def test_what_most_caveats_have_is_answered_by_none():
    assert _answered(_base(*BASE), "harm") == ()


def test_most_of_what_was_asked_must_stand_there():
    assert _answered(_base(*BASE), "bladder cinema ticket seat") == ()


def test_a_changed_caveat_answers_as_it_stands_now():
    before, changed = _base(*BASE), caveat("skin", short="Lung trouble")
    backend = MemoryEngine().open(named(before))
    assert backend.search(Query("lung trouble")).caveats == ()
    later = backend.updated(named(_base(*(changed if each.id == "skin" else each for each in BASE))))
    assert later is not None
    assert later.search(Query("lung trouble")).caveats == ("skin",)
