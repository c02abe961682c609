"""Findings that are accepted become comments, and the comments accept these findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kb.audit import suppress
from kb.audit.commenting import commented, comments
from kb.audit.extract import extract
from kb.finding import Suppression
from tests.audit.test_suppress import KNOWN, TODAY, finding

CASES = yaml.safe_load((Path(__file__).parent / "commenting.yaml").read_text(encoding="utf-8"))


def found_in(text, case):
    document = extract(text.encode(), "copy", media=case["media"])
    findings = [finding(document, wanted) for wanted in case["findings"]]
    return document, sorted(findings, key=lambda one: one.region.start)


def accepted(findings, case):
    return [
        replace(one, suppressed=Suppression("external", case["accept"][one.region.text]))
        if one.region.text in case["accept"]
        else one
        for one in findings
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_accepted_is_accepted_by_the_comments(case):
    document, findings = found_in(case["copy"], case)
    made = comments(document, accepted(findings, case))
    beyond = [one.region.text for one in made.beyond]
    also = [one.region.text for comment in made.written for one in comment.also]
    assert (beyond, also) == (case.get("beyond", []), case.get("also", []))
    text = commented(document, made.written)
    again, after = found_in(text, case)
    marked, problems = suppress.apply(again, after, KNOWN, TODAY)
    wanted = {*case["accept"], *also} - {*beyond}
    assert {one.region.text for one in marked if one.suppressed} == wanted
    assert problems == []
    if "reason" in case:
        assert {one.suppressed.reason for one in marked if one.suppressed} == {case["reason"]}
    elif not also:
        assert {one.region.text: one.suppressed.reason for one in marked if one.suppressed} == {
            words: reason for words, reason in case["accept"].items() if words in wanted
        }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_without_its_comments_the_copy_is_as_it_was(case):
    document, findings = found_in(case["copy"], case)
    made = comments(document, accepted(findings, case))
    text = commented(document, made.written)
    for comment in made.written:
        end = "\r\n" if "\r\n" in case["copy"] else "\n"
        assert comment.text in text
        text = text.replace(comment.text + ("" if case["media"] == "text/html" else end), "", 1)
    assert text == case["copy"]


def test_nothing_accepted_is_nothing_written():
    document, findings = found_in(CASES[0]["copy"], CASES[0])
    assert comments(document, findings).written == ()


def test_what_takes_no_comments_says_so():
    document, findings = found_in(CASES[0]["copy"], CASES[0])
    made = comments(replace(document, media="application/pdf"), accepted(findings, CASES[0]))
    assert (made.written, [one.region.text for one in made.beyond]) == ((), ["wonder"])
