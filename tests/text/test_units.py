"""Sentences: cases as data, and what must hold for any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.text import sentences

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "sentences.yaml").read_text(encoding="utf-8"))
PIECES = [
    "Dr.",
    "mg.",
    "e.g.",
    "i.v.",
    "U.S.",
    "A",
    "a",
    ".",
    "!",
    "?",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u00a0",
    "1.",
    "-",
    "•",
]
PIECES += ["“", "”", "(", ")", '"', "'", "…", "é", "e\u0301", "😀", "。", "\u200b", "\u2028", "\x00", "\ud800", "It "]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_sentences(case):
    text = case.get("between", " ").join(case["sentences"])
    assert [text[start:end] for start, end in sentences(text)] == case["sentences"]


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_spans_cover_everything_but_white_space_and_stay_in_order(text):
    covered = 0
    for start, end in sentences(text):
        assert covered <= start < end <= len(text)
        assert text[covered:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        covered = end
    assert text[covered:].strip() == ""


@given(st.text(alphabet=st.characters(exclude_categories=["Zl", "Zp", "Cc"]), min_size=1, max_size=4))
def test_long_runs_are_cut_into_parts(piece):
    spans = sentences(piece * 3_000)
    assert all(end - start <= 4_000 for start, end in spans)
