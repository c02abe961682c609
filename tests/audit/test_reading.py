"""Subject, polarity, strength, numbers and checkability of copy, against cases that are data (`reading/*.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.audit import Auditor, Match
from kb.audit.claimlike import claim_like
from kb.audit.context import Reader
from kb.audit.extract import extract
from kb.audit.numbers import numbers
from kb.audit.subject import SubjectFinder
from kb.library import Library
from kb.text import Recogniser
from tests.factories import claim, knowledge_base

FOLDER = Path(__file__).parent / "reading"
CLAIMS = Path(__file__).parents[2] / "claims"


def cases(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def repository():
    return Library.open(CLAIMS).kb


@cache
def real():
    return Auditor(repository(), profile="us-ftc")


@cache
def small():
    """Return an auditor of a knowledge base with two claims, one of them a negative one."""
    concepts = {
        "testamine": {"terms": ["testamine"]},
        "subject-treatment": {"terms": ["testamine"], "widen": False},
        "subject-referring": {"terms": ["infusion", "side effect"], "widen": False},
        "subject-other-treatment": {"terms": ["pill"], "widen": False},
        "mood": {"terms": ["mood"]},
        "lift": {"terms": ["lift"]},
        "addictive": {"terms": ["addictive"]},
        "not-addictive": {"terms": ["not addictive", "isn't addictive"]},
        "negation": {"terms": ["not", "no", "never"], "widen": False},
    }
    lifts = claim("lifts-mood", recognise=[{"all": ["testamine", "mood", "lift"], "unless": ["negation"]}])
    habit = claim("addictive", recognise=[{"all": ["testamine", "addictive"], "unless": ["not-addictive"]}])
    safe = claim("not-addictive", recognise=[{"all": ["testamine", "not-addictive"]}])
    return Auditor(knowledge_base(claims=[lifts, habit, safe], concepts=concepts), profile="us-ftc")


def read(text, auditor):
    return auditor.audit(extract(text.encode(), "copy.md", media="text/markdown"))


def worded(text, claim_id="lifts-mood"):
    """Return (polarity, strength, denied) of the one mention of a claim in a sentence."""
    found = [one for one in read(text, small()).mentions if one.claim == claim_id and one.match is Match.CERTAIN]
    assert len(found) == 1, text
    return found[0].polarity.value, found[0].strength.value, found[0].denied


@pytest.mark.parametrize("case", cases("subject"), ids=lambda case: case["name"])
def test_subject(case):
    report = read(case["copy"], real())
    for words, expected in case["units"]:
        matching = [
            subject.value
            for unit, subject in zip(report.document.units, report.subjects, strict=True)
            if report.document.plain[unit.start : unit.end].startswith(words)
        ]
        assert matching == [expected], words


WORDED = {
    "asserted": ("asserted", "plain", False),
    "negated": ("negated", "plain", True),
    "asked": ("asked", "plain", False),
    "attributed": ("attributed", None, False),
    "myth": ("attributed", "plain", True),
    "hedged": ("asserted", "hedged", False),
    "emphatic": ("asserted", "emphatic", False),
}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(sentence, WORDED[name], id=f"{name}: {sentence}")
        for name, sentences in cases("wording").items()
        if name in WORDED
        for sentence in sentences
    ],
)
def test_wording(sentence, expected):
    polarity, strength, denied = worded(sentence)
    assert (polarity, strength if expected[1] else None, denied) == expected


@pytest.mark.parametrize("sentence", cases("wording")["own-negation"])
def test_a_claim_that_is_a_negative_one_is_made_with_a_negator(sentence):
    assert worded(sentence, "not-addictive") == ("negated", "plain", False)
    assert worded(sentence, "addictive") == ("negated", "plain", True)


@pytest.mark.parametrize("case", cases("led"), ids=lambda case: case["name"])
def test_led(case):
    report = read(case["copy"], small())
    found = [
        (report.document.units[one.unit], one) for one in report.mentions if one.match is Match.CERTAIN and one.claim
    ]
    actual = [
        [
            report.document.plain[unit.start : unit.end],
            one.claim,
            one.polarity.value,
            one.strength.value,
            one.denied,
        ]
        for unit, one in found
    ]
    assert [row[1:] for row in actual] == [row[1:] for row in case["claims"]]
    assert all(row[0].startswith(wanted[0]) for row, wanted in zip(actual, case["claims"], strict=True))


def test_why_says_from_what_the_treatment_is_understood():
    (mention,) = read("## Testamine\n\nMood lifts within hours.\n", small()).mentions
    assert mention.why.notes == ("treatment understood from “Testamine”",)
    assert [word.concept for word in mention.why.words] == ["mood", "lift"]


@pytest.mark.parametrize(("text", "expected"), cases("numbers"), ids=[case[0] for case in cases("numbers")])
def test_numbers(text, expected):
    found = [[one.value, one.unit, one.bound, text[one.start : one.end]] for one in numbers(text)]
    assert found == expected


@cache
def reader():
    recogniser = Recogniser(repository(), topics=True)
    return Reader(recogniser), SubjectFinder(repository())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [(sentence, True) for sentence in cases("claimlike")["checkable"]]
    + [(sentence, False) for sentence in cases("claimlike")["unfit"]],
)
def test_claim_like(sentence, expected):
    reads, finds = reader()
    readings = reads.read(extract(f"Ketamine eases depression.\n\n{sentence}\n".encode(), "copy.md"))
    subjects = finds.subjects(readings)
    assert claim_like(readings[-1], subjects[-1]) is expected


PIECES = [
    *("ketamine", "esketamine", "Spravato", "depression", "it", "not", "no", "may", "cats", "police", "TMS", "does"),
    *("lifts", "mood", "pain", "within", "24", "hours", "70%", "$400", "seven", "out of ten", "who", "yes", "never"),
    *("myth", "some", "-", "*", "#", "##", "?", ":", ".", ",", ";", "(", ")", "|", "👩‍⚕️", "٣", "½"),
]
WORDS = st.lists(st.sampled_from([*PIECES, "\n", "\n\n", "\r\n"]), min_size=1, max_size=60).map(" ".join)
TEXTS = (WORDS | st.text(max_size=200)).filter(str.strip)


@given(TEXTS)
def test_any_copy_is_read_the_same_twice_with_spans_inside_its_units(text):
    report, again = read(text, real()), read(text, real())
    assert (report.subjects, report.mentions, report.disclosures) == (again.subjects, again.mentions, again.disclosures)
    for mention in report.mentions:
        unit = report.document.units[mention.unit]
        assert unit.start <= mention.start < mention.end <= unit.end
        assert all(unit.start <= one.start < one.end <= unit.end for one in mention.numbers)
        assert report.subjects[mention.unit].ours


@given(WORDS | st.text(max_size=200))
def test_numbers_lie_in_order_in_the_text_and_never_are_infinite(text):
    found = numbers(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(0 <= one.start < one.end <= len(text) and 0 <= one.value < 10**24 for one in found)
