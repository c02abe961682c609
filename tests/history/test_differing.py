"""Fields before and after."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.history import FieldChange, differences

A = {"reference": "a", "finding": "1"}
B = {"reference": "b", "finding": "2"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"claim": "x"}, {"claim": "y"}, [("claim", "x", "y")]),
        ({}, {"claim": "y"}, [("claim", None, "y")]),
        ({}, {"scope": {"drug": "x"}}, [("scope.drug", None, "x")]),
        ({}, {"evidence": [A]}, [("evidence[a]", None, A)]),
        ({}, {"evidence": []}, [("evidence", None, [])]),
        ({"scope": {"drug": "x"}}, {}, [("scope", {"drug": "x"}, None)]),
        ({"claim": "x"}, {}, [("claim", "x", None)]),
        ({"scope": {"drug": "x", "route": "r"}}, {"scope": {"drug": "y", "route": "r"}}, [("scope.drug", "x", "y")]),
        ({"themes": ["a"]}, {"themes": ["a", "b"]}, [("themes", ["a"], ["a", "b"])]),
        ({"evidence": [A, B]}, {"evidence": [A, B | {"finding": "3"}]}, [("evidence[b].finding", "2", "3")]),
        ({"evidence": [A, B]}, {"evidence": [B]}, [("evidence[a]", A, None)]),
        ({"evidence": [A]}, {"evidence": [B, A]}, [("evidence[b]", None, B)]),
        ({"evidence": [A, B]}, {"evidence": [B, A]}, [("evidence", ["a", "b"], ["b", "a"])]),
        ({"evidence": [A]}, {"evidence": [A, A]}, [("evidence[a, no. 2]", None, A)]),
        ({"recognise": [{"all": ["x"]}]}, {"recognise": [{"all": ["y"]}]}, [("recognise[0].all", ["x"], ["y"])]),
        ({"evidence": "odd"}, {"evidence": [A]}, [("evidence", "odd", [A])]),
    ],
)
def test_what_differs(old: dict[str, Any], new: dict[str, Any], found: list[tuple[str, Any, Any]]) -> None:
    assert differences(old, new) == tuple(FieldChange(*one) for one in found)


VALUES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["evidence", "reference", "x"]), inner),
    max_leaves=12,
)
ENTRIES = st.dictionaries(st.sampled_from(["evidence", "claim", "caveats"]), VALUES)


@given(ENTRIES, ENTRIES)
def test_something_is_said_exactly_where_something_differs(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert bool(differences(old, new)) == (old != new)
