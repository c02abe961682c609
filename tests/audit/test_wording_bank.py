"""How far rules and readings get on sentences of many hands: `wording_bank/`, each sentence on a small page.

The figures are floors that only rise. They forecast little: the sentences and the lists come from the same hands.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.context import Reader
from kb.audit.extract import extract
from kb.audit.polarity import negators, stance
from kb.audit.strength import hedges, wording
from kb.library import Library
from kb.text import ConceptHit, Recogniser

FOLDER = Path(__file__).parent / "wording_bank"
PAGE = "# Ketamine therapy\n\nKetamine is given as an infusion for depression.\n\n{}\n"
BATCHES = ("first", "second")
FLOORS = yaml.safe_load((FOLDER / "floors.yaml").read_text(encoding="utf-8"))


@cache
def repository():
    return Library.open(Path(__file__).parents[2] / "claims").kb


@cache
def auditor():
    return Auditor(repository(), profile="us-ftc", learned=False)  # the rules are tested, and learned from these


@cache
def reader():
    return Reader(Recogniser(repository(), topics=True))


def bank(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def read(text):
    return auditor().audit(extract(text.encode(), "copy.md", media="text/markdown"))


def found_by(rule, sentence):
    report = read(PAGE.format(sentence))
    place = PAGE.index("{}")
    return any(one.rule == rule and one.region and one.region.start >= place for one in report.findings)


def worded(sentence):
    """Return (polarity, whether hedged) of the words in braces."""
    opening, rest = sentence.split("{", 1)
    words, closing = rest.split("}", 1)
    start, end = len(opening), len(opening) + len(words)
    (reading,) = [
        one
        for one in reader().read(extract(f"{opening}{words}{closing}\n".encode(), "copy.md", media="text/markdown"))
        if one.unit.start <= start < one.unit.end
    ]
    hits = [
        ConceptHit("claim", token.start, token.end, at, at)
        for at, token in enumerate(reading.tokens)
        if start <= token.start < end
    ]
    how = stance(reading, hits, negators(reading))
    return how.polarity.value, wording(reading, hits, hedges(reading)).strength.value == "hedged"


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize(
    ("rule", "of", "but"),
    [
        ("overstated", "overstated", "not-overstated"),
        ("contradicted", "contradicted", "not-contradicted"),
        ("unlisted-claim", "unlisted", "listed"),
    ],
)
def test_rules(batch, rule, of, but):
    sentences = bank(batch)
    missed = [sentence for sentence in sentences[of] if not found_by(rule, sentence)]
    wrong = [sentence for sentence in sentences[but] if found_by(rule, sentence)]
    floor = FLOORS[batch][rule]
    assert len(missed) <= floor["missed"], missed
    assert len(wrong) <= floor["wrong"], wrong


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("kind", ["asserted", "negated", "hedged", "asked", "attributed"])
def test_wording(batch, kind):
    wrong = []
    for sentence in bank(batch)[kind]:
        polarity, hedged = worded(sentence)
        weakly = hedged if kind in {"asserted", "hedged"} else False
        if (polarity, weakly) != ("asserted" if kind == "hedged" else kind, kind == "hedged"):
            wrong.append(sentence)
    assert len(wrong) <= FLOORS[batch]["wording"].get(kind, 0), wrong


@pytest.mark.parametrize("batch", BATCHES)
def test_subjects(batch):
    wrong = []
    for page in bank(f"{batch}-subject"):
        report = read(page["copy"])
        for words, expected in page["units"]:
            matching = [
                subject.value
                for unit, subject in zip(report.document.units, report.subjects, strict=True)
                if report.document.plain[unit.start : unit.end].startswith(words)
            ]
            if matching != [expected]:
                wrong.append((page["name"], words, matching))
    assert len(wrong) <= FLOORS[batch]["subject"], wrong
