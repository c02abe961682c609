"""The harness, and the floor under the quality of search."""

from __future__ import annotations

import judged
import pytest
import run
import yaml

QUERIES = (
    judged.Judged("pain", "word", {"x": 3, "y": 1}),
    judged.Judged("does it hurt", "question", {"y": 3}),
)
ANSWERS = {"pain": ["y", "x"], "does it hurt": ["x"]}


@pytest.fixture
def found():
    return run.results(QUERIES, ANSWERS.__getitem__)


def test_figures_are_given_by_kind_by_split_and_in_all(found):
    assert [query.held_out for query in QUERIES] == [False, True]
    assert run.table({"first": found, "second": run.results(QUERIES, lambda _: ["x", "y"])}) == (
        "                                   first            second\n"
        "queries         number  nDCG@10 recall@5  nDCG@10 recall@5\n"
        "word                 1    0.797    1.000    1.000    1.000\n"
        "question             1    0.000    0.000    0.631    1.000\n"
        "for tuning           1    0.797    1.000    1.000    1.000\n"
        "held out             1    0.000    0.000    0.631    1.000\n"
        "all                  2    0.398    0.500    0.815    1.000"
    )


def test_failures_show_what_was_expected_worst_first(found):
    assert run.failures(found, 2) == (
        "0.000 0.000  [question] does it hurt\n    came:    x=0\n    missing: y=3\n"
        "0.797 1.000  [word] pain\n    came:    y=1 x=3\n    missing: "
    )


def test_the_pool_is_what_was_found_and_not_judged(found):
    assert run.pool({"first": found}) == "[word] pain\n    \n[question] does it hurt\n    x"


def test_a_floor_is_raised_and_never_lowered(found):
    assert run.raised("# why\nndcg: 0.2\nrecall: 0.9\n", found) == "# why\nndcg: 0.398\nrecall: 0.9\n"


def test_peers_have_the_whole_text_that_the_product_searches(library):
    texts = run.texts(library.kb)
    assert texts.keys() == library.kb.claims.keys()
    claim = library.kb.claims["can-harm-bladder"]
    assert claim.claim in texts["can-harm-bladder"]
    assert claim.evidence[0].finding in texts["can-harm-bladder"]


def test_search_does_not_fall_below_the_floor(library):
    found = run.results(judged.load(library.kb), run.product(library))
    floor = yaml.safe_load(run.FLOOR.read_text(encoding="utf-8"))
    assert {name: run.mean(found, name) for name in floor if run.mean(found, name) < floor[name]} == {}


def test_search_is_clearly_better_than_plain_engines(library):
    queries = judged.load(library.kb)
    figures = {name: run.mean(run.results(queries, rank), "ndcg") for name, rank in run.rankers(library).items()}
    assert max(figures.values()) == figures.pop("caveat") > max(figures.values()) + 0.05
