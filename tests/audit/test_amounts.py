"""Numbers as concepts."""

from __future__ import annotations

import pytest

from kb.audit.amounts import with_amounts
from kb.audit.lexicon import lexicon
from kb.audit.numbers import read
from kb.text import Place, tokens


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("It is $375 today", [("amount-of-money", "375")]),
        ("It comes to 3,025 dollars, 5% off", [("amount-of-money", "3,025 dollars"), ("a-percentage", "5%")]),
        ("Six sessions of 40 minutes", []),
        ("", []),
    ],
)
def test_amounts_of_money_and_shares_are_concepts(text, concepts):
    found = tokens(text)
    hits = with_amounts({}, found, read(text, found, lexicon().find(found)))
    assert [(concept, text[hit.start : hit.end]) for concept in hits for hit in hits[concept]] == concepts


def test_what_words_express_stays_and_is_not_doubled():
    text = "70% respond"
    found = tokens(text)
    known = {
        "a-percentage": (Place(0, 0, 0, 3),),
        "responds": (Place(1, 1, 4, 11),),
    }
    assert with_amounts(known, found, read(text, found, lexicon().find(found))) == {
        concept: list(hits) for concept, hits in known.items()
    }


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("Three patients in four get better", [75]),
        ("Nine of ten clients say so", [90]),
        ("Four people out of five", [80]),
        ("One patient in 2019", []),
        ("Two of six sessions", []),
    ],
)
def test_shares_with_people_between_or_behind_are_read(text, shares):
    found = tokens(text)
    assert [one.value for one in read(text, found, lexicon().find(found)) if one.unit == "%"] == shares
