"""The judged queries are well formed, and whatever is wrong in them is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import judged
import pytest
import second
import yaml

KINDS = {
    "word", "lay", "synonym", "misspelling", "promise", "question", "sentence", "several", "caveat", "field",
}  # fmt: skip


@pytest.fixture(scope="session")
def queries(library):
    return judged.load(library.kb)


def test_there_are_enough_of_every_kind_on_both_sides_of_the_split(queries):
    assert len(queries) >= 140
    assert {query.kind for query in queries} == KINDS
    counts = Counter((query.kind, query.held_out) for query in queries)
    assert [kind for kind in KINDS if min(counts[kind, True], counts[kind, False]) < 4] == []


def test_no_query_is_asked_twice(queries):
    texts = Counter(" ".join(query.text.casefold().split()) for query in queries)
    assert [text for text, times in texts.items() if times > 1] == []


def test_every_query_names_the_very_claim_and_only_claims_that_exist(queries, library):
    assert [query.text for query in queries if 3 not in query.grades.values()] == []
    assert {claim for query in queries for claim in query.grades} <= library.kb.claims.keys()
    assert {grade for query in queries for grade in query.grades.values()} == {1, 2, 3}


@pytest.mark.parametrize("name", ["fresh", "blind"])
def test_queries_kept_apart_are_thirty_and_none_is_a_judged_one(name, queries, library):
    apart = judged.load(library.kb, judged.FILE.with_name(f"{name}.yaml"))
    assert len({query.text for query in apart}) == 30
    assert {query.text for query in apart}.isdisjoint(query.text for query in queries)
    assert [query.text for query in apart if 3 not in query.grades.values()] == []


def test_a_field_stands_for_all_claims_that_have_it_and_the_highest_grade_stays(library, tmp_path):
    file = tmp_path / "judged.yaml"
    file.write_text("word:\n  - {query: fear, 3: [reduces-fear-responses], 1: ['theme:fear-amygdala']}\n")
    with_theme = {claim.id for claim in library.kb.claims.values() if "fear-amygdala" in claim.themes}
    grades = {**dict.fromkeys(with_theme, 1), "reduces-fear-responses": 3}
    assert judged.load(library.kb, file) == (judged.Judged("fear", "word", grades),)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("{query: a, 3: [no-such-claim]}", "'a' names 'no-such-claim', which no claim is or has"),
        ("{query: a, 3: ['caveat:no-such-caveat']}", "'a' names 'caveat:no-such-caveat', which no claim is or has"),
        ("{query: a, 4: [eases-anxiety]}", r"'a' has \['4'\]; grades are \(3, 2, 1\)"),
    ],
)
def test_what_does_not_exist_is_refused(library, tmp_path, query, complaint):
    file = tmp_path / "judged.yaml"
    file.write_text(f"word:\n  - {query}\n")
    with pytest.raises(ValueError, match=complaint):
        judged.load(library.kb, file)


def test_what_is_merely_related_need_not_be_found():
    query = judged.Judged("a", "word", {"x": 3, "y": 2, "z": 1})
    assert query.relevant == {"x", "y"}
    assert {replace(query, text=text).held_out for text in "abcdefgh"} == {True, False}


def test_a_second_judge_chose_for_every_query_that_asks_for_a_meaning(library, queries):
    assert set(second.figures()) == KINDS - {"field", "caveat", "misspelling"} | {"all"}
    rows = yaml.safe_load((second.HERE / "second.yaml").read_text(encoding="utf-8"))
    meant = {query.text for query in queries if query.kind not in {"field", "caveat", "misspelling"}}
    assert {row["query"] for row in rows} == meant
    assert {claim for row in rows for claim in row["best"]} <= library.kb.claims.keys()
    assert {len(set(row["best"])) for row in rows} == {5}
