"""Gradings on disk: beside the knowledge base, and no part of it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

import pytest

from kb import store
from kb.errors import EntryExists
from kb.library import Library
from kb.library.editing import Editor
from kb.library.gradings import of_claim, read_all, save
from kb.model import Certainty, CertaintyLevel, Verdict
from kb.review.grading import Grading, Judged

if TYPE_CHECKING:
    from pathlib import Path

READER = Editor("B. Reader", None)
GRADING = Grading(
    claim="lifts-mood",
    reader="B. Reader",
    date=dt.date(2026, 1, 2),
    verdict=Verdict.UNPROVEN,
    certainty=Certainty(level=CertaintyLevel.LOW),
    rationale="Too few people: 12.",
    entry=Judged(author="A. Editor", verdict=Verdict.SUPPORTED, certainty=CertaintyLevel.HIGH),
)


def test_what_is_saved_is_read(root: Path) -> None:
    assert save(root, GRADING, READER, commit=False) is None
    text = (root / "gradings/b-reader/lifts-mood.yaml").read_text(encoding="utf-8")
    assert text == (
        "claim: lifts-mood\nreader: B. Reader\ndate: 2026-01-02\nverdict: unproven\ncertainty: {level: low}\n"
        'rationale: "Too few people: 12."\nentry: {author: A. Editor, verdict: supported, certainty: high}\n'
    )
    assert read_all(root) == (GRADING,)
    assert of_claim(root, "wakes-up") == ()


def test_a_grading_is_no_part_of_the_knowledge_base(root: Path) -> None:
    before = store.load(root, cache=False)
    save(root, GRADING, READER, commit=False)
    after = store.load(root, cache=False)
    assert (after.kb.digest, after.findings) == (before.kb.digest, before.findings)
    assert [one.rule for one in Library.open(root, engine="memory").lint().findings if one.rule == "stray-file"] == []


def test_nobody_grades_twice(root: Path) -> None:
    save(root, GRADING, READER, commit=False)
    with pytest.raises(EntryExists, match="already"):
        save(root, GRADING.model_copy(update={"reader": "b.  READER"}), READER, commit=False)


@pytest.mark.parametrize(
    "text",
    ["verdict: maybe\n", "{{{", "\udcff", "claim: other-claim\n", "- 1\n", ""],
)
def test_a_file_that_cannot_be_read_is_logged(root: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    save(root, GRADING, READER, commit=False)
    broken = root / "gradings/b-reader/wakes-up.yaml"
    broken.write_bytes(text.encode(errors="surrogateescape"))
    with caplog.at_level(logging.WARNING):
        assert read_all(root) == (GRADING,)
    assert "gradings/b-reader/wakes-up.yaml cannot be read" in caplog.text
