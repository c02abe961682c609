"""Texts that need not be read to be marked: no word of a stem begins otherwise than its hint says."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import kb.store
from kb.search import highlight
from kb.search.answer import Corpus
from kb.search.base import Query
from kb.search.memory import MemoryEngine
from kb.text.tokens import hint, stem, tokens
from tests.search.bases import base, texts

ENDINGS = ["", "s", "es", "ies", "ing", "ying", "ed", "ied", "ly", "y", "ation", "ization", "ability", "fulness", "'s"]
WORDS = [
    "dying",
    "skies",
    "skis",
    "tying",
    "lying",
    "idly",
    "ugly",
    "early",
    "only",
    "singly",
    "news",
    "ties",
    "hoping",
]


def _holds(word):
    found = hint(stem(word))
    return found is None or word.startswith(found)


def test_of_words_that_the_stemmer_treats_apart():
    assert all(map(_holds, WORDS))


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), st.sampled_from(ENDINGS))
def test_of_any_letters(letters, ending):
    assert _holds(letters + ending)


def test_of_every_word_of_our_own_entries():
    entries = kb.store.load(Path(__file__).parents[2] / "claims").kb
    corpus = Corpus(entries)
    passages = {
        text
        for row in range(0, len(corpus.table), 7)
        for each in corpus.table.document(row).texts.values()
        for text in each
    }
    words = {token.word for text in passages for token in tokens(text) if token.surface.isascii()}
    assert len(words) > 1_000
    assert [word for word in words if not _holds(word)] == []


@given(text=texts)
def test_marks_are_those_of_reading_everything(text):
    backend = MemoryEngine().open(base())
    asked = Query(text, per_page=100)
    found = backend.search(asked)
    original = highlight._may_match
    highlight._may_match = lambda *_: True
    try:
        assert backend.search(asked) == found
    finally:
        highlight._may_match = original
