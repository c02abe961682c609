"""What the checks promise for any knowledge base: the same list twice, and shortcuts that find what slow ways find."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kb.checks import RULES, duplicates, run
from tests.factories import caveat, claim, knowledge_base

TODAY = dt.date(2026, 1, 1)
RULE = {rule.id: rule for rule in RULES}

WORDS = st.sampled_from(["testamine", "lifts", "mood", "sleep", "adults", "daily", "raises", "not", "never", "blood"])
SENTENCES = st.lists(WORDS, min_size=2, max_size=7).map(" ".join)


@given(st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=2, max_size=6))
def test_any_texts_give_the_same_list_twice(texts):
    kb = knowledge_base(
        concepts={"drug": {"terms": texts[:2]}, "mood": {"terms": texts, "includes": ["drug"]}},
        claims=[claim("one", recognise=[{"all": ["drug"], "within": 3}], examples={"match": texts, "no_match": texts})],
        caveats=[caveat(suggested_disclosure=texts[0], evidence=[])],
    )
    once = run(kb, today=TODAY, texts={"clinic-page": " ".join(texts)})
    assert once == run(kb, today=TODAY, texts={"clinic-page": " ".join(texts)})
    assert [problem.rule for problem in once] == sorted(
        (problem.rule for problem in once), key=[rule.id for rule in RULES].index
    )
    assert {problem.kind for problem in once} <= {"claim", "caveat", "concept", "source", "reference", "kb", "themes"}


@given(st.lists(SENTENCES.map(lambda text: frozenset(text.split())), unique=True, max_size=30))
def test_the_prefix_filter_finds_all_that_comparing_all_with_all_finds(sets):
    found = {(words, other) for words, others in duplicates._alike(sets) for other in others}
    weights = duplicates._weights(sets)
    slow = {
        (later, earlier)
        for index, later in enumerate(sets)
        for earlier in sets[:index]
        if duplicates._share(later, earlier, weights) >= duplicates._ALIKE
    }
    assert found == slow


@given(SENTENCES, SENTENCES, st.integers(0, 3))
def test_copied_text_is_found_wherever_it_stands(before, after, fewer):
    stretch = ["one", "two", "three", "four", "five", "six", "seven"][fewer:]
    article = f"Once upon a time, {' '.join(stretch)}: that was all."
    text = f"{before} {' '.join(stretch)} {after}"
    problems = run(
        knowledge_base(claims=[claim("one", rationale=text)]),
        today=TODAY,
        texts={"clinic-page": article},
        rules=[RULE["copied-text"]],
    )
    assert len(problems) == (0 if fewer else 1)
