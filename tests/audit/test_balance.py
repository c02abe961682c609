"""The rating of a document, its counts, and where on the page they stand."""

from __future__ import annotations

import pytest

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.audit.rules.base import AuditRule, Found, Kind
from kb.finding import Level
from kb.model import DisclosureKey
from tests.factories import THEMES, caveat, claim, knowledge_base

WORDS = {key: f"warn{index}" for index, key in enumerate(DisclosureKey)}
THEME_OF = {key: "care" if key is DisclosureKey.MEDICAL_SUPERVISION else "nausea" for key in DisclosureKey}


def base():
    caveats = [
        caveat(f"c{index}", key=key.value, themes=[THEME_OF[key]], recognise=[{"all": [f"w{index}"]}])
        for index, key in enumerate(DisclosureKey)
    ]
    concepts = {f"w{index}": {"terms": [word]} for index, word in enumerate(WORDS.values())}
    concepts |= {"good": {"terms": ["lifts mood"]}}
    lifts = claim(recognise=[{"all": ["good"]}], caveats=[{"caveat": "c0", "near": "document"}])
    themes = THEMES | {"process": {"care": "how care is given"}}
    kb = knowledge_base(claims=[lifts], caveats=caveats, concepts=concepts, themes=themes)
    return kb.__class__(**{**kb.__dict__, "about": kb.about.model_copy(update={"care_themes": ("care",)})})


def finds(rule_id, word):
    """Return a rule that finds every unit with a word."""

    def check(audited):
        for unit in audited.document.units:
            if word in audited.document.plain[unit.start : unit.end]:
                yield Found(unit.start, unit.end, "found")

    return AuditRule(rule_id, "For the test.", Kind.FAIL, Level.NOTE, check)


RULES = (finds("overstated", "hype"), finds("contradicted", "wrong"), finds("approval-confusion", "lent"))


def balance(copy, path="copy.txt"):
    return Auditor(base(), profile="us-ftc", rules=RULES).audit(extract(copy.encode(), path)).balance


@pytest.mark.parametrize(
    ("disclosed", "also", "rating"),
    [
        (0, "", "poor"),
        (1, "", "poor"),
        (2, "", "partial"),
        (3, "", "partial"),
        (4, "", "good"),
        (9, "", "good"),
        (4, "A hype.", "good"),
        (4, "A hype. More hype.", "partial"),
        (4, "A wrong.", "partial"),
        (4, "A lent.", "partial"),
        (2, "A wrong.", "partial"),
        (2, "A wrong. Another wrong.", "poor"),
        (2, "A wrong. A lent.", "poor"),
        (3, "A wrong. Another wrong.", "partial"),
    ],
)
def test_rating(disclosed, also, rating):
    words = list(WORDS.values())[:disclosed]
    found = balance(" ".join(["It is here.", *(f"It {word} people." for word in words), also]))
    assert (found.rating, len(found.disclosed), len(found.missing)) == (rating, disclosed, 10 - disclosed)


def test_to_tell_how_care_is_given_is_no_warning():
    found = balance(f"It lifts mood. It {WORDS[DisclosureKey.MEDICAL_SUPERVISION]} people.")
    assert (found.rating, found.benefit, found.risk) == ("poor", 1, 0)


def test_units_are_counted_by_where_they_stand():
    copy = "# It lifts mood\n\nIt lifts mood. It lifts mood[^1] and more.\n\n[^1]: It warn0 people.\n"
    found = balance(copy, "copy.md")
    assert found.places == {"benefit": {"heading": 1, "body": 2}, "risk": {"footnote": 1}}
    assert (found.benefit, found.risk, found.disclosed) == (3, 1, ("transient-effect",))
