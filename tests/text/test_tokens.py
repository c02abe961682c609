"""Tokens: cases as data, and what must hold for any text at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer

from kb.text import stem, tokens

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "tokens.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_tokens(case):
    found = tokens(case["text"])
    assert [token.word for token in found] == case["words"]
    assert [token.stem for token in found] == case.get("stems", case["words"])


@given(st.text(), st.integers(0, 20), st.integers(0, 40))
def test_surfaces_are_the_text_and_stay_in_order(text, start, length):
    covered = start
    for token in tokens(text, start, start + length):
        assert covered <= token.start < token.end <= start + length
        assert text[token.start : token.end] == token.surface
        assert token.word
        assert token.stem
        covered = token.end


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Mn"])))
def test_every_letter_is_in_a_token(text):
    inside = {index for token in tokens(text) for index in range(token.start, token.end)}
    assert [char for index, char in enumerate(text) if char.isalpha() and index not in inside] == []


def test_a_very_long_word_is_no_word_to_stem():
    (token,) = tokens("Ab" * 500 + "ing")
    assert token.stem == token.word == "ab" * 500 + "ing"


def test_stems_are_the_same_from_many_threads():
    words = [
        f"{prefix}{ending}" for prefix in ("treat", "inject", "relax", "infus") for ending in ("ing", "ed", "s", "ion")
    ]
    expected = {word: stem.__wrapped__(word) for word in words}
    seen: list[tuple[str, str]] = []
    threads = [
        threading.Thread(target=lambda: seen.extend((word, stem.__wrapped__(word)) for word in words * 20))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4 * 20 * len(words)
    assert set(seen) == set(expected.items())


ENDINGS = sorted(
    {one.s for table in range(1, 11) for one in getattr(EnglishStemmer, f"a_{table}")} | {"", "ll", "or", "ti"}
)
"""All that the stemmer looks for at the end of a word."""


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "beginning",
    ["b", "hab", "yttr", "relat", "organiz", "geol", "controlabl", "caf\N{LATIN SMALL LETTER E WITH ACUTE}st"],
)
def test_words_that_the_stemmer_leaves_alone_are_known_by_their_ending(beginning, ending):
    word = beginning + ending
    assert stem(word) == EnglishStemmer().stemWord(word)
