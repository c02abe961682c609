from __future__ import annotations

import builtins
import subprocess
import sys

import numpy as np
import pytest

from kb.errors import IndexUnavailable, KbError
from kb.search.base import Match, Reading, ReadTerm
from kb.search.memory import MemoryEngine
from kb.semantic import around
from kb.semantic.backend import ADDED_NOTE, Ranking, SemanticEngine
from tests.factories import claim, knowledge_base
from tests.search.bases import named
from tests.semantic import tiny

WIDTH = 16
TEXTS = {
    "a-aches": "Testamine causes headache.",
    "b-aches-not": "Testamine does not cause headache.",
    "c-lifts": "Testamine lifts mood.",
    **{f"d-other-{number}": f"Thing number {number} of the others." for number in range(12)},
}
BASE = named(knowledge_base(claims=[claim(name, claim=text) for name, text in TEXTS.items()]))
IDS = sorted(TEXTS)
ROW = {name: row for row, name in enumerate(IDS)}


class Ours:
    """Texts about the head are alike, texts about mood are alike, and each other text is like itself alone."""

    name = "ours"
    digest = "0" * 64

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text):
        vector = np.zeros(WIDTH, dtype=np.float32)
        if "head" in text or "migraine" in text:
            vector[0] = 1
        elif "mood" in text or "cheer" in text:
            vector[1] = 1
        else:
            vector[2 + len(self.asked) % 13] = 1
        return vector


def ranking(embedder=None):
    embedder = embedder or Ours()
    return Ranking(BASE, embedder, embedder.embed([TEXTS[name] for name in IDS]))


def ask(text, words, terms=None, matches=(), **reading):
    """Return the claims in their order, and the notes."""
    terms = terms or [ReadTerm(word) for word in text.split()]
    numbered = {ROW[name]: score for name, score in words.items()}
    scores, read = ranking()(text, numbered, Reading(tuple(terms), **reading), matches)
    return [IDS[row] for row in sorted(scores, key=lambda row: (-scores[row], row))], read.notes


def test_few_words_find_what_means_the_same_and_the_reading_says_so():
    assert ask("cheer up", {}) == (["c-lifts"], (ADDED_NOTE,))
    assert ask("cheer up", {"d-other-1": 3.0}) == (["d-other-1", "c-lifts"], (ADDED_NOTE,))


def test_where_enough_is_found_nothing_is_added():
    words = {f"d-other-{number}": 9.0 - number for number in range(5)}
    assert ask("cheer up", words) == (list(words), ())


def test_a_claim_that_turns_another_way_is_not_added_and_not_lifted():
    assert ask("migraine", {}) == (["a-aches"], (ADDED_NOTE,))
    assert ask("not migraine", {}) == (["b-aches-not"], (ADDED_NOTE,))
    said = "in my case it has never once given me a migraine"
    words = {"a-aches": 1.0, "b-aches-not": 1.5, "d-other-1": 2.0, "d-other-2": 0.5}
    assert ask(said, words)[0] == ["b-aches-not", "a-aches", "d-other-1", "d-other-2"]
    assert ask(said.replace("never", "once"), words)[0] == ["a-aches", "b-aches-not", "d-other-1", "d-other-2"]


DEMANDS = {
    '"cheer up"': [ReadTerm("cheer up", phrase=True)],
    "cheer -head": [ReadTerm("cheer"), ReadTerm("head", excluded=True)],
    "cheer theme:mood": [ReadTerm("cheer"), ReadTerm("mood", field="theme")],
    "cheer*": [ReadTerm("cheer", prefix=True)],
}


@pytest.mark.parametrize("text", DEMANDS)
def test_what_somebody_demands_is_only_put_in_order(text):
    assert ask(text, {"d-other-1": 1.0}, DEMANDS[text]) == (["d-other-1"], ())


def test_without_words_nothing_is_ranked():
    for terms in ([ReadTerm("head", excluded=True)], [ReadTerm("mood", field="theme")]):
        embedder = Ours()
        rank = ranking(embedder)
        asked = len(embedder.asked)
        words, reading = {1: 0.0, 2: 0.0}, Reading(tuple(terms))
        assert rank("whatever", words, reading) == (words, reading)
        assert len(embedder.asked) == asked


def test_excluded_words_and_values_do_not_count_as_meant():
    embedder = Ours()
    terms = (ReadTerm("cheer"), ReadTerm("head", excluded=True), ReadTerm("nausea", field="theme"))
    ranking(embedder)("cheer -head theme:nausea", {1: 1.0}, Reading(terms))
    assert embedder.asked[-1] == "cheer"


def test_quotation_marks_in_a_pasted_text_demand_nothing():
    said = 'they all told me it would "cheer me up" at once.'
    terms = [ReadTerm("told"), ReadTerm("cheer me up", phrase=True)]
    assert ask(said, {"d-other-1": 1.0}, terms) == (["c-lifts", "d-other-1"], (ADDED_NOTE,))


def test_what_a_pasted_text_certainly_claims_stays_first():
    said = "this will cheer you up within hours, we promise"
    matches = [
        Match("d-other-2", 0.9, ("why",), certain=True),
        Match("d-other-1", 1.0, ("why",), certain=True),
        Match("d-other-3", 0.4, ("why",), certain=False),
        Match("gone", 1.0, ("why",), certain=True),
    ]
    words = {"d-other-1": 1.0, "d-other-2": 1.0, "d-other-3": 1.0}
    assert ask(said, words, matches=matches)[0] == ["d-other-1", "d-other-2", "c-lifts", "d-other-3"]


def test_the_same_text_goes_through_the_model_once():
    embedder = Ours()
    rank = ranking(embedder)
    for _ in range(3):
        rank("cheer", {1: 1.0}, Reading((ReadTerm("cheer"),)))
    assert embedder.asked.count("cheer") == 1


class Rankable:
    """An engine whose back end takes another opinion."""

    def __init__(self):
        self.opened = MemoryEngine()
        self.ranking = None

    def build(self, kb):
        return self.opened.build(kb)

    def open(self, kb):
        self.info = self.opened.open(kb).info
        return self

    def rank_by(self, ranking):
        self.ranking = ranking


def test_the_engine_builds_both_and_opens_what_is_built(tmp_path):
    inner = Rankable()
    engine = SemanticEngine(inner, Ours(), tmp_path)
    with pytest.raises(IndexUnavailable, match="no vectors of ours have been made"):
        engine.open(BASE)
    assert engine.build(BASE).documents == len(TEXTS)
    assert engine.open(BASE) is inner
    scores, _ = inner.ranking("cheer", {}, Reading((ReadTerm("cheer"),)))
    assert [IDS[row] for row in scores] == ["c-lifts"]


def test_an_engine_that_takes_no_opinion_is_refused(tmp_path):
    class Stubborn(Rankable):
        rank_by = None

        def open(self, kb):
            super().open(kb)
            return type("Backend", (), {"info": self.info})()

    with pytest.raises(KbError, match=r"^the engine memory cannot be combined with ranking by meaning$"):
        SemanticEngine(Stubborn(), Ours(), tmp_path).open(BASE)


def test_a_folder_with_a_model_is_all_it_takes(tmp_path):
    inner = Rankable()
    engine = around(inner, tiny.write(tmp_path / "model"), tmp_path / "index")
    engine.build(BASE)
    engine.open(BASE)
    scores, _ = inner.ranking("relief", {0: 1.0, 1: 2.0}, Reading((ReadTerm("relief"),)))
    assert {0, 1} <= scores.keys()


def test_a_missing_package_is_said_with_what_to_install(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "numpy":
            raise ModuleNotFoundError("No module named 'numpy'")
        return real(name, *rest)

    for name in ("kb.semantic.backend", "kb.semantic.minilm", "kb.semantic.fusion", "kb.semantic.vectors"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(KbError) as caught:
        around(MemoryEngine(), tmp_path, tmp_path)
    assert str(caught.value) == (
        "ranking by meaning needs numpy, safetensors and tokenizers; install them with: "
        "pip install 'caveat-kb[semantic]' (No module named 'numpy')"
    )


def test_nobody_who_did_not_ask_loads_the_packages():
    code = (
        "import sys, kb.library, kb.cli, kb.search.memory, kb.search.whoosh, kb.semantic; "
        "print(sorted({'numpy', 'safetensors', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_reason_says_how_near_the_meaning_is_and_nothing_of_what_turns_it():
    near = ranking()
    assert near.reason("My head hurts after testamine", ROW["a-aches"]) == "close in meaning (1.00)"
    assert near.reason("My head hurts after testamine", ROW["c-lifts"]) == ""  # not near at all
    assert near.reason("My head hurts after testamine", ROW["b-aches-not"]) == ""


def test_a_match_says_what_made_it():
    backend = MemoryEngine().open(BASE)
    backend.rank_by(ranking())
    reasons = {match.id: match.reasons for match in backend.match("It leaves my head throbbing badly.")}
    assert reasons["a-aches"] == ("close in meaning (1.00)",)
    (both,) = [match for match in backend.match("It lifts mood.") if match.id == "c-lifts"]
    assert both.reasons == ("similar words", "close in meaning (1.00)")
