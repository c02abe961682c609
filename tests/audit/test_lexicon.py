"""The lists of general English that ship with the audit."""

from __future__ import annotations

import pytest

from kb.audit.lexicon import Lexicon, lexicon, read
from kb.text import tokens

LISTS = read()


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_word_of_a_list_is_found_as_one_of_it(name):
    words = [*LISTS[name].get("words", ()), *LISTS[name].get("stems", ())]
    assert words
    for word in words:
        text = word.replace("*", "and so")
        assert name in lexicon().find(tokens(text)), word


def test_words_are_compared_as_they_are_and_stems_in_any_form():
    found = Lexicon(lambda: {"one": {"words": ["usually", "go * home"]}, "two": {"stems": ["improve"]}}).find
    assert found(tokens("usual improvement")).keys() == {"two"}
    assert found(tokens("USUALLY improved")).keys() == {"one", "two"}
    (hit,) = found(tokens("they go straight home now"))["one"]
    assert (hit.first, hit.last, hit.start, hit.end) == (1, 3, 5, 21)


def test_hits_are_in_order_and_told_once():
    found = Lexicon(lambda: {"one": {"words": ["a b", "b", "a"], "stems": ["a"]}}).find(tokens("a b a"))
    assert [(hit.first, hit.last) for hit in found["one"]] == [(0, 0), (0, 1), (1, 1), (2, 2)]
