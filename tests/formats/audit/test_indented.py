"""The fast writer of indented JSON writes what the standard library writes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from kb.audit.base import Polarity
from kb.formats.audit.indented import dumps

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(Polarity)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


@given(_VALUES)
def test_it_writes_the_same_bytes_as_the_standard_library(value):
    assert dumps(value) == json.dumps(value, ensure_ascii=False, indent=1)
