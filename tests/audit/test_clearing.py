"""Harm said to stay away, obstacles said to be none, safeguards left out: found, and honest words left alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.library import Library

SENTENCES = yaml.safe_load((Path(__file__).parent / "clearing.yaml").read_text(encoding="utf-8"))
HEADING = "# Ketamine\n\n"


@cache
def auditor():
    return Auditor(Library.open(Path(__file__).parents[2] / "claims").kb, profile="us-ftc", learned=False)


def contradicts(sentence):
    report = auditor().audit(extract(f"{HEADING}{sentence}\n".encode(), "copy.md"))
    return any(one.rule == "contradicted" and one.region for one in report.findings)


@pytest.mark.parametrize("sentence", SENTENCES["contradicted"])
def test_what_clears_it_is_contradicted(sentence):
    assert contradicts(sentence)


@pytest.mark.parametrize("sentence", SENTENCES["honest"])
def test_what_does_not_clear_it_is_left_alone(sentence):
    assert not contradicts(sentence)
