from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.base import Completion
from kb.search.completing import MAX_CHARS
from kb.search.memory import MemoryEngine
from tests.search.bases import base

BACKEND = MemoryEngine().open(base())


def _shown(text, limit=8):
    return [(found.kind, found.text, found.id) for found in BACKEND.complete(text, limit)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "press",
            [
                ("word", "pressure", None),
                _PRESSURE := ("claim", "Blood pressure rises, and pains in the head follow.", "pressure"),
            ],
        ),
        ("blood press", [("word", "blood pressure", None), _PRESSURE]),
        ("PRESSURE", [_PRESSURE]),
        ("head blood", [_PRESSURE]),
        ("improv", [("word", "improves", None), ("theme", "sleep", "sleep")]),
        ("naus", [("word", "nausea", None), ("theme", "nausea", "nausea")]),
        ("-bladd", [("word", "-bladder", None)]),
        ("verdict:contes", []),
        ("queu", [("word", "queue", None), _ASKED := ("claim", "Guests are never kept waiting.", "welcome")]),
        ("long queue", [_ASKED]),
        ("long jumping", []),  # two ways of asking
        ("zebra", []),
        ("", []),
        (" \t?!", []),
        ("a " * MAX_CHARS, []),
    ],
)
def test_completes(text, found):
    assert _shown(text) == found


def test_claims_take_the_places_that_are_left():
    assert [kind for kind, *_ in _shown("te", 3)] == ["word", "word", "claim"]
    assert len(_shown("t", 2)) == 2


@given(st.text(st.characters(codec=None), max_size=60), st.integers(0, 9))
def test_anything_may_be_typed(text, limit):
    found = BACKEND.complete(text, limit)
    assert len(found) <= limit
    assert all(isinstance(each, Completion) and each.kind in {"word", "theme", "claim"} for each in found)
