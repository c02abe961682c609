"""What a plain edit does to the review: the cases of `cases/settle.yaml`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.errors import ReviewRefused
from kb.model import Caveat, Claim
from kb.review import MEANING, settle
from tests.review.entries import EDITOR, fields, with_evidence

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "settle.yaml").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 1, 2)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_plain_edit(case: dict[str, Any]) -> None:
    before = fields(**case["before"])
    after = {key: value for key, value in (before | with_evidence(case["after"])).items() if value is not None}
    editor = case.get("editor", EDITOR)
    if "refused" in case:
        with pytest.raises(ReviewRefused) as refused:
            settle("claim", before, after, editor, TODAY)
        assert refused.value.field == case["refused"]
        return
    written = settle("claim", before, after, editor, TODAY)
    then = case["then"]
    assert written["status"] == then["status"]
    if "approved" in then:
        assert ("approved_by" in written["review"], "approved_on" in written["review"]) == (then["approved"],) * 2
    if "marked" in then:
        assert [n for n, item in enumerate(written["evidence"]) if "recheck" in item] == then["marked"]
    if "reason" in then:
        assert {item["recheck"] for item in written["evidence"] if "recheck" in item} == {then["reason"]}
    if "changed_by" in then:
        assert written["review"].get("changed_by") == then["changed_by"]
    Claim.model_validate(written)


def test_a_save_without_change_writes_the_same_fields() -> None:
    for before in (fields(), fields(status="published", approved=True), fields(status="disputed", dispute=True)):
        assert settle("claim", before, before, EDITOR, TODAY) == before


def test_a_new_entry_gets_its_author() -> None:
    entry = fields(status="draft")
    entry["review"] = {}
    assert settle("claim", None, entry, EDITOR, TODAY)["review"] == {"author": EDITOR}


def test_who_files_an_entry_for_somebody_else_cannot_approve_it_either() -> None:
    written = settle("claim", None, fields(status="draft"), EDITOR, TODAY)
    assert written["review"] == {"author": "A. Editor", "changed_by": EDITOR}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"status": "published"}, "status"),
        ({"status": "in-review", "approved": True}, "review.approved_by"),
        ({"status": "draft", "withdrawal": True}, "withdrawal"),
        ({"status": "draft", "dispute": True}, "dispute"),
    ],
)
def test_a_new_entry_has_no_past(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ReviewRefused) as refused:
        settle("claim", None, fields(**wrong), EDITOR, TODAY)
    assert refused.value.field == field


def test_what_is_not_reviewed_is_left_alone() -> None:
    assert settle("source", None, {"id": "x"}, EDITOR, TODAY) == {"id": "x"}


def test_the_fields_of_meaning_are_fields_of_the_models() -> None:
    assert set(MEANING["claim"]) <= set(Claim.model_fields)
    assert set(MEANING["caveat"]) <= set(Caveat.model_fields)
