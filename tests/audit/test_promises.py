"""Promises read from how words stand together, and words that leave no harm: sentences in `promises.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit.context import Reader
from kb.audit.extract import extract
from kb.audit.wording import harms_denied, strong_words
from kb.library import Library
from kb.text import Recogniser

CASES = yaml.safe_load((Path(__file__).parent / "promises.yaml").read_text(encoding="utf-8"))


@cache
def reader():
    return Reader(Recogniser(Library.open(Path(__file__).parents[2] / "claims").kb, topics=True))


def reading(copy):
    (found,) = reader().read(extract(f"{copy}\n".encode(), "copy.txt"))
    return found


def cues(copy):
    return {one.cue.value for one in strong_words(reading(copy))}


@pytest.mark.parametrize("case", CASES["promise"], ids=lambda case: case["copy"])
def test_a_promise_is_found(case):
    assert case["cue"] in cues(case["copy"])


@pytest.mark.parametrize("case", CASES["nothing"], ids=lambda case: case["copy"])
def test_what_only_looks_like_a_promise_is_left_alone(case):
    assert case["not"] not in cues(case["copy"])


@pytest.mark.parametrize("copy", CASES["denies_harm"])
def test_words_that_leave_no_harm_are_found(copy):
    assert list(harms_denied(reading(copy)))


@pytest.mark.parametrize("copy", CASES["denies_none"])
def test_a_record_and_a_rule_of_the_house_deny_no_harm(copy):
    assert not list(harms_denied(reading(copy)))
