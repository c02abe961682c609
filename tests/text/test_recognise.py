"""Recognition: rules as data, explanations, and what must hold for any text at all."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model import Rule
from kb.text import ConceptFinder, Explanation, Recogniser, Span, tokens
from kb.text.recognise import satisfy
from tests.factories import caveat, claim, knowledge_base

CONCEPTS = {
    "drug": {"terms": ["testamine", "it"]},
    "lifts": {"terms": ["lifts", "raises"]},
    "mood": {"terms": ["mood", "spirits"]},
    "sleep": {"terms": ["sleep"]},
    "fast": {"terms": ["within hours", "at once"]},
    "not": {"terms": ["not", "doesn't"]},
    "fades": {"terms": ["fades", "wears off"]},
}
BASE = knowledge_base(
    concepts=CONCEPTS,
    claims=[
        claim("lifts-mood", recognise=[{"all": ["drug", "mood"], "any": ["lifts"], "unless": ["not"]}]),
        claim("fast-mood", recognise=[{"all": ["sleep", "fast"]}, {"all": ["mood", "fast"], "within": 5}]),
        claim("either", recognise=[{"any": ["sleep", "fast"]}]),
        claim("without-rules"),
        claim("unknown", recognise=[{"all": ["gone", "mood"]}]),
    ],
    caveats=[caveat("fades-soon", recognise=[{"all": ["fades"], "unless": ["gone"]}])],
)
RECOGNISER = Recogniser(BASE)


def recognised(text):
    return [(found.id, found.rule, text[found.start : found.end]) for found in RECOGNISER.recognise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Testamine lifts moods.", [("lifts-mood", 0, "Testamine lifts moods.")]),
        ("Testamine doesn't lift mood.", []),
        ("Testamine lifts. Mood.", []),
        ("Better sleep at once!", [("either", 0, "Better sleep at once!"), ("fast-mood", 0, "Better sleep at once!")]),
        ("Mood, within hours", [("either", 0, "Mood, within hours"), ("fast-mood", 1, "Mood, within hours")]),
        ("Mood is like that at once", [("either", 0, "Mood is like that at once")]),
        ("It wears off. It raised spirits.", [
            ("fades-soon", 0, "It wears off."),
            ("lifts-mood", 0, "It raised spirits."),
        ]),
    ],
)  # fmt: skip
def test_recognise(text, expected):
    assert recognised(text) == expected


def test_a_unit_may_be_more_than_a_sentence():
    text = "Testamine. Lifts. Mood."
    assert [found.id for found in RECOGNISER.recognise_unit(text, Span(0, len(text)))] == ["lifts-mood"]


def test_an_explanation_names_the_rule_and_the_very_words():
    text = "Hm. In short, TESTAMINE soon raises the spirits and the mood."
    (found,) = RECOGNISER.recognise(text)
    assert RECOGNISER.explain(text, found) == Explanation(
        kind="claim",
        id="lifts-mood",
        rule=Rule(all=("drug", "mood"), any=("lifts",), unless=("not",)),
        words=(("drug", "TESTAMINE"), ("lifts", "raises"), ("mood", "spirits")),
    )


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("mood and sleep", {"all": ["mood", "sleep"], "within": 3}, ["mood", "sleep"]),
        ("mood and sleep", {"all": ["mood", "sleep"], "within": 2}, []),
        ("mood a b sleep c spirits", {"all": ["mood", "sleep"], "within": 9}, ["sleep", "spirits"]),
        ("mood sleep mood", {"all": ["mood", "sleep"], "within": 9}, ["mood", "sleep"]),
        ("mood a b sleep", {"all": ["mood"], "any": ["sleep", "fast"], "within": 3}, []),
        ("mood a b sleep", {"all": ["mood"], "any": ["sleep", "fast"], "within": 4}, ["mood", "sleep"]),
        ("sleep a b mood at once", {"all": ["mood"], "any": ["sleep", "fast"], "within": 3}, ["mood", "at once"]),
        ("at once", {"any": ["fast"], "within": 1}, []),
        ("at once", {"any": ["fast"], "within": 2}, ["at once"]),
        ("mood at once, not", {"all": ["mood"], "unless": ["not"], "within": 2}, []),
        ("mood mood", {"all": ["mood", "mood"]}, ["mood"]),
    ],
)
def test_within(text, rule, expected):
    hits = ConceptFinder(BASE.concepts).hits(tokens(text))
    assert [text[hit.start : hit.end] for hit in satisfy(Rule.model_validate(rule), hits)] == expected


WORDS = st.sampled_from(
    ["testamine", "lifts", "mood", "sleep", "within", "hours", "at", "once", "not", "x", "fades", "."]
)
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)
RULES = st.builds(
    Rule,
    all=st.lists(st.sampled_from(sorted(CONCEPTS)), min_size=1, max_size=3),
    any=st.lists(st.sampled_from(sorted(CONCEPTS)), max_size=2),
    within=st.none() | st.integers(1, 10),
)


@given(TEXTS, RULES)
def test_the_narrowest_window_is_what_trying_everything_finds(text, rule):
    hits = ConceptFinder(BASE.concepts).hits(tokens(text))
    groups = [hits.get(concept, []) for concept in rule.all]
    if rule.any:
        groups.append([hit for concept in rule.any for hit in hits.get(concept, [])])
    widths = [max(hit.last for hit in way) - min(hit.first for hit in way) + 1 for way in product(*groups)]
    chosen = satisfy(rule, hits)
    assert bool(chosen) == any(width <= (rule.within or width) for width in widths)
    if chosen and rule.within:
        assert max(hit.last for hit in chosen) - min(hit.first for hit in chosen) + 1 == min(widths)


@given(st.text() | TEXTS)
def test_any_text_gives_the_same_twice_and_offsets_that_fit(text):
    found = RECOGNISER.recognise(text)
    assert found == RECOGNISER.recognise(text) == Recogniser(BASE).recognise(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert all(one.start <= hit.start < hit.end <= one.end for hit in one.hits)
        assert [concept for concept, _ in RECOGNISER.explain(text, one).words] == [hit.concept for hit in one.hits]
