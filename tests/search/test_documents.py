from __future__ import annotations

from kb.search.analysis import WEIGHTS, analyse
from kb.search.base import Document
from kb.search.documents import Table
from kb.search.widen import Vocabulary, open_term
from tests.factories import claim, evidence, knowledge_base, reference
from tests.search.bases import base


def _documents(kb):
    return {document.id: document for document in Table(kb, Vocabulary(kb.concepts)).documents()}


def test_a_document_is_a_claim_with_what_stands_beside_it():
    assert _documents(base())["acts-fast"] == Document(
        id="acts-fast",
        texts={
            "claim": ("Testamine lifts mood within 24 hours.",),
            "caveats": ("The relief fades within days.",),
            "evidence": (
                "One small trial points this way.",
                "12 people felt better than with placebo.",
                "A trial of sleep",
            ),
            "concepts": ("any drug", "testamine and its brands"),
            "about": ("acts fast", "mood lifts mood", "Fades within days"),
            "examples": (),
            "asked": (),
        },
        concepts=(),
        names=("acts-fast", "mood", "fades-soon", "doe2020", "page-one", "page-two"),
        keywords={
            "theme": ("mood",),
            "type": ("efficacy",),
            "verdict": ("supported",),
            "certainty": ("low",),
            "source": ("page-one", "page-two"),
            "status": ("in-review",),
            "caveat": ("fades-soon",),
            "reference": ("doe2020",),
        },
        ranks={"certainty": 2, "sources": 2},
    )


def test_what_is_missing_is_passed_over():
    document = _documents(base())["welcome"]
    assert document.texts["caveats"] == ("It may harm the bladder when taken for long.",)
    assert document.texts["evidence"][1:] == ("12 people felt better than with placebo.", "Nobody waited.", "Letters")
    assert (document.keywords["certainty"], document.ranks) == ((), {"certainty": 0, "sources": 0})


def test_a_word_counts_once_however_many_ways_of_asking_have_it():
    def terms(*asked):
        kb = knowledge_base(claims=[claim(asked=asked)])
        vocabulary = Vocabulary(kb.concepts)
        return analyse(_documents(kb)["lifts-mood"], vocabulary).terms

    assert (
        terms("a queue", "queue jumping")[open_term("queue")]
        == WEIGHTS["asked"]
        == terms("a queue")[open_term("queue")]
    )
    assert "queue" not in terms("a queue")


def test_the_same_words_stand_once():
    lines = [evidence("a"), evidence("b"), evidence("a", direction="neutral")]
    kb = knowledge_base(claims=[claim(evidence=lines)], references={"a": reference(), "b": reference()})
    assert _documents(kb)["lifts-mood"].texts["evidence"] == (
        "One small trial points this way.",
        "12 people felt better than with placebo.",
        "Testamine for low mood",
    )
