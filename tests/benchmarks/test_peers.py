"""The plain engines that search is measured beside."""

from __future__ import annotations

import peers
import pytest

TEXTS = {
    "b": "Ketamine can harm the bladder.",
    "a": "Ketamine can raise blood pressure.",
    "c": "The bladder, the bladder and once more the bladder: it harms bladders.",
}


@pytest.fixture(params=[peers.PlainBM25, peers.Fts5])
def plain(request):
    return request.param(TEXTS)


def test_any_word_is_enough_and_stems_are_shared(plain):
    assert plain.search("harmed bladders", 10) == ["c", "b"]
    assert plain.search("blood in the bladder", 1) != []


@pytest.mark.parametrize("text", ["", " -?! ", 'unheard"of', '"', "NEAR(", "a OR", "'; drop table document"])
def test_whatever_is_typed_is_safe(plain, text):
    assert set(plain.search(text, 10)) <= set(TEXTS)


def test_bm25_is_what_the_hand_makes_it():
    engine = peers.PlainBM25({"x": "pain pain", "y": "pain relief now ever", "z": "sleep"})
    assert engine.search("pain", 10) == ["x", "y"]
    assert engine.search("relief", 10) == ["y"]
    assert engine.search("pain", 1) == ["x"]
