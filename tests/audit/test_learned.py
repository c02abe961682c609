"""What was learned from labelled copy: the arithmetic by hand, and the weights that ship."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest

from kb.audit import Auditor, Match
from kb.audit.context import Reader
from kb.audit.extract import extract
from kb.audit.learned import Judging, Learned, credible, features, learned_for
from kb.library import Library
from kb.model import DisclosureKey
from kb.text import ConceptHit, Recogniser, Recognition
from tests.factories import knowledge_base

WEIGHTS = {
    "labels": {
        "theme:nausea": {"bias": -1.0, "enough": 0.5, "doubted": 0.3},
        "overstated": {"bias": 0.0, "enough": 0.9, "doubted": 0.0},
    },
    "features": {"sick": [4.0, [[0, 6.0], [1, 1.0]]], "feel sick": [9.0, [[0, 4.0]]], "you": [3.0, [[0, -1.0]]]},
    "digest": "0",
}


@cache
def repository():
    return Library.open(Path(__file__).parents[2] / "claims").kb


def reading(text):
    return Reader(Recogniser(repository(), topics=True)).read(extract(text.encode(), "copy.txt"))[0]


def test_a_likelihood_is_the_logistic_of_the_bias_and_the_weights_over_the_length():
    judged = Learned(WEIGHTS).judge(reading("You may feel sick.")).likely
    odds = -1.0 + (6.0 + 4.0 - 1.0) / math.sqrt(4.0 + 9.0 + 3.0)
    assert set(judged) == {"theme:nausea"}
    assert judged["theme:nausea"].likelihood == round(1 / (1 + math.exp(-odds)), 2)


def test_the_words_that_spoke_for_a_label_are_named_and_those_against_it_are_not():
    assert Learned(WEIGHTS).judge(reading("You may feel sick.")).likely["theme:nausea"].places == ((2, 3), (3, 3))


def test_nothing_is_likely_of_words_that_were_never_seen_or_without_weights():
    assert Learned(WEIGHTS).judge(reading("Opening hours.")).likely == {}
    assert Judging([reading("You may feel sick.")], None).of(0) == {}


@pytest.mark.parametrize(("copy", "doubted"), [("You may feel sick.", False), ("You may.", True)])
def test_a_label_that_is_too_unlikely_is_doubted_and_one_that_was_never_learned_is_not(copy, doubted):
    judging = Judging([reading(copy)], Learned(WEIGHTS))
    assert judging.doubts(0, "theme:nausea") is doubted
    assert not judging.doubts(0, "overstated")
    assert not judging.doubts(0, "theme:hope")
    assert not Judging([reading(copy)], None).doubts(0, "theme:nausea")


def test_the_odds_of_a_page_are_the_mean_of_those_of_its_units():
    units = [reading("You may feel sick."), reading("Opening hours.")]
    sick = -1.0 + (6.0 + 4.0 - 1.0) / math.sqrt(4.0 + 9.0 + 3.0)
    assert Judging(units, Learned(WEIGHTS)).odds("theme:nausea") == pytest.approx((sick - 1.0) / 2)
    assert Judging(units, Learned(WEIGHTS)).odds("theme:hope") is None
    assert Judging([], Learned(WEIGHTS)).odds("theme:nausea") is None
    assert Judging(units, None).odds("theme:nausea") is None


def test_numbers_count_as_one_word_and_shares_as_another():
    found = features(reading("Within 24 hours 70% of 30 people felt well?"))
    assert {"#", "#%", "within #", "?"} <= set(found)
    assert not [name for name in found if any(letter.isdigit() for letter in name) and name[0] not in "[<"]


def test_what_ships_is_about_themes_and_keys_that_there_are():
    shipped = json.loads((resources.files("kb.audit.learned") / "weights.json").read_text(encoding="utf-8"))
    names = {kind: set() for kind in ("theme", "warns", "overstated", "contradicted", "unlisted", "ours", "page")}
    for label in shipped["labels"]:
        kind, _, name = label.partition(":")
        names[kind].add(name)
    assert names["theme"] <= set(repository().topics)
    assert names["warns"] <= {key.value for key in DisclosureKey}
    assert {number for _, weights in shipped["features"].values() for number, _ in weights} <= set(
        range(len(shipped["labels"]))
    )


def test_it_serves_no_knowledge_base_but_the_one_that_it_was_learned_for():
    assert learned_for(repository()) is not None
    assert learned_for(knowledge_base()) is None


DOUBTING = SimpleNamespace(doubts=lambda _unit, _label: True)


def found(kind, of, *, first=0):
    return Recognition(kind, of, 0, 9, 0, (ConceptHit("word", 0, 9, first, first),))


def test_a_doubted_theme_is_left_out_unless_a_claim_or_an_introduction_tells_it_or_it_is_a_harm():
    claim = repository().claims["reduces-suicidal-thoughts"]
    kept = (
        found("topic", "bladder"),
        found("topic", "routes-of-administration", first=-1),
        found("topic", claim.themes[0]),
        found("topic-disclosure", "hope"),
        found("claim", claim.id),
    )
    assert credible(repository(), DOUBTING, 0, (found("topic", "hope"), *kept)) == kept
    assert credible(repository(), Judging([], None), 0, (found("topic", "hope"), *kept))[0].id == "hope"


@pytest.mark.parametrize("learned", [True, False])
def test_a_mention_that_was_learned_says_so(learned):
    copy = "# Ketamine\n\nIt calms the circuits that keep fear alive.\n"
    auditor = Auditor(repository(), profile="us-ftc", rules=(), learned=learned)
    report = auditor.audit(extract(copy.encode(), "copy.md"))
    told = [
        one.why.notes[-1]
        for one in report.mentions
        if one.match is Match.CERTAIN and one.why.rule is None and one.claim is None
    ]
    assert bool(told) is learned
    assert all("such words stand in copy on this theme (likelihood 0." in note for note in told)


def test_braces_in_copy_are_words_like_others():
    copy = "Ketamine infusions.\n\n7 out of{} {10 people with {resistant} depression respond.\n"
    report = Auditor(repository(), profile="us-ftc").audit(extract(copy.encode(), "copy.md"))
    told = [one.message for one in report.findings if "such words stand in copy" in one.message]
    assert [message.partition("”")[0] for message in told] == ["“7 out of{} {10"]


def weighing(**odds):
    """Return weights of one label, "unlisted", whose only features are these words."""
    label = {"unlisted": {"bias": 0.0, "enough": 0.8, "doubted": 0.4}}
    return Learned(
        {"labels": label, "features": {word: [1.0, [[0, one]]] for word, one in odds.items()}, "digest": "0"}
    )


@pytest.mark.parametrize(
    ("copy", "odds", "reported"),
    [
        ("Ketamine shrinks freckles.", {}, ["no claim of the knowledge base says this"]),
        ("Ketamine shrinks freckles.", {"freckl": 1.0}, ["no claim of the knowledge base says this"]),
        ("Ketamine shrinks freckles.", {"freckl": -1.0}, []),
        ("Ketamine can raise blood pressure.", {"pressur": 1.0}, []),
        (
            "Ketamine can raise blood pressure.",
            {"pressur": 3.0},
            ["“pressure”: such words stand in copy that says more than any claim of the knowledge base"],
        ),
        ("Can ketamine raise blood pressure?", {"pressur": 3.0}, []),
        ("The cat was given ketamine for an operation by its vet.", {"cat": 3.0}, ["a statement about the drug"]),
    ],
)
def test_what_reads_like_a_claim_of_ours_is_not_called_unlisted_and_what_reads_like_none_is(
    monkeypatch, copy, odds, reported
):
    monkeypatch.setattr("kb.audit.pipeline.learned_for", lambda _kb: weighing(**odds))
    report = Auditor(repository(), profile="us-ftc").audit(extract(f"{copy}\n".encode(), "copy.txt"))
    told = [one.message for one in report.findings if one.rule == "unlisted-claim"]
    assert len(told) == len(reported)
    assert all(message.startswith(begins) for message, begins in zip(told, reported, strict=True))
