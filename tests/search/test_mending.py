from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.search.base import Query
from kb.search.memory import MemoryEngine
from kb.search.mending import Mender, Speller, distance, english, likely
from kb.search.query import parse
from kb.search.widen import Vocabulary
from tests.search.bases import base

BACKEND = MemoryEngine().open(base())
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "slips.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "other", "slips"),
    [
        ("mood", "mood", 0),
        ("mood", "moods", 1),
        ("mood", "modo", 1),
        ("mood", "wood", 1),
        ("mood", "omdo", 2),
        ("headache", "haedahce", 2),
        ("mood", "sleep", 3),
        ("mood", "moodiness", 3),
        ("", "ab", 2),
    ],
)
def test_distance(word, other, slips):
    assert distance(word, other, 2) == slips


def _by_the_book(word, other):
    """Return the distance of optimal string alignment by its definition."""
    if not word or not other:
        return len(word) + len(other)
    best = min(
        _by_the_book(word[1:], other) + 1,
        _by_the_book(word, other[1:]) + 1,
        _by_the_book(word[1:], other[1:]) + (word[0] != other[0]),
    )
    if word[:2] == other[1::-1] and len(word) > 1 and len(other) > 1:
        best = min(best, _by_the_book(word[2:], other[2:]) + 1)
    return best


_SHORT = st.text("abc", max_size=5)


@given(_SHORT, _SHORT, st.integers(1, 3))
def test_distance_is_that_of_the_definition_up_to_its_limit(word, other, most):
    assert distance(word, other, most) == min(_by_the_book(word, other), most + 1)


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        ("ketamne", "ketamine"),
        ("kteamine", "ketamine"),
        ("katemine", "ketamine"),
        ("ketamine", "ketamine"),
        ("kaetamnie", "ketamine"),
        ("aetamine", "ketamine"),
        ("slep", "sleep"),
        ("sleeep", "sleep"),
        ("moof", "mood"),  # four letters: one slip
        ("mofo", None),  # two
        ("woo", None),  # too short to mend
        ("hearache", "headache"),
        ("paon", "pain"),
        ("x" * 40, None),
        ("5%", None),
    ],
)
def test_mends(word, mended):
    mender = Mender({"ketamine": 90, "sleep": 4, "steep": 3, "mood": 9, "wood": 1, "headache": 2, "pain": 5, "paid": 1})
    assert mender.mend(word) == mended


def test_the_more_frequent_of_two_words_is_meant():
    assert Mender({"mood": 3, "moot": 7}).mend("moof") == "moot"
    assert Mender({"mood": 7, "moot": 3}).mend("moof") == "mood"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("night", "eight", False),  # another first letter
        ("bone", "one", False),
        ("rain", "pain", False),
        ("apin", "pain", True),  # the first two have changed places
        ("wine", "wide", False),  # keys far apart
        ("hose", "home", False),
        ("doze", "dose", True),  # keys side by side
        ("moof", "mood", True),
        ("vain", "vein", True),  # vowels
        ("pian", "pain", True),
        ("stres", "stress", True),
        ("pani", "pain", True),
        ("aetamine", "ketamine", True),  # long enough to be nothing else
        ("heqrtburn", "heartburn", True),
    ],
)
def test_a_short_word_is_mended_of_likely_slips_only(word, known, meant):
    assert likely(word, known) == meant
    assert (Mender({known: 9}).mend(word) == known) == meant


class _Words(NamedTuple):
    """Words that stand in entries; as stems they are left out here, since each is tried as it stands."""

    words: dict[str, int]

    def __contains__(self, stem: object) -> bool:
        return False


@pytest.mark.parametrize(("word", "mended"), CASES["slips"].items())
def test_what_is_spelt_right_is_left_alone(word, mended):
    speller = Speller(_Words(dict.fromkeys(CASES["known"], 1)), Vocabulary({}))
    assert speller.mended(parse(word), ()) == mended


def test_words_spelt_right_are_those_that_may_be_mended():
    assert len(english()) > 30_000
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) > 3 for word in english())


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("headache", None),
        ("headaches", None),  # another form of a word that is there
        ("headahce", "headache"),
        ('-"blod presure" TESTAMIEN?', '-"blood pressure" testamine?'),
        ("migrane", "migraine"),  # a word of the vocabulary
        ("migraine", None),  # it stands in no entry, and is no slip
        ("migraines", None),
        ("claim:headahce", "claim:headache"),
        ("verdict:suported", "verdict:supported"),
        ('theme:"slep" feeel', 'theme:"sleep" feel'),
        ("headahce*", None),
        ("zebra", None),
        ("-zebraa", None),
        ("the", None),
        ("", None),
    ],
)
def test_suggests(text, suggestion):
    assert BACKEND.search(Query(text)).suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("headahce", True),
        ("testamine headahce", True),
        ("headache", False),
        ("zebra", False),
        ("verdict:suported", False),  # a value is offered, since nobody can tell that it was meant
        ("", False),
    ],
)
def test_says_where_what_is_suggested_was_looked_for_already(text, mended):
    page = BACKEND.search(Query(text))
    assert page.mended == mended
    assert any(note.startswith("looked for") for note in page.reading.notes) == mended


_TYPED = st.text(st.sampled_from('abdehlorstuwp -":*'), max_size=30)


@given(_TYPED)
def test_what_is_suggested_finds_something(text):
    suggestion = BACKEND.search(Query(text)).suggestion
    if suggestion is not None:
        assert BACKEND.search(Query(suggestion)).total or BACKEND.nearest(Query(suggestion))
